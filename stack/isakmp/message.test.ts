import fc from 'fast-check';
import { expect, test } from 'vitest';
import { concat, fromHex, hex } from '../octets.ts';
import { isakmpHeaderLength } from './header.ts';
import { decodeMessage, decodePayloads, encodeMessage, type Message } from './message.ts';
import { encodePayload, type Payload } from './payload.ts';
import { encodePayloadChain } from './payload-chain.ts';

/** Main mode message 1 of a Windows 7 client as published in two packet dumps: 384 octets, cookies left out. */
const windows7AfterCookies = fromHex(
  '0110020000000000000001800d0000d40000000100000001000000c801010005030000280101000080010007800e0100' +
    '800200028004001480030001800b0001000c000400007080030000280201000080010007800e00808002000280040013' +
    '80030001800b0001000c000400007080030000280301000080010007800e0100800200028004000e80030001800b0001' +
    '000c000400007080030000240401000080010005800200028004000e80030001800b0001000c00040000708000000024' +
    '0501000080010005800200028004000280030001800b0001000c0004000070800d0000181e2b516905991c7d7c96fcbf' +
    'b587e461000000080d0000144a131c81070358455c5728f20e95452f0d00001490cb80913ebb696e086381b5ec427b1f' +
    '0d0000144048b7d56ebce88525e7de7f00d6c2d30d000014fb1de3cdf341b7ea16b7e5be0855f1200d00001426244d38' +
    'eddb61b3172a36e3d0cfb81900000014e3a5966a76379fe707228231e5ce8652',
);
const windows7 = concat(fromHex('0123456789abcdef0000000000000000'), windows7AfterCookies);

function reencode({ header, payloads }: Message): Uint8Array {
  return encodeMessage(
    header,
    payloads.map(({ payload }) => payload),
  );
}

test('the message of Windows 7 is read whole and written again bit for bit', () => {
  expect(windows7.length).toBe(384);
  const message = decodeMessage(windows7);
  if (!message.ok) throw new Error(message.error.detail);
  const [first, ...rest] = message.value.payloads.map(({ payload }) => payload);
  if (first?.payload !== 'security-association') throw new Error('no SA first');
  expect(first.sa.proposals.map(({ number, protocolId, spi }) => [number, protocolId, spi.length])).toEqual([
    [1, 1, 0],
  ]);
  const transforms = first.sa.proposals[0]?.transforms ?? [];
  // Groups in the published order: 20, 19, 14, 14, 2 (RFC 2409 appendix A, class 4).
  expect(transforms.map(({ attributes }) => attributes.find(({ type }) => type === 4)?.value)).toEqual([
    20, 19, 14, 14, 2,
  ]);
  // The last attribute is a lifetime of 28800 seconds in the long form.
  expect(transforms[0]?.attributes.at(-1)).toEqual({ form: 'TLV', type: 12, value: fromHex('00007080') });
  expect(rest.map(({ payload }) => payload)).toEqual(Array(7).fill('vendor-id'));
  expect(hex(reencode(message.value))).toBe(hex(windows7));
});

test('every length that is off by one is refused', () => {
  // Offsets of the length fields: header, SA, proposal, first transform, first TLV attribute, first vendor id.
  const sizes = new Map([
    [24, 4],
    [30, 2],
    [42, 2],
    [50, 2],
    [82, 2],
    [242, 2],
  ]);
  for (const [offset, size] of sizes) {
    for (const difference of [-1, 1]) {
      const broken = windows7.slice();
      const at = offset + size - 1;
      broken[at] = (broken[at] ?? 0) + difference;
      expect(decodeMessage(broken), `length at ${offset} changed by ${difference}`).toMatchObject({
        ok: false,
      });
    }
  }
});

test('an error names field and offset in the message', () => {
  const broken = windows7.slice();
  broken[83] = 5; // the 4-octet TLV of the first transform now says 5
  expect(decodeMessage(broken)).toMatchObject({
    error: {
      code: 'bad-length',
      field: 'Security Association.Proposal[0].Transform[0].Attribute[6].Length',
      offset: 82,
    },
  });
});

test('any octets give a message or an error, and never an exception', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      decodeMessage(bytes);
    }),
    { numRuns: 2000 },
  );
});

test('a mutated message never throws, and what is read from it is stable', () => {
  const mutation = fc.array(fc.tuple(fc.nat(windows7.length - 1), fc.nat(255)), {
    minLength: 1,
    maxLength: 6,
  });
  fc.assert(
    fc.property(mutation, (changes) => {
      const mutated = windows7.slice();
      for (const [offset, octet] of changes) mutated[offset] = octet;
      expectStable(mutated);
    }),
    { numRuns: 2000 },
  );
});

test('chains of any payload types with any bodies are read stably', () => {
  const chain = fc.array(
    fc.record({
      type: fc.constantFrom(1, 4, 5, 8, 10, 11, 12, 13, 20, 21, 130, 131, 77),
      body: fc.uint8Array(),
    }),
    { maxLength: 6 },
  );
  fc.assert(
    fc.property(chain, (payloads) => {
      const first = payloads[0]?.type ?? 0;
      const read = decodePayloads(encodePayloadChain(payloads), first, 0);
      if (!read.ok) return;
      const again = encodePayloadChain(read.value.map(({ payload }) => encodePayload(payload)));
      const reread = decodePayloads(again, first, 0);
      if (!reread.ok) throw new Error(reread.error.detail);
      expect(reread.value.map(({ payload }) => payload)).toEqual(read.value.map(({ payload }) => payload));
    }),
    { numRuns: 2000 },
  );
});

test('payloads of every kind come back as they were written', () => {
  const payloads: Payload[] = [
    { payload: 'key-exchange', data: Uint8Array.of(1, 2, 3) },
    {
      payload: 'identification',
      id: { idType: 1, protocolId: 17, port: 1701, data: Uint8Array.of(10, 0, 0, 1) },
    },
    { payload: 'hash', data: Uint8Array.of(4) },
    { payload: 'nonce', data: new Uint8Array(16) },
    {
      payload: 'notification',
      notification: { doi: 1, protocolId: 3, notifyType: 14, spi: new Uint8Array(4), data: Uint8Array.of(9) },
    },
    {
      payload: 'delete',
      delete: { doi: 1, protocolId: 3, spis: [Uint8Array.of(1, 2, 3, 4), new Uint8Array(4)] },
    },
    { payload: 'vendor-id', data: new Uint8Array(16) },
    { payload: 'nat-d', number: 20, data: new Uint8Array(20) },
    { payload: 'nat-d', number: 130, data: new Uint8Array(16) },
    { payload: 'nat-oa', number: 21, address: { idType: 1, address: Uint8Array.of(10, 0, 0, 2) } },
    { payload: 'nat-oa', number: 131, address: { idType: 1, address: Uint8Array.of(10, 0, 0, 3) } },
    { payload: 'other', number: 132, data: Uint8Array.of(7) },
  ];
  const header = decodeMessage(windows7);
  if (!header.ok) throw new Error(header.error.detail);
  const octets = encodeMessage(header.value.header, payloads);
  const read = decodeMessage(octets);
  if (!read.ok) throw new Error(read.error.detail);
  expect(read.value.payloads.map(({ payload }) => payload)).toEqual(payloads);
  expect(octets.length).toBeGreaterThan(isakmpHeaderLength);
});

test('a payload whose RESERVED is not zero is discarded with its message (RFC 2408 5.3)', () => {
  const header = decodeMessage(windows7);
  if (!header.ok) throw new Error(header.error.detail);
  const octets = encodeMessage(header.value.header, [{ payload: 'vendor-id', data: new Uint8Array(16) }]);
  expect(decodeMessage(octets).ok).toBe(true);
  octets[isakmpHeaderLength + 1] = 1;
  expect(decodeMessage(octets)).toMatchObject({
    ok: false,
    error: { field: 'Payload[0].RESERVED', offset: isakmpHeaderLength + 1 },
  });
});

function expectStable(bytes: Uint8Array) {
  const message = decodeMessage(bytes);
  if (!message.ok) return;
  const again = reencode(message.value);
  const reread = decodeMessage(again);
  if (!reread.ok) throw new Error(reread.error.detail);
  expect(reread.value.payloads.map(({ payload }) => payload)).toEqual(
    message.value.payloads.map(({ payload }) => payload),
  );
  expect(hex(reencode(reread.value))).toBe(hex(again));
}
