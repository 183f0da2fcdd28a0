import { expect, test } from 'vitest';
import { Nat } from '../testing/internet.ts';
import { clientExample, responderExample } from './testing/examples.ts';
import { ipPacket } from './testing/ip-packet.ts';
import { joined } from './testing/joined.ts';
import {
  type Client,
  innerAddress,
  minute,
  moves,
  office,
  one,
  publicAddress,
  sendDown,
  sendUp,
  setUp,
  two,
} from './testing/moving.ts';

/* Mappings that change while tunnels are up, and are followed (RFC 3947 7, rule NAT-14). */
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
