import { expect, test } from 'vitest';
import { deaf, perfect } from '../testing/simulation.ts';
import { encodeFrame, PppProtocol } from './frame.ts';
import { encodePacket, PacketCode } from './packet.ts';
import { bringUp, linkOf, sentBy } from './testing/link-pair.ts';

test('a silent peer is found by its missing echo replies (PPP-8)', () => {
  const pair = linkOf(18, perfect, { client: { echoSeconds: 0 } });
  bringUp(pair);
  pair.simulation.runTo(300_000);
  expect(pair.server.downs).toEqual([]);
  const silence = pair.simulation.now;
  pair.simulation.impairment = deaf;
  expect(pair.simulation.run(() => pair.server.downs.length > 0, 900_000)).toBe(true);
  expect(pair.server.facts.at(-1)).toMatchObject({ fact: 'closed', layer: 'ppp', by: 'timeout' });
  // Three requests of 30 s each stay unanswered; the first of them goes up to 30 s after the silence begins.
  expect(pair.simulation.now - silence).toBeLessThanOrEqual(4 * 30_000);
  expect(pair.simulation.now - silence).toBeGreaterThan(3 * 30_000 - 1);
});

test('echo requests carry the magic number and are answered with the other one and the same data', () => {
  const pair = linkOf(19, perfect);
  bringUp(pair);
  const before = pair.client.sent.length;
  const data = Buffer.concat([Uint8Array.of(9, 9, 9, 9), Buffer.from('probe')]);
  const echo = encodePacket({ code: PacketCode.echoRequest, identifier: 7, data });
  pair.client.perform(pair.client.engine.receive(encodeFrame(PppProtocol.lcp, echo), 100));
  const [reply] = sentBy(pair.client).slice(before);
  expect(reply).toMatchObject({ code: PacketCode.echoReply, identifier: 7 });
  expect(Buffer.from(reply?.data.subarray(4) ?? []).toString()).toBe('probe');
  expect(reply?.data.subarray(0, 4)).not.toEqual(Uint8Array.of(9, 9, 9, 9));
});

test('echo replies with our own magic number are no sign of life', () => {
  const pair = linkOf(31, perfect);
  bringUp(pair);
  pair.server.connect((bytes) => {
    const [last] = sentBy(pair.server).slice(-1);
    if (bytes[2] !== 0xc0 || last?.code !== PacketCode.echoRequest) return;
    const looped = encodeFrame(PppProtocol.lcp, encodePacket({ ...last, code: PacketCode.echoReply }));
    pair.server.perform(pair.server.engine.receive(looped, pair.simulation.now));
  });
  expect(pair.simulation.run(() => pair.server.downs.length > 0, 900_000)).toBe(true);
  expect(pair.server.facts.at(-1)).toMatchObject({ by: 'timeout' });
});

test('CCP and IPV6CP get a Protocol-Reject, and the link stays', () => {
  const pair = linkOf(20, perfect);
  bringUp(pair);
  for (const number of [0x80fd, 0x8057]) {
    const request = Uint8Array.of(1, 5, 0, 10, 18, 6, 1, 0, 0, 1);
    pair.server.perform(pair.server.engine.receive(encodeFrame(number, request), pair.simulation.now));
    const reject = sentBy(pair.server).at(-1);
    expect(reject).toMatchObject({ protocol: PppProtocol.lcp, code: PacketCode.protocolReject });
    expect(reject?.data).toEqual(Uint8Array.from([number >> 8, number & 0xff, ...request]));
  }
  expect(pair.server.downs).toEqual([]);
});

test('before the network phase CCP and IPCP are discarded (RFC 1661 3.5)', () => {
  const { client, server, simulation } = linkOf(29, perfect);
  client.corrupt = (bytes) => (bytes[2] === 0xc2 ? new Uint8Array() : bytes);
  client.perform(client.engine.start(0));
  server.perform(server.engine.start(0));
  for (const number of [PppProtocol.ip, PppProtocol.ipcp, PppProtocol.chap, 0x80fd]) {
    const packet = encodePacket({ code: 1, identifier: 5, data: new Uint8Array() });
    // While LCP is not open, either (3.4).
    expect(server.engine.receive(encodeFrame(number, packet), 0)).toEqual([]);
  }
  simulation.run(() => server.facts.length > 0, 1000);
  const before = server.sent.length;
  for (const number of [0x80fd, PppProtocol.ipcp]) {
    const request = encodePacket({
      code: PacketCode.configureRequest,
      identifier: 5,
      data: new Uint8Array(),
    });
    server.perform(server.engine.receive(encodeFrame(number, request), simulation.now));
  }
  expect(server.sent).toHaveLength(before);
});

test('an unknown LCP code gets a Code-Reject', () => {
  const pair = linkOf(21, perfect);
  bringUp(pair);
  const odd = encodePacket({ code: 77, identifier: 3, data: Uint8Array.of(1, 2) });
  pair.server.perform(pair.server.engine.receive(encodeFrame(PppProtocol.lcp, odd), pair.simulation.now));
  const reject = sentBy(pair.server).at(-1);
  expect(reject).toMatchObject({ code: PacketCode.codeReject, data: odd });
  expect(pair.server.downs).toEqual([]);
});

test('a peer without Echo is not watched', () => {
  const pair = linkOf(23, perfect);
  bringUp(pair);
  const reject = encodePacket({
    code: PacketCode.codeReject,
    identifier: 1,
    data: Uint8Array.of(9, 1, 0, 8),
  });
  pair.server.perform(pair.server.engine.receive(encodeFrame(PppProtocol.lcp, reject), pair.simulation.now));
  pair.simulation.impairment = deaf;
  pair.simulation.runTo(900_000);
  expect(pair.server.downs).toEqual([]);
});

test('Discard-Request, Identification and Time-Remaining are taken without an answer (RFC 1661 5.9, RFC 1570 2)', () => {
  const pair = linkOf(92, perfect);
  bringUp(pair);
  const before = pair.server.sent.length;
  const facts = pair.server.facts.length;
  const data = Buffer.concat([Uint8Array.of(1, 2, 3, 4), Buffer.from('who\n')]);
  for (const code of [PacketCode.discardRequest, PacketCode.identification, PacketCode.timeRemaining]) {
    const packet = encodeFrame(PppProtocol.lcp, encodePacket({ code, identifier: 1, data }));
    pair.server.perform(pair.server.engine.receive(packet, pair.simulation.now));
  }
  expect(pair.server.sent).toHaveLength(before);
  // What is no text is told in hexadecimal.
  expect(pair.server.facts.slice(facts)).toEqual([{ fact: 'ppp-identification', text: '77686f0a' }]);
});

test('Echo and Protocol-Reject are silently discarded before LCP is open (RFC 1661 5.7, 5.8)', () => {
  const { server } = linkOf(93, perfect);
  server.perform(server.engine.start(0));
  const before = server.sent.length;
  for (const code of [PacketCode.echoRequest, PacketCode.protocolReject]) {
    const data = Uint8Array.of(0x80, 0x21, 1, 1, 0, 4);
    const packet = encodeFrame(PppProtocol.lcp, encodePacket({ code, identifier: 1, data }));
    server.perform(server.engine.receive(packet, 1));
  }
  expect(server.sent).toHaveLength(before);
  expect(server.failure).toBeUndefined();
});

test('a Code-Reject is cut to the MRU of the peer (RFC 1661 5.6)', () => {
  const pair = linkOf(94, perfect, { client: { mru: 200 } });
  bringUp(pair);
  const odd = encodePacket({ code: 77, identifier: 3, data: new Uint8Array(1000) });
  pair.server.perform(pair.server.engine.receive(encodeFrame(PppProtocol.lcp, odd), pair.simulation.now));
  const frame = pair.server.sent.at(-1) ?? new Uint8Array();
  // Address, control and protocol stand before the 200 octets.
  expect(frame).toHaveLength(4 + 200);
  expect(frame.subarray(8)).toEqual(odd.subarray(0, 196));
});

test('a Code-Reject of Identification is no reason to end (RFC 1661 4.3, RXJ+)', () => {
  const pair = linkOf(95, perfect);
  bringUp(pair);
  const data = encodePacket({ code: PacketCode.identification, identifier: 3, data: new Uint8Array(4) });
  const reject = encodePacket({ code: PacketCode.codeReject, identifier: 1, data });
  pair.client.perform(pair.client.engine.receive(encodeFrame(PppProtocol.lcp, reject), pair.simulation.now));
  pair.simulation.runTo(60_000);
  expect([pair.client.downs, pair.server.downs]).toEqual([[], []]);
});

test('Max-Terminate, Max-Failure and Max-Configure are settings (RFC 1661 4.6)', () => {
  const limits = { maximumTerminate: 4, maximumFailure: 2 };
  const pair = linkOf(96, perfect, { client: { limits, accepts: ['ms-chap-v2'] } });
  const hear = (identifier: number, data: Uint8Array) => {
    const request = encodePacket({ code: PacketCode.configureRequest, identifier, data });
    pair.client.perform(pair.client.engine.receive(encodeFrame(PppProtocol.lcp, request), 0));
  };
  pair.client.connect(() => {});
  pair.client.perform(pair.client.engine.start(0));
  for (let identifier = 1; identifier < 4; identifier++) hear(identifier, Uint8Array.of(3, 5, 0xc2, 0x23, 5));
  const answers = sentBy(pair.client).filter(({ code }) => code === 3 || code === 4);
  expect(answers.map(({ code }) => code)).toEqual([3, 3, 4]);
  const other = linkOf(97, perfect, { client: { limits } });
  bringUp(other);
  other.simulation.impairment = deaf;
  other.client.perform(other.client.engine.close('user request', other.simulation.now));
  other.simulation.run(() => other.client.downs.length > 0, 900_000);
  expect(sentBy(other.client).filter(({ code }) => code === PacketCode.terminateRequest)).toHaveLength(4);
  const one = { firstGapMs: 3000, backoff: 1, maximumGapMs: 3000, transmissions: 1 };
  const short = linkOf(98, deaf, { client: { retransmission: one } });
  short.client.perform(short.client.engine.start(0));
  short.simulation.run(() => short.client.downs.length > 0, 900_000);
  expect(short.client.sent).toHaveLength(1);
});
