import { expect, test } from 'vitest';
import { deaf, perfect } from '../testing/simulation.ts';
import { encodeFrame, PppProtocol } from './frame.ts';
import { encodePacket, PacketCode } from './packet.ts';
import { bringUp, comeDown, linkOf, sentBy } from './testing/link-pair.ts';

test('either side closes: link-down on both, closed by local and by peer', () => {
  for (const closer of ['client', 'server'] as const) {
    const pair = linkOf(14, perfect);
    bringUp(pair);
    const other = closer === 'client' ? pair.server : pair.client;
    pair[closer].perform(pair[closer].engine.close('user request', pair.simulation.now));
    expect(pair[closer].engine.sendIp(Uint8Array.of(0x45))).toEqual([]);
    expect(comeDown(pair)).toBe(true);
    expect(pair[closer].facts.at(-1)).toEqual({
      fact: 'closed',
      layer: 'ppp',
      by: 'local',
      detail: 'user request',
    });
    expect(other.facts.at(-1)).toMatchObject({ by: 'peer', detail: 'terminated by the peer: user request' });
    pair.simulation.runTo(900_000);
    expect([pair.client.downs.length, pair.server.downs.length]).toEqual([1, 1]);
    expect(pair.client.engine.deadline() ?? pair.server.engine.deadline()).toBeUndefined();
  }
});

test('closing towards a dead peer times out after two Terminate-Requests (Max-Terminate)', () => {
  const pair = linkOf(15, perfect);
  bringUp(pair);
  pair.simulation.impairment = deaf;
  pair.client.perform(pair.client.engine.close('user request', pair.simulation.now));
  const before = pair.simulation.now;
  expect(pair.simulation.run(() => pair.client.downs.length > 0, 900_000)).toBe(true);
  expect(pair.simulation.now - before).toBe(6000);
  expect(sentBy(pair.client).filter((packet) => packet.code === PacketCode.terminateRequest)).toHaveLength(2);
});

test('closing before the start ends at once', () => {
  const { client } = linkOf(16, perfect);
  client.perform(client.engine.close('changed my mind', 0));
  expect(client.downs).toEqual(['changed my mind']);
  expect(client.engine.start(1)).toEqual([]);
});

test('a lost Terminate-Ack is sent again after the end', () => {
  const pair = linkOf(17, perfect);
  bringUp(pair);
  const request = encodePacket({ code: PacketCode.terminateRequest, identifier: 99, data: new Uint8Array() });
  for (const expected of [1, 2]) {
    pair.server.perform(pair.server.engine.receive(encodeFrame(PppProtocol.lcp, request), 1e6));
    const acks = sentBy(pair.server).filter((packet) => packet.code === PacketCode.terminateAck);
    expect(acks.map((packet) => packet.identifier)).toEqual(Array(expected).fill(99));
  }
  expect(pair.server.downs).toHaveLength(1);
});

test.each([
  [
    'a Code-Reject of Configure-Request',
    { code: PacketCode.codeReject, identifier: 1, data: Uint8Array.of(1, 1, 0, 4) },
  ],
  [
    'a Protocol-Reject of LCP',
    { code: PacketCode.protocolReject, identifier: 1, data: Uint8Array.of(0xc0, 0x21, 1) },
  ],
  [
    'a Protocol-Reject of IPCP',
    { code: PacketCode.protocolReject, identifier: 1, data: Uint8Array.of(0x80, 0x21, 1) },
  ],
])('%s ends the link', (_what, packet) => {
  const pair = linkOf(22, perfect);
  bringUp(pair);
  const frame = encodeFrame(PppProtocol.lcp, encodePacket(packet));
  pair.server.perform(pair.server.engine.receive(frame, pair.simulation.now));
  expect(comeDown(pair)).toBe(true);
  expect(pair.server.facts.at(-1)).toMatchObject({ fact: 'closed', layer: 'ppp', by: 'peer' });
});

test('while a link ends, all packets but those of LCP are discarded (RFC 1661 3.7)', () => {
  const pair = linkOf(100, perfect);
  bringUp(pair);
  pair.client.perform(pair.client.engine.close('user request', pair.simulation.now));
  const [sent, packets] = [pair.client.sent.length, pair.client.packets.length];
  for (const protocol of [PppProtocol.ip, PppProtocol.ipcp, PppProtocol.chap, 0x80fd, 0x8029]) {
    const request = encodePacket({ code: 1, identifier: 5, data: new Uint8Array() });
    pair.client.perform(pair.client.engine.receive(encodeFrame(protocol, request), pair.simulation.now));
  }
  expect([pair.client.sent.length, pair.client.packets.length]).toEqual([sent, packets]);
});
