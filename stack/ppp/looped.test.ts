import { expect, test } from 'vitest';
import { perfect } from '../testing/simulation.ts';
import type { PppConfig } from './config.ts';
import { encodeFrame, PppProtocol } from './frame.ts';
import { encodePacket, PacketCode } from './packet.ts';
import { bringUp, clientConfig, LinkEnd, linkOf, sentBy, serverConfig } from './testing/link-pair.ts';

/** Lets an end hear everything that it says. */
function loop(config: PppConfig): LinkEnd {
  const end = new LinkEnd(config, '1');
  const waiting: Uint8Array[] = [];
  end.connect((frame) => waiting.push(frame));
  end.perform(end.engine.start(0));
  for (let step = 0; step < 1000 && waiting.length > 0; step++) {
    const frame = waiting.shift();
    if (frame !== undefined) end.perform(end.engine.receive(frame, step));
  }
  return end;
}

test.each([
  ['client', clientConfig],
  ['server', serverConfig],
  ['server that asks for nothing', { ...serverConfig, authentication: [] }],
] as const)(
  'a %s that hears itself says so, after Max-Failure equal magic numbers (RFC 1661 6.4)',
  (_who, config) => {
    const end = loop(config);
    expect(end.failure).toEqual({
      fact: 'ppp-failed',
      layer: 'lcp',
      reason: 'looped-back',
      detail: 'requests come back with the magic numbers of this end',
    });
    expect(end.ups).toEqual([]);
    const naks = sentBy(end).filter(({ code }) => code === PacketCode.configureNak);
    expect(naks.length).toBeLessThanOrEqual(5);
  },
);

test('each Nak proposes another magic number, and a Nak is answered with another one (RFC 1661 6.4)', () => {
  const end = loop(clientConfig);
  const magics = sentBy(end)
    .filter(({ protocol, code }) => protocol === PppProtocol.lcp && (code === 1 || code === 3))
    .map(({ code, data }) =>
      Buffer.from(code === 1 ? data.subarray(6, 10) : data.subarray(2, 6)).toString('hex'),
    );
  expect(new Set(magics).size).toBe(magics.length);
});

test('one equal magic number is chance: the link comes up', () => {
  const pair = linkOf(90, perfect);
  let spoilt = false;
  pair.client.corrupt = (bytes) => {
    const [own] = sentBy(pair.server);
    if (spoilt || own === undefined || bytes[2] !== 0xc0 || bytes[4] !== 1) return bytes;
    spoilt = true;
    // FF 03 C0 21, header of 4, MRU of 4, then type and length of the magic number; the server's follows 4 + 5.
    const copy = bytes.slice();
    copy.set(own.data.subarray(11, 15), 14);
    return copy;
  };
  pair.server.perform(pair.server.engine.start(0));
  pair.client.perform(pair.client.engine.start(0));
  const up = () => pair.client.ups.length > 0 && pair.server.ups.length > 0;
  expect(pair.simulation.run(up, 60_000)).toBe(true);
  expect(spoilt).toBe(true);
  const naks = sentBy(pair.server).filter(({ protocol, code }) => protocol === PppProtocol.lcp && code === 3);
  expect(naks).toHaveLength(1);
});

test('an Echo-Request with our own magic number is not answered', () => {
  const pair = linkOf(91, perfect);
  bringUp(pair);
  const request = sentBy(pair.server)[0];
  const magic = request?.data.subarray(11, 15) ?? new Uint8Array();
  const before = pair.server.sent.length;
  const echo = encodePacket({ code: PacketCode.echoRequest, identifier: 1, data: magic });
  pair.server.perform(pair.server.engine.receive(encodeFrame(PppProtocol.lcp, echo), 100));
  expect(pair.server.sent).toHaveLength(before);
  const other = encodePacket({
    code: PacketCode.echoRequest,
    identifier: 1,
    data: Uint8Array.of(1, 2, 3, 4),
  });
  pair.server.perform(pair.server.engine.receive(encodeFrame(PppProtocol.lcp, other), 100));
  expect(pair.server.sent).toHaveLength(before + 1);
});
