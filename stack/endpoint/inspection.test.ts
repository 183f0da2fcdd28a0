import { createDecipheriv } from 'node:crypto';
import { expect, test } from 'vitest';
import { hex } from '../octets.ts';
import { clientExample, responderExample } from './testing/examples.ts';
import { ipPacket } from './testing/ip-packet.ts';
import { joined } from './testing/joined.ts';

const responderAddress = '198.18.2.10';
const natAddress = '198.18.1.2';

function connected() {
  const simulation = joined(
    'seed',
    { clientNat: natAddress },
    clientExample,
    responderExample(responderAddress),
  );
  const { internet, client, responder } = simulation;
  client.act((endpoint, now) => endpoint.connect(now));
  if (!internet.run(() => client.isUp && responder.isUp, 60_000)) throw new Error('not connected');
  internet.runTo(internet.now + 1000);
  return simulation;
}

test('both ends tell of the same SAs, one as the mirror of the other, and count what passes', () => {
  const { internet, client, responder } = connected();
  const seen = () => ({
    mine: client.endpoint.securityAssociations(),
    theirs: responder.endpoint.securityAssociations(),
  });
  const {
    mine: [inbound, outbound, ...more],
    theirs,
  } = seen();
  expect(more).toEqual([]);
  expect([inbound?.direction, outbound?.direction]).toEqual(['in', 'out']);
  const algorithms = { encryption: '3des-cbc', integrity: 'hmac-sha1-96' };
  expect(inbound).toMatchObject({ algorithms, encapsulation: 'udp' });
  expect(theirs).toMatchObject([
    { direction: 'in', spi: outbound?.spi, packets: outbound?.packets, octets: outbound?.octets },
    { direction: 'out', spi: inbound?.spi, packets: inbound?.packets, octets: inbound?.octets },
  ]);

  const packet = ipPacket('192.168.8.50', '192.168.2.10', 'to the office');
  client.act((endpoint, now) => endpoint.sendIp(packet, now));
  internet.runTo(internet.now + 1000);
  const [received] = seen().theirs;
  expect(received?.packets).toBe((theirs[0]?.packets ?? 0) + 1);
  // UDP (RFC 768), L2TP data with its length (RFC 2661 3.1), address, control and protocol of PPP (RFC 1662 3.1).
  expect(received?.octets).toBe((theirs[0]?.octets ?? 0) + 8 + 8 + 4 + packet.length);
});

test('what a path tells of its SAs is under the name that its facts bear', () => {
  const { responder } = connected();
  const paths = new Set(responder.endpoint.securityAssociations().map(({ path }) => path));
  expect([...paths]).toEqual([...responder.factsOnPath.keys()]);
});

test('the keys of ESP open what was on the wire', () => {
  const { internet, client, responder } = connected();
  const { esp } = client.endpoint.keys();
  const packets = internet.wire.filter(
    ({ payload, destination }) => destination.port === 4500 && payload[0] !== 0,
  );
  const spiOf = (octets: Uint8Array) => Buffer.from(octets).readUInt32BE(0);
  const toResponder = esp.find(({ destination }) => destination === responderAddress);
  const packet = packets.find(({ payload }) => payload.length > 50 && spiOf(payload) === toResponder?.spi);
  if (!toResponder || !packet) throw new Error('no ESP on the wire');
  // RFC 4303 2, RFC 2451 2.2, RFC 2404: SPI, sequence number, IV of 8 octets, and 12 octets of ICV at the end.
  const decipher = createDecipheriv(
    'des-ede3-cbc',
    toResponder.encryptionKey,
    packet.payload.subarray(8, 16),
  );
  decipher.setAutoPadding(false);
  const clear = decipher.update(packet.payload.subarray(16, -12));
  expect([clear.readUInt16BE(0), clear.readUInt16BE(2)]).toEqual([1701, 1701]);

  // The other end sees the client at its NAT, and has the same keys.
  const mirrored = responder.endpoint.keys().esp.map(({ source, destination, ...keys }) => keys);
  expect(mirrored.toSorted(bySpi)).toEqual(
    esp.map(({ source, destination, ...keys }) => keys).toSorted(bySpi),
  );
  expect(responder.endpoint.keys().esp).toContainEqual(
    expect.objectContaining({ source: natAddress, destination: responderAddress, spi: toResponder.spi }),
  );
});

const bySpi = (a: { readonly spi: number }, b: { readonly spi: number }) => a.spi - b.spi;

test('the key of IKE opens message 6, found by the initiator cookie', () => {
  const { internet, client, responder } = connected();
  const { ike } = client.endpoint.keys();
  expect(responder.endpoint.keys().ike.map(({ key }) => hex(key))).toEqual(ike.map(({ key }) => hex(key)));
  // Non-ESP marker, header of 28 octets with exchange type 2 (main mode) at 18; message 6 comes from the responder.
  const [message5, message6] = internet.wire
    .map(({ payload }) => payload)
    .filter((payload) => payload[0] === 0 && payload.length > 32 && payload[4 + 18] === 2)
    .map((payload) => payload.subarray(4));
  const [found] = ike;
  if (!message5 || !message6 || !found) throw new Error('no messages 5 and 6 on the wire');
  expect(hex(found.initiatorCookie)).toBe(hex(message6.subarray(0, 8)));
  // The IV is the last block of message 5 (RFC 2409 appendix B).
  const decipher = createDecipheriv('des-ede3-cbc', found.key, message5.subarray(-8));
  decipher.setAutoPadding(false);
  const clear = decipher.update(message6.subarray(28));
  // An ID payload, next HASH (8), of 12 octets: ID_IPV4_ADDR (1), then the responder's address (RFC 2407 4.6.2).
  expect([...clear.subarray(0, 5)]).toEqual([8, 0, 0, 12, 1]);
  expect([...clear.subarray(8, 12)]).toEqual([198, 18, 2, 10]);
});

test('after the end there is neither an SA nor a key', () => {
  const { internet, client, responder } = connected();
  client.act((endpoint, now) => endpoint.close(now));
  internet.runTo(internet.now + 10_000);
  for (const { endpoint } of [client, responder]) {
    expect(endpoint.securityAssociations()).toEqual([]);
    expect(endpoint.keys()).toEqual({ ike: [], esp: [] });
  }
});
