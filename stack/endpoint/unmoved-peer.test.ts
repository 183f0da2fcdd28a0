import { expect, test } from 'vitest';
import { clientExample, responderExample } from './testing/examples.ts';
import { ipPacket } from './testing/ip-packet.ts';
import { joined } from './testing/joined.ts';
import { minute, moves, office, one, publicAddress, sendDown, sendUp, setUp } from './testing/moving.ts';

/* What moves no peer, however it looks (RFC 3947 7). */
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
