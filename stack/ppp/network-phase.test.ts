import { expect, test } from 'vitest';
import { perfect } from '../testing/simulation.ts';
import { encodeFrame, PppProtocol } from './frame.ts';
import { encodeOptions } from './option.ts';
import { encodePacket, PacketCode } from './packet.ts';
import {
  bringUp,
  comeDown,
  type LinkEnd,
  type LinkPair,
  linkOf,
  sentBy,
  start,
} from './testing/link-pair.ts';

const ccp = { supportedBits: 0x01000001 };

function hear(
  pair: LinkPair,
  end: LinkEnd,
  protocol: number,
  code: number,
  identifier: number,
  data: Uint8Array,
): void {
  const frame = encodeFrame(protocol, encodePacket({ code, identifier, data }));
  end.perform(end.engine.receive(frame, pair.simulation.now));
}

function of(end: LinkEnd, protocol: number, code: number) {
  return sentBy(end).filter((packet) => packet.protocol === protocol && packet.code === code);
}

test('IPV6CP opens beside IPCP where both have it, and IPv6 packets pass', () => {
  const pair = linkOf(70, perfect, { client: { ipv6cp: true }, server: { ipv6cp: true } });
  expect(bringUp(pair)).toBe(true);
  pair.simulation.runTo(1000);
  const [client, server] = [pair.client, pair.server].map((end) =>
    end.facts.find((fact) => fact.fact === 'ipv6cp-opened'),
  );
  expect(client?.localIdentifier).toMatch(/^[0-9a-f]{16}$/);
  expect(client?.localIdentifier).toBe(server?.peerIdentifier);
  expect(client?.peerIdentifier).toBe(server?.localIdentifier);
  const packet = Uint8Array.of(0x60, 1, 2);
  pair.client.perform(pair.client.engine.sendIp(packet));
  expect(pair.client.sent.at(-1)?.subarray(0, 4)).toEqual(Uint8Array.of(0xff, 3, 0, 0x57));
  pair.simulation.run(() => pair.server.packets.length > 0, 2000);
  expect(pair.server.packets).toEqual([packet]);
});

test('without IPV6CP it gets a Protocol-Reject, the other side stops it, and the link comes up', () => {
  const pair = linkOf(71, perfect, { client: { ipv6cp: true } });
  expect(bringUp(pair)).toBe(true);
  pair.simulation.runTo(60_000);
  expect(of(pair.client, PppProtocol.ipv6cp, PacketCode.configureRequest)).toHaveLength(1);
  expect(of(pair.server, PppProtocol.lcp, PacketCode.protocolReject)).toHaveLength(1);
  expect([pair.client.downs, pair.server.downs]).toEqual([[], []]);
  expect(pair.client.engine.sendIp(Uint8Array.of(0x60))).toEqual([]);
});

test('CCP that gets a Protocol-Reject is not sent again (RFC 1661 5.7)', () => {
  const pair = linkOf(72, perfect, { client: { ccp } });
  expect(bringUp(pair)).toBe(true);
  pair.simulation.runTo(60_000);
  const sent = sentBy(pair.client).filter(({ protocol }) => protocol === PppProtocol.ccp);
  expect(sent.map(({ code }) => code)).toEqual([PacketCode.configureRequest]);
  expect(pair.client.downs).toEqual([]);
});

test('CCP whose options are rejected is terminated, and the link goes on', () => {
  const pair = linkOf(73, perfect, { client: { ccp }, server: { rejectsCcpOptions: true } });
  expect(bringUp(pair)).toBe(true);
  pair.simulation.runTo(60_000);
  expect(of(pair.server, PppProtocol.ccp, PacketCode.configureReject).map(({ data }) => data)).toEqual([
    Uint8Array.of(18, 6, 1, 0, 0, 1),
  ]);
  expect(of(pair.server, PppProtocol.lcp, PacketCode.protocolReject)).toEqual([]);
  expect(of(pair.client, PppProtocol.ccp, PacketCode.terminateRequest)).toHaveLength(1);
  expect(of(pair.server, PppProtocol.ccp, PacketCode.terminateAck)).toHaveLength(1);
  expect([pair.client.downs, pair.server.downs]).toEqual([[], []]);
});

test('CCP that is granted ends at once: nothing here compresses', () => {
  const pair = linkOf(74, perfect, { client: { ccp } });
  pair.server.corrupt = (bytes) => (bytes[2] === 0xc0 && bytes[4] === 8 ? new Uint8Array() : bytes);
  bringUp(pair);
  const [request] = of(pair.client, PppProtocol.ccp, PacketCode.configureRequest);
  if (request === undefined) throw new Error('no CCP');
  hear(pair, pair.client, PppProtocol.ccp, PacketCode.configureAck, request.identifier, request.data);
  hear(pair, pair.client, PppProtocol.ccp, PacketCode.configureRequest, 9, new Uint8Array());
  expect(of(pair.client, PppProtocol.ccp, PacketCode.terminateRequest)).toHaveLength(1);
  expect(pair.client.downs).toEqual([]);
});

test.each([0x8029, 0xc020, 0x802b, 0x803d, 0x8281, 0xc029, 0xc023, 0x003d, 0x002d, 0x0057])(
  'protocol %i, which is not spoken, is rejected with its packet (RFC 1661 5.7)',
  (protocol) => {
    const pair = linkOf(75, perfect);
    bringUp(pair);
    const information = Uint8Array.of(1, 5, 0, 6, 9, 9);
    pair.server.perform(pair.server.engine.receive(encodeFrame(protocol, information), pair.simulation.now));
    const reject = sentBy(pair.server).at(-1);
    expect(reject).toMatchObject({ protocol: PppProtocol.lcp, code: PacketCode.protocolReject });
    expect(reject?.data).toEqual(Uint8Array.of(protocol >> 8, protocol & 0xff, ...information));
    expect(pair.server.downs).toEqual([]);
  },
);

test('WINS servers are given like name servers, and told (RFC 1877 1.2, 1.4)', () => {
  const pair = linkOf(76, perfect, {
    client: { requestsWins: true },
    server: { dns: ['10.0.0.53', '10.0.0.54'], wins: ['10.0.0.63', '10.0.0.64'] },
  });
  expect(bringUp(pair)).toBe(true);
  expect(pair.client.facts.at(-1)).toEqual({
    fact: 'ipcp-opened',
    localAddress: '10.0.0.9',
    peerAddress: '10.0.0.1',
    dns: ['10.0.0.53', '10.0.0.54'],
    wins: ['10.0.0.63', '10.0.0.64'],
  });
});

test('a client that insists on an address gets it, or no link', () => {
  const right = linkOf(77, perfect, { client: { address: '10.0.0.9' } });
  expect(bringUp(right)).toBe(true);
  const wrong = linkOf(78, perfect, { client: { address: '10.0.0.7' } });
  start(wrong);
  expect(comeDown(wrong)).toBe(true);
  expect(wrong.client.failure).toEqual({
    fact: 'ppp-failed',
    layer: 'ipcp',
    reason: 'address-refused',
    detail: 'the peer gives 10.0.0.9, and this client insists on 10.0.0.7',
  });
});

test('a client that asks for another address for ever is refused by the server', () => {
  const pair = linkOf(79, perfect);
  pair.client.corrupt = (bytes) => (bytes[2] === 0x80 ? new Uint8Array() : bytes);
  start(pair);
  pair.simulation.run(() => sentBy(pair.server).some(({ protocol }) => protocol === PppProtocol.ipcp), 1000);
  const data = encodeOptions([{ type: 3, data: Uint8Array.of(10, 0, 0, 7) }]);
  for (let identifier = 50; identifier < 60; identifier++) {
    hear(pair, pair.server, PppProtocol.ipcp, PacketCode.configureRequest, identifier, data);
  }
  expect(pair.server.failure).toEqual({
    fact: 'ppp-failed',
    layer: 'ipcp',
    reason: 'address-refused',
    detail: 'the client does not take 10.0.0.9',
  });
});

test.each(['client', 'server'] as const)('two ends with one address are a conflict for the %s', (name) => {
  const pair = linkOf(80, perfect, { server: { allocate: () => '10.0.0.1' } });
  start(pair);
  expect(comeDown(pair)).toBe(true);
  const told = [pair.client, pair.server].map((end) => end.failure?.reason);
  expect(told).toContain('address-conflict');
  expect(pair[name].ups).toEqual([]);
});

test('a Protocol-Reject of IPCP is told for what it is before the link is up', () => {
  const pair = linkOf(81, perfect);
  pair.server.corrupt = (bytes) => (bytes[2] === 0x80 ? new Uint8Array() : bytes);
  start(pair);
  pair.simulation.run(() => sentBy(pair.client).some(({ protocol }) => protocol === PppProtocol.ipcp), 1000);
  hear(
    pair,
    pair.client,
    PppProtocol.lcp,
    PacketCode.protocolReject,
    1,
    Uint8Array.of(0x80, 0x21, 1, 1, 0, 4),
  );
  expect(pair.client.failure).toMatchObject({
    layer: 'ipcp',
    reason: 'option-refused',
    detail: 'the peer rejects IPCP',
  });
});

test('an IP packet above the MRU is not sent (RFC 1332 2)', () => {
  const pair = linkOf(82, perfect);
  bringUp(pair);
  const packet = new Uint8Array(1401).fill(0x45);
  expect(pair.client.engine.sendIp(packet)).toMatchObject([
    { effect: 'fact', fact: { fact: 'packet-dropped', reason: 'unexpected' } },
  ]);
  expect(pair.client.engine.sendIp(packet.subarray(1))).toMatchObject([{ effect: 'send-ppp' }]);
});
