import { expect, test } from 'vitest';
import type { Opened } from '../esp/packet.ts';
import { buildIpv4, type Ipv4Packet, ipv4Packet, parseIpv4 } from '../ip/ipv4.ts';
import { buildUdp } from '../ip/udp.ts';
import type { SaPair, TrafficSelector } from '../sa.ts';
import { outsideSelectors, readInner, writeInner } from './inner-datagram.ts';

const [client, responder] = ['10.0.0.5', '198.18.2.10'];
const selector = (ip: string, protocol = 17, port = 1701): TrafficSelector => ({ ip, protocol, port });

/** As the responder sees it, with the client behind a NAT. */
function pairOf(mode: SaPair['mode'], changes: Partial<SaPair> = {}): SaPair {
  const parameters = {
    spi: 1,
    algorithms: { encryption: 'null', integrity: 'hmac-sha1-96' },
    encryptionKey: new Uint8Array(0),
    integrityKey: new Uint8Array(20),
  } as const;
  return {
    inbound: parameters,
    outbound: parameters,
    mode,
    encapsulation: 'udp',
    local: { ip: responder, port: 4500 },
    peer: { ip: '198.18.1.2', port: 4500 },
    localSelector: selector(responder),
    peerSelector: selector(client),
    lifetimeSeconds: 3600,
    ...changes,
  };
}

const payload = Uint8Array.from([0xc8, 2, 0, 12]);
const datagram = { sourcePort: 1701, destinationPort: 1701, payload };
const inner = { source: client, destination: responder };

/** What the responder reads of these octets; TFC padding may follow them. */
function read(pair: SaPair, bytes: Uint8Array, nextHeader: number, padding = 0) {
  const pool = new Uint8Array(7 + bytes.length + padding).fill(0xee);
  pool.set(bytes, 7);
  const opened: Opened = { offset: 7, length: bytes.length + padding, nextHeader };
  return readInner(pool, opened, pair, undefined);
}

/** A packet from the client through the tunnel. */
function tunnelled(changes: Partial<Ipv4Packet> = {}, udp = buildUdp(datagram, inner)): Uint8Array {
  return buildIpv4(ipv4Packet({ ...inner, protocol: 17, payload: udp, ...changes }));
}

const tunnel = pairOf('tunnel');
const transport = pairOf('transport');
const arrived = { source: { ip: client, port: 1701 }, destinationPort: 1701, payload };

test('a datagram through a tunnel is an IPv4 packet between the addresses of the selectors', () => {
  const pool = new Uint8Array(100);
  const outer = { source: '1.2.3.4', destination: '5.6.7.8' };
  const written = writeInner(pool, 5, tunnel, outer, datagram);
  expect(written).toEqual({ length: 32, nextHeader: 4 });
  const packet = parseIpv4(pool.subarray(5, 5 + written.length));
  if (!packet.ok) throw new Error(packet.error.detail);
  const back = { source: responder, destination: client };
  expect(packet.value).toMatchObject({ ...back, protocol: 17, dontFragment: true, timeToLive: 64 });
  expect(packet.value.payload).toEqual(buildUdp(datagram, back));
});

test('in transport mode it is the UDP datagram alone', () => {
  const pool = new Uint8Array(100);
  const outer = { source: responder, destination: '198.18.1.2' };
  expect(writeInner(pool, 5, transport, outer, datagram)).toEqual({ length: 12, nextHeader: 17 });
  expect(pool.slice(5, 17)).toEqual(buildUdp(datagram, outer));
});

test('what comes out of a tunnel needs no repair behind NAT, and has the inner source', () => {
  expect(read(tunnel, tunnelled(), 4)).toEqual(arrived);
});

test('padding behind the payload is no part of it, in either mode (RFC 4303 2.7)', () => {
  expect(read(tunnel, tunnelled(), 4, 200)).toEqual(arrived);
  const outer = { source: '198.18.1.2', destination: responder };
  expect(read(transport, buildUdp(datagram, outer), 17, 200)).toMatchObject({ payload });
});

test.each([
  ['another source', tunnelled({ source: '10.0.0.6' })],
  ['another destination', tunnelled({ destination: '198.18.2.11' })],
  ['another protocol', tunnelled({ protocol: 6 })],
  ['another source port', tunnelled({}, buildUdp({ ...datagram, sourcePort: 1702 }, inner))],
  ['another destination port', tunnelled({}, buildUdp({ ...datagram, destinationPort: 53 }, inner))],
])('a tunnelled packet with %s is outside the selectors (RFC 4301 5.2)', (_, packet) => {
  const drop = read(tunnel, packet, 4);
  expect(drop).toMatchObject({ reason: 'no-ipsec-policy' });
  expect('detail' in drop && drop.detail).toContain('outside the selectors');
});

test('selectors of any protocol and port take what those of UDP 1701 do not', () => {
  const any = pairOf('tunnel', {
    peerSelector: selector(client, 0, 0),
    localSelector: selector(responder, 0, 0),
  });
  const packet = tunnelled({}, buildUdp({ ...datagram, sourcePort: 1702 }, inner));
  expect(read(any, packet, 4)).toMatchObject({ source: { port: 1702 } });
  expect(read(any, tunnelled({ protocol: 1 }), 4)).toMatchObject({ reason: 'unexpected' });
});

test('a tunnel carries whole and true IPv4 packets, and nothing else', () => {
  const damaged = tunnelled();
  damaged[10] = (damaged[10] ?? 0) ^ 1;
  expect(read(tunnel, damaged, 4)).toMatchObject({ reason: 'malformed' });
  expect(read(tunnel, tunnelled().subarray(0, 19), 4)).toMatchObject({ reason: 'malformed' });
  expect(read(tunnel, tunnelled({}, payload), 4)).toMatchObject({ reason: 'malformed' });
  expect(read(tunnel, buildUdp(datagram, inner), 17)).toMatchObject({ reason: 'unexpected' });
  expect(read(tunnel, tunnelled({ moreFragments: true }), 4)).toMatchObject({ reason: 'unexpected' });
  expect(read(tunnel, tunnelled({ fragmentOffset: 8 }), 4)).toMatchObject({ reason: 'unexpected' });
  const forged = buildUdp(datagram, { ...inner, source: '10.0.0.6' });
  expect(read(tunnel, tunnelled({}, forged), 4)).toMatchObject({ reason: 'bad-checksum' });
});

test('transport mode takes UDP between the ports of the selectors', () => {
  const outer = { source: '198.18.1.2', destination: responder };
  expect(read(transport, tunnelled(), 4)).toMatchObject({ reason: 'unexpected' });
  for (const ports of [{ sourcePort: 1702 }, { destinationPort: 53 }]) {
    const other = buildUdp({ ...datagram, ...ports }, outer);
    expect(read(transport, other, 17)).toMatchObject({ reason: 'no-ipsec-policy' });
  }
  const tcp = pairOf('transport', { peerSelector: selector(client, 6, 0) });
  expect(read(tcp, buildUdp(datagram, outer), 17)).toMatchObject({ reason: 'no-ipsec-policy' });
});

test('nothing leaves through an SA that was not negotiated for it (RFC 4301 4.4.1)', () => {
  expect(outsideSelectors(tunnel, datagram)).toBeUndefined();
  for (const ports of [{ sourcePort: 1702 }, { destinationPort: 53 }]) {
    expect(outsideSelectors(tunnel, { ...datagram, ...ports })).toMatchObject({ reason: 'no-ipsec-policy' });
  }
  const tcp = pairOf('tunnel', { localSelector: selector(responder, 6, 0) });
  expect(outsideSelectors(tcp, datagram)).toMatchObject({ reason: 'no-ipsec-policy' });
});

test('without addresses a datagram of transport mode has no checksum (RFC 768), and is taken from any', () => {
  const pool = new Uint8Array(100);
  const written = writeInner(pool, 5, transport, undefined, datagram);
  expect(pool.subarray(11, 13)).toEqual(Uint8Array.of(0, 0));
  expect(read(transport, pool.subarray(5, 5 + written.length), written.nextHeader)).toMatchObject({
    payload,
  });
});
