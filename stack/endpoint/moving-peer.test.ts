import { expect, test } from 'vitest';
import { Internet, Nat } from '../testing/internet.ts';
import { perfect } from '../testing/simulation.ts';
import { ClientEndpoint } from './client.ts';
import type { ClientEndpointConfig, ResponderEndpointConfig } from './config.ts';
import { ResponderEndpoint } from './responder.ts';
import { clientExample, responderExample } from './testing/examples.ts';
import { ipPacket } from './testing/ip-packet.ts';
import { behindOneNat, EndpointHost, joined } from './testing/joined.ts';

/* Mappings that change while tunnels are up (RFC 3947 7, rule NAT-14). */
const publicAddress = '198.18.2.10';
const office = '192.168.2.10';
const minute = 60_000;
const proposal = { encryption: '3des-cbc', integrity: 'hmac-sha1-96', lifetimeSeconds: 3600 } as const;

/** Clients as alike as can be, behind a NAT that keeps no port. */
function setUp(
  count: number,
  change: (config: ClientEndpointConfig) => ClientEndpointConfig = (config) => config,
  publicNat = new Nat('198.18.1.10', false),
) {
  const users = Array.from({ length: count }, (_, index) => ({ name: `dialin${index}`, password: 'friend' }));
  const clients = users.map(({ name }, index): ClientEndpointConfig => {
    const { ike, l2tp, ppp } = clientExample;
    return change({
      ...clientExample,
      localAddress: `192.168.1.${10 + index}`,
      ike: { ...ike, keepaliveSeconds: 0, localPort: 1701 },
      l2tp: { ...l2tp, countsTunnels: true },
      ppp: { ...ppp, user: name, password: 'friend' },
    });
  });
  const responder: ResponderEndpointConfig = { ...responderExample(publicAddress), users };
  const setting = { nat: publicNat, ...behindOneNat(`${count} move`, publicNat, clients, responder) };
  for (const client of setting.clients) client.act((endpoint, now) => endpoint.connect(now));
  const up = setting.internet.run(() => setting.clients.every(({ isUp }) => isUp), 2 * minute);
  expect(up).toBe(true);
  return setting;
}

type Setting = ReturnType<typeof setUp>;
type Client = Setting['clients'][number];

function innerAddress(client: Client): string {
  const link = client.links.at(-1);
  return link?.effect === 'link-up' ? link.localAddress : 'none';
}

function sendUp({ internet }: Setting, client: Client, text: string): void {
  client.act((endpoint, now) => endpoint.sendIp(ipPacket(innerAddress(client), office, text), now));
  internet.runTo(internet.now + 100);
}

/** What of a packet from the office arrives at each client. */
function sendDown({ internet, responder, clients }: Setting, to: Client, text: string): string[] {
  for (const client of clients) client.delivered.length = 0;
  const packet = ipPacket(office, innerAddress(to), text);
  responder.act((endpoint, now) => endpoint.sendIp(packet, now));
  internet.runTo(internet.now + 100);
  return clients.filter(({ delivered }) => delivered.length > 0).map(({ address }) => address);
}

const moves = ({ responder }: Setting) => responder.facts.filter(({ fact }) => fact === 'peer-moved');

/** The clients of a setting that must have that many. */
function two({ clients }: Setting): readonly [Client, Client] {
  const [first, second] = clients;
  if (first === undefined || second === undefined) throw new Error('two clients');
  return [first, second];
}

function one({ clients: [client] }: Setting): Client {
  if (client === undefined) throw new Error('one client');
  return client;
}

test('after a rebinding traffic to the client is lost until it sends, and arrives from then on (rule NAT-14 a)', () => {
  const setting = setUp(1);
  const client = one(setting);
  expect(sendDown(setting, client, 'before')).toEqual([client.address]);
  setting.nat.rebind(client.address);
  expect(sendDown(setting, client, 'lost')).toEqual([]);
  sendUp(setting, client, 'here I am');
  expect(sendDown(setting, client, 'after')).toEqual([client.address]);
  expect(moves(setting)).toHaveLength(1);
});

test('a new public address as well (rule NAT-14 b): checksums are those that NAT-OA told of', () => {
  for (const revision of ['rfc3947', 'draft-02n'] as const) {
    const setting = setUp(1, (config) => ({ ...config, ike: { ...config.ike, natTraversal: [revision] } }));
    const client = one(setting);
    setting.nat.readdress('198.18.1.99');
    setting.nat.rebind(client.address);
    sendUp(setting, client, 'here I am');
    expect(sendDown(setting, client, 'after')).toEqual([client.address]);
    expect(moves(setting)).toMatchObject([{ to: { ip: '198.18.1.99' } }]);
    expect(client.fact('packet-dropped')).toBeUndefined();
  }
});

test('a keepalive moves nothing: it is not authentic (RFC 3947 7)', () => {
  const setting = setUp(1, (config) => ({ ...config, ike: { ...config.ike, keepaliveSeconds: 5 } }));
  const client = one(setting);
  setting.nat.rebind(client.address);
  setting.internet.wire.length = 0;
  setting.internet.runTo(setting.internet.now + 6000);
  expect(setting.internet.wire.some(({ payload }) => payload.length === 1)).toBe(true);
  expect(moves(setting)).toEqual([]);
  expect(sendDown(setting, client, 'lost')).toEqual([]);
});

test('a keepalive says nothing: not even that its sender lives (RFC 3948 4)', () => {
  const setting = setUp(1);
  const { internet, responder } = setting;
  const [before, told] = [responder.endpoint.deadline(), responder.facts.length];
  const peer = setting.responder.fact('phase1-established') && { ip: '198.18.1.10', port: 61_001 };
  if (peer === undefined) throw new Error('nobody is connected');
  for (const port of [500, 4500]) {
    const keepalive = { local: { ip: publicAddress, port }, peer, payload: Uint8Array.of(0xff) };
    expect(responder.endpoint.receiveUdp(keepalive, internet.now)).toEqual([]);
  }
  expect([responder.endpoint.deadline(), responder.facts.length]).toEqual([before, told]);
});

test('no packet that is forged, damaged or replayed moves a peer', () => {
  const setting = setUp(1);
  const client = one(setting);
  const { internet, responder } = setting;
  internet.wire.length = 0;
  sendUp(setting, client, 'real');
  const sent = internet.wire.find(({ destination }) => destination.ip === publicAddress);
  if (sent === undefined) throw new Error('no packet');
  const attacker = { ip: '198.18.66.66', port: 4500 };
  const local = { ip: publicAddress, port: 4500 };
  const give = (payload: Uint8Array) =>
    responder.act((endpoint, now) => endpoint.receiveUdp({ local, peer: attacker, payload }, now));
  const damaged = sent.payload.slice();
  damaged[7] = 200;
  give(sent.payload);
  give(damaged);
  give(sent.payload.subarray(0, 20));
  give(Uint8Array.of(0xff));
  give(new Uint8Array(60));
  expect(moves(setting)).toEqual([]);
  const reasons = responder.facts.flatMap((fact) => (fact.fact === 'packet-dropped' ? [fact.reason] : []));
  expect(reasons).toEqual(expect.arrayContaining(['replayed', 'bad-icv']));
  expect(sendDown(setting, client, 'still there')).toEqual([client.address]);
});

test('everything that a client ever sent, sent again from elsewhere, moves nobody', () => {
  const setting = setUp(1, (config) => ({ ...config, ike: { ...config.ike, keepaliveSeconds: 5 } }));
  const client = one(setting);
  const { internet, responder } = setting;
  internet.runTo(internet.now + 6000);
  const attacker = { ip: '198.18.66.66', port: 4500 };
  const said = internet.wire.filter(({ destination }) => destination.ip === publicAddress);
  expect(said.length).toBeGreaterThan(15);
  for (const { destination: local, payload } of said) {
    responder.act((endpoint, now) => endpoint.receiveUdp({ local, peer: attacker, payload }, now));
  }
  expect(moves(setting)).toEqual([]);
  expect(sendDown(setting, client, 'still there')).toEqual([client.address]);
});

test('what comes to port 500 after the change of ports moves nothing, authentic as it is (RFC 3947 4)', () => {
  const setting = setUp(1);
  const client = one(setting);
  const { internet, responder } = setting;
  let redirected = 0;
  internet.tamper = (datagram) => {
    const marked = datagram.payload.subarray(0, 4).every((octet) => octet === 0);
    if (datagram.destination.ip !== publicAddress || !marked) return datagram;
    redirected++;
    const source = { ip: '198.18.66.66', port: 500 };
    return { source, destination: { ip: publicAddress, port: 500 }, payload: datagram.payload.subarray(4) };
  };
  client.act((endpoint, now) => endpoint.close(now));
  internet.runTo(internet.now + 1000);
  expect(redirected).toBeGreaterThan(0);
  expect(moves(setting)).toEqual([]);
  expect(responder.facts.some(({ fact }) => fact === 'closed')).toBe(true);
});

test('a packet that was overtaken on the way does not move the peer back', () => {
  const setting = setUp(1);
  const client = one(setting);
  const { internet, nat, responder } = setting;
  const held: (typeof internet.wire)[number][] = [];
  internet.tamper = (datagram) => {
    held.push(datagram);
    return undefined;
  };
  sendUp(setting, client, 'slow');
  internet.tamper = (datagram) => datagram;
  nat.rebind(client.address);
  sendUp(setting, client, 'fast');
  expect(moves(setting)).toHaveLength(1);
  const [slow] = held;
  if (slow === undefined) throw new Error('nothing was held back');
  const { source: peer, destination: local, payload } = slow;
  responder.delivered.length = 0;
  responder.act((endpoint, now) => endpoint.receiveUdp({ local, peer, payload }, now));
  // It is delivered, for it is authentic and no repetition.
  expect(responder.delivered).toHaveLength(1);
  expect(moves(setting)).toHaveLength(1);
  expect(sendDown(setting, client, 'after')).toEqual([client.address]);
});

test('two clients whose mappings swap: each is followed, and neither gets the traffic of the other', () => {
  const setting = setUp(2);
  const [first, second] = two(setting);
  const { nat } = setting;
  nat.swap(first.address, second.address);
  sendUp(setting, first, 'first');
  // Both are at one place now, as the responder sees it: what is for the second goes astray, to no effect.
  expect(sendDown(setting, first, 'to first')).toEqual([first.address]);
  expect(sendDown(setting, second, 'to second')).toEqual([]);
  sendUp(setting, second, 'second');
  expect(sendDown(setting, first, 'to first')).toEqual([first.address]);
  expect(sendDown(setting, second, 'to second')).toEqual([second.address]);
  expect(setting.responder.endpoint.summary()).toMatchObject({ phase1: 2, phase2: 2, tunnels: 2, links: 2 });
});

test('a rebinding moves the path of that client alone', () => {
  const setting = setUp(3);
  const [first] = two(setting);
  setting.nat.rebind(first.address);
  sendUp(setting, first, 'here I am');
  expect(moves(setting)).toHaveLength(1);
  for (const client of setting.clients) expect(sendDown(setting, client, 'down')).toEqual([client.address]);
});

test('IKE goes where ESP has shown the peer to be: the responder closes, and the client hears of it', () => {
  const setting = setUp(1);
  const client = one(setting);
  const { internet, nat, responder } = setting;
  nat.rebind(client.address);
  sendUp(setting, client, 'here I am');
  responder.act((endpoint, now) => endpoint.close(now));
  internet.runTo(internet.now + minute);
  expect(client.links.at(-1)?.effect).toBe('link-down');
  expect(client.endpoint.summary()).toMatchObject({ phase1: 0, phase2: 0 });
});

test('IKE alone moves ESP as well: the client deletes from a new port and is answered there', () => {
  const setting = setUp(2);
  const [first, second] = two(setting);
  const { internet, nat, responder } = setting;
  nat.rebind(first.address);
  first.act((endpoint, now) => endpoint.close(now));
  expect(internet.run(() => responder.endpoint.summary().phase1 === 1, internet.now + minute)).toBe(true);
  expect(sendDown(setting, second, 'down')).toEqual([second.address]);
});

test.each([
  ['keeps no port', 'endpoint-independent', 5],
  ['is symmetric', 'symmetric', 5],
] as const)(
  'five clients carry traffic both ways through a NAT that %s and rebinds every few seconds',
  (_name, kind, count) => {
    const setting = setUp(count, undefined, new Nat('198.18.1.10', false, [], kind));
    const { internet, nat, clients, responder } = setting;
    let turn = 0;
    internet.every(3000, () => {
      const client = clients[turn++ % clients.length];
      if (client !== undefined) nat.rebind(client.address);
    });
    for (const client of clients) client.delivered.length = 0;
    responder.delivered.length = 0;
    const rounds = 60;
    for (let round = 0; round < rounds; round++) {
      for (const client of clients) {
        const [own, text] = [innerAddress(client), `${client.address} ${round}`];
        client.act((endpoint, now) => endpoint.sendIp(ipPacket(own, office, text), now));
        internet.runTo(internet.now + 50);
        responder.act((endpoint, now) => endpoint.sendIp(ipPacket(office, own, text), now));
        internet.runTo(internet.now + 50);
      }
    }
    expect(responder.delivered).toHaveLength(rounds * count);
    for (const client of clients) {
      // A packet down may meet a mapping that has just gone: one for each rebinding of this client at the most.
      const rebindings = Math.ceil(turn / count);
      expect(client.delivered.length).toBeGreaterThanOrEqual(rounds - rebindings);
      const own = new Set(Array.from({ length: rounds }, (_, round) => text(client, round)));
      for (const packet of client.delivered)
        expect(own.has(Buffer.from(packet.subarray(20)).toString())).toBe(true);
    }
    expect(moves(setting).length).toBeGreaterThan(count);
    expect(responder.endpoint.summary()).toMatchObject({
      phase1: count,
      phase2: count,
      tunnels: count,
      links: count,
    });
  },
);

function text({ address }: Client, round: number): string {
  return `${address} ${round}`;
}

test('a rebinding in the middle of quick mode: message 2 answers where message 1 came from, and the SA follows', () => {
  const setting = joined(
    'quick',
    { clientNat: '198.18.1.2' },
    clientExample,
    responderExample(publicAddress),
  );
  const { internet, client, responder } = setting;
  let quickModes = 0;
  internet.tamper = (datagram) => {
    const quickMode = datagram.destination.port === 4500 && datagram.payload[22] === 32;
    // Message 1 arrives; before message 3 leaves the mapping is another.
    if (quickMode && ++quickModes === 1) client.nat?.rebind(client.address);
    return datagram;
  };
  client.act((endpoint, now) => endpoint.connect(now));
  expect(internet.run(() => client.isUp && responder.isUp, 2 * minute)).toBe(true);
  expect(responder.fact('peer-moved')).toBeDefined();
});

test('an initiator behind NAT follows nobody, for the responder it dialled does not move (RFC 3947 7)', () => {
  const forwards = { public: publicAddress, forwards: [500, 4500] };
  const setting = joined(
    'both',
    { clientNat: '198.18.1.2', responderNat: forwards },
    clientExample,
    responderExample('10.0.0.2'),
  );
  const { internet, client, responder } = setting;
  client.act((endpoint, now) => endpoint.connect(now));
  expect(internet.run(() => client.isUp && responder.isUp, 2 * minute)).toBe(true);
  // The next packets of the responder come from elsewhere, authentic as they are.
  internet.tamper = (datagram) =>
    datagram.source.ip === publicAddress
      ? { ...datagram, source: { ip: '198.18.66.66', port: 4500 } }
      : datagram;
  const link = client.links.at(-1);
  const inner = link?.effect === 'link-up' ? link.localAddress : '';
  responder.act((endpoint, now) => endpoint.sendIp(ipPacket(office, inner, 'from elsewhere'), now));
  internet.runTo(internet.now + 100);
  expect(client.delivered).toHaveLength(1);
  expect(client.fact('peer-moved')).toBeUndefined();
  internet.tamper = (datagram) => datagram;
  client.act((endpoint, now) => endpoint.sendIp(ipPacket(inner, office, 'to the old place'), now));
  internet.runTo(internet.now + 100);
  expect(responder.delivered).toHaveLength(1);
});

test('without a NAT nobody is followed, authentic or not', () => {
  const setting = joined('none', {}, clientExample, responderExample(publicAddress));
  const { internet, client, responder } = setting;
  client.act((endpoint, now) => endpoint.connect(now));
  expect(internet.run(() => client.isUp && responder.isUp, 2 * minute)).toBe(true);
  internet.tamper = (datagram) =>
    datagram.source.ip === client.address
      ? { ...datagram, source: { ...datagram.source, ip: '198.18.66.66' } }
      : datagram;
  client.act((endpoint, now) => endpoint.close(now));
  internet.runTo(internet.now + minute);
  expect(responder.fact('peer-moved')).toBeUndefined();
});

test.each(['transport', 'tunnel'] as const)(
  'clients of one private address in homes of their own, in %s mode, each have their own traffic (RFC 3948 5.1, 5.2)',
  (mode) => {
    const internet = new Internet(`homes ${mode}`, perfect);
    const example = responderExample(publicAddress);
    const proposals = [{ ...proposal, ...(mode === 'tunnel' && { mode }) }];
    const users = ['dialin0', 'dialin1'].map((name) => ({ name, password: 'friend' }));
    const policies = [{ name: 'all_roaming', protocol: 17, localPort: 1701, proposals }];
    const config = { ...example, users, ike: { ...example.ike, policies } };
    const endpoint = new ResponderEndpoint(config, internet.randomOf('responder'));
    const responder = new EndpointHost(internet, publicAddress, undefined, endpoint);
    const clients = users.map(({ name }, index) => {
      const { ike, l2tp, ppp } = clientExample;
      const own: ClientEndpointConfig = {
        ...clientExample,
        ike: { ...ike, phase2: proposals, localPort: 1701, initialContact: true },
        l2tp: { ...l2tp, countsTunnels: true },
        ppp: { ...ppp, user: name, password: 'friend' },
      };
      const nat = new Nat(`198.18.1.${10 + index}`, true);
      return new EndpointHost(
        internet,
        own.localAddress,
        nat,
        new ClientEndpoint(own, internet.randomOf(name)),
      );
    });
    for (const client of clients) client.act((each, now) => each.connect(now));
    expect(internet.run(() => clients.every(({ isUp }) => isUp), 2 * minute)).toBe(true);
    expect(responder.endpoint.summary()).toMatchObject({ phase1: 2, phase2: 2, tunnels: 2, links: 2 });
    const packets = clients.map((client) => ipPacket(office, innerAddress(client), innerAddress(client)));
    for (const packet of packets) responder.act((each, now) => each.sendIp(packet, now));
    internet.runTo(internet.now + 100);
    expect(clients.map(({ delivered }) => delivered)).toEqual(packets.map((packet) => [packet]));
  },
);
