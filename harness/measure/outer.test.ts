import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeOuter } from './outer.ts';
import { espPacket, ipFrame, isakmpMessage, udpFrame, withMarker } from './testing/forged-capture.ts';

const ends = { from: '198.18.1.10', to: '198.18.2.10' };
const message = isakmpMessage({
  initiatorCookie: '0102030405060708',
  exchangeType: 32,
  messageId: 0xdeadbeef,
  body: 'body',
});

function contentOnPort(port: number, data: Uint8Array) {
  return decodeOuter(udpFrame({ ...ends, fromPort: 31_000, toPort: port, data }))?.content;
}

test('reads the ISAKMP header on 500 and, after the non-ESP marker, on 4500 (RFC 2408 3.1, RFC 3948 2.2)', () => {
  const isakmp = {
    initiatorCookie: '0102030405060708',
    responderCookie: '0000000000000000',
    exchangeType: 32,
    messageId: 0xdeadbeef,
  };
  for (const [port, data] of [
    [500, message],
    [4500, withMarker(message)],
  ] as const) {
    const content = contentOnPort(port, data);
    expect(content).toMatchObject({ kind: 'ike', port, isakmp });
    if (content?.kind === 'ike') expect(Buffer.from(content.isakmp?.message ?? [])).toEqual(message);
  }
});

test.each([
  [
    'ESP in UDP 4500 (RFC 3948 2.1)',
    contentOnPort(4500, espPacket(0xc0ffee01, 1)),
    { kind: 'esp-in-udp', spi: 0xc0ffee01 },
  ],
  [
    'a keepalive, despite the padding of a short frame',
    contentOnPort(4500, Uint8Array.of(0xff)),
    { kind: 'keepalive' },
  ],
  [
    'ESP on 500 after eight zero octets (drafts 00 and 01)',
    contentOnPort(500, Buffer.concat([Buffer.alloc(8), espPacket(0x1000, 1)])),
    { kind: 'esp-in-udp', spi: 0x1000 },
  ],
  ['L2TP in the clear', contentOnPort(1701, Uint8Array.of(0xc8, 2)), { kind: 'clear-l2tp' }],
  ['other UDP', contentOnPort(53, Uint8Array.of(0)), { kind: 'other' }],
  [
    'IKE that is too short',
    contentOnPort(500, Uint8Array.of(1, 2)),
    { kind: 'ike', port: 500, isakmp: undefined },
  ],
])('tells %s', (_, content, expected) => {
  expect(content).toEqual(expected);
});

test('tells protocol 50, and a later fragment, which has no ports', () => {
  const esp = espPacket(0x1000, 1);
  expect(decodeOuter(ipFrame({ ...ends, protocol: 50, payload: esp }))).toMatchObject({
    ports: undefined,
    content: { kind: 'esp-native', spi: 0x1000 },
  });
  const fragment = ipFrame({ ...ends, protocol: 17, payload: message, fragmentOffset: 185 });
  expect(decodeOuter(fragment)).toMatchObject({
    source: ends.from,
    ports: undefined,
    content: { kind: 'fragment' },
  });
});

test('knows a packet whose client port a NAT has changed by the other port', () => {
  const reply = udpFrame({
    from: ends.to,
    fromPort: 4500,
    to: ends.from,
    toPort: 61_001,
    data: withMarker(message),
  });
  expect(decodeOuter(reply)).toMatchObject({
    ports: { source: 4500, destination: 61_001 },
    content: { kind: 'ike', port: 4500 },
  });
});

test('says nothing of a frame that is no IPv4', () => {
  const arp = Buffer.from('ffffffffffff0200000000010806000108000604', 'hex');
  expect(decodeOuter(Buffer.concat([arp, Buffer.alloc(40)]))).toBeUndefined();
});

test('reads any frame without throwing', () => {
  const head = udpFrame({ ...ends, fromPort: 4500, toPort: 4500, data: new Uint8Array() }).subarray(0, 34);
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 120 }), (noise) => {
      decodeOuter(noise);
      decodeOuter(Buffer.concat([head, noise]));
    }),
    { numRuns: 3000 },
  );
});
