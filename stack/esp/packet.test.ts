import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fromHex } from '../octets.ts';
import type { SaParameters } from '../sa.ts';
import { createSa, espHeadroom, espSpi, espTailroom, open, seal } from './packet.ts';
import { counter, saOffset, saRecordLength, sequenceNumber } from './record.ts';
import {
  allAlgorithms,
  newSa,
  opened,
  parametersFor,
  plainAlgorithms,
  sealed,
  signedAgain,
} from './testing/sealed.ts';

// RFC 3602 4, cases 5 to 8: whole ESP packets without ICV (authentication is not part of them). 5 and 6 are
// transport mode pings, 7 and 8 tunnel mode, which differs in the next header (4) alone.
test.each([
  {
    name: 'case 5',
    key: '90d382b410eeba7ad938c46cec1a82bf',
    spi: 0x4321,
    sequence: 1,
    iv: 'e96e8c08ab465763fd098d45dd3ff893',
    nextHeader: 1,
    payload:
      '08000ebda70a00008e9c083db95b070008090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f202122232425262728292a2b2c2d2e2f3031323334353637',
    packet:
      '0000432100000001e96e8c08ab465763fd098d45dd3ff893f663c25d325c18c6a9453e194e120849a4870b66cc6b9965330013b4898dc856' +
      'a4699e523a55db080b59ec3a8e4b7e52775b07d1db34ed9c538ab50c551b874aa269add047ad2d5913ac19b7cfbad4a6',
  },
  {
    name: 'case 6',
    key: '90d382b410eeba7ad938c46cec1a82bf',
    spi: 0x4321,
    sequence: 8,
    iv: '69d08df7d203329db093fc4924e5bd80',
    nextHeader: 1,
    payload: '0800b5e8a80a0500a69c083d0b660e00777777777777777777777777',
    packet:
      '000043210000000869d08df7d203329db093fc4924e5bd80f51995881ec4e0c4488987ce742e8109689bb379d2d750c0d915dca346a89f75',
  },
  {
    name: 'case 7',
    key: '0123456789abcdef0123456789abcdef',
    spi: 0x8765,
    sequence: 2,
    iv: 'f4e765244f6407adf13dc1380f673f37',
    nextHeader: 4,
    payload:
      '45000054090400004001f988c0a87b03c0a87bc808009f76a90a0100b49c083d02a20400' +
      '08090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f202122232425262728292a2b2c2d2e2f3031323334353637',
    packet:
      '0000876500000002f4e765244f6407adf13dc1380f673f37773b5241a4c449225e4f3ce5ed611b0c237ca96cf74a93013c1b0ea1a0cf70f8' +
      'e4ecaec78ac53aad7a0f022b859243c647752e94a859352b8a4d4d2decd136e5c177f132ad3fbfb2201ac9904c74ee0a109e0ca1e4dfe9d5' +
      'a100b842f1c22f0d',
  },
  {
    name: 'case 8',
    key: '0123456789abcdef0123456789abcdef',
    spi: 0x8765,
    sequence: 5,
    iv: '85d47224b5f3dd5d2101d4ea8dffab22',
    nextHeader: 4,
    payload:
      '45000044090c00004001f990c0a87b03c0a87bc80800d63caa0a0200c69c083da3de0300' +
      'ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff',
    packet:
      '000087650000000585d47224b5f3dd5d2101d4ea8dffab2215b92683819596a8047232cc00f7048fe45318e11f8a0f62ede3c3fc61203bb5' +
      '0f980a08c9843fd3a1b06d5c07ff9639b7eb7dfb3512e5de435e7207ed971ef3d2726d9b5ef6affc6d17a0decbb13892',
  },
])('RFC 3602 4 $name is sealed and opened', ({ key, spi, sequence, iv, nextHeader, payload, packet }) => {
  const parameters: SaParameters = {
    ...parametersFor(plainAlgorithms),
    spi,
    encryptionKey: fromHex(key),
  };
  const outbound = createSa(parameters, 64);
  outbound.record.setUint32(saOffset.sequenceNumber, sequence - 1, true);
  const pool = new Uint8Array(espHeadroom + payload.length / 2 + espTailroom);
  pool.set(fromHex(payload), espHeadroom);
  const result = seal(outbound, pool, espHeadroom, payload.length / 2, nextHeader, fromHex(iv));
  if (typeof result === 'string') throw new Error(result);
  const ours = pool.slice(result.offset, result.offset + result.length);
  expect(Buffer.from(ours.subarray(0, -12)).toString('hex')).toBe(packet);

  const theirs = signedAgain(Uint8Array.from([...fromHex(packet), ...new Uint8Array(12)]), parameters);
  expect(ours).toEqual(theirs);
  expect(espSpi(theirs, 0, theirs.length)).toBe(spi);
  expect(opened(createSa(parameters, 64), theirs)).toEqual({ payload: fromHex(payload), nextHeader });
});

test('seal and open are inverse for every algorithm, payload and place in the pool', () => {
  const payloads = fc.uint8Array({ maxLength: 120 });
  fc.assert(
    fc.property(
      fc.constantFrom(...allAlgorithms),
      payloads,
      fc.nat(255),
      fc.nat(40),
      (algorithms, payload, next, shift) => {
        const sender = newSa(algorithms);
        const receiver = newSa(algorithms);
        const at = espHeadroom + shift;
        const pool = new Uint8Array(at + payload.length + espTailroom).fill(0xee);
        pool.set(payload, at);
        const result = seal(
          sender,
          pool,
          at,
          payload.length,
          next,
          new Uint8Array(sender.drawnIvLength).fill(9),
        );
        if (typeof result === 'string') throw new Error(result);
        // RFC 4303 2.4: pad length and next header end on a four octet boundary.
        expect((result.length - sender.icvLength) % 4).toBe(0);
        expect(pool.subarray(0, result.offset)).toEqual(new Uint8Array(result.offset).fill(0xee));
        const back = open(receiver, pool, result.offset, result.length);
        expect(back).toEqual({ offset: at, length: payload.length, nextHeader: next });
        expect(pool.subarray(at, at + payload.length)).toEqual(payload);
      },
    ),
    { numRuns: 1000 },
  );
});

test('sequence numbers start at 1 and go up by one (RFC 4303 3.3.3)', () => {
  const sa = newSa();
  expect([1, 2, 3].map(() => new DataView(sealed(sa, fromHex('00')).buffer).getUint32(4))).toEqual([1, 2, 3]);
});

test('the sequence number never cycles (RFC 4303 3.3.3)', () => {
  const sa = newSa();
  sa.record.setUint32(saOffset.sequenceNumber, 0xfffffffe, true);
  expect(new DataView(sealed(sa, fromHex('00')).buffer).getUint32(4)).toBe(0xffffffff);
  expect(() => sealed(sa, fromHex('00'))).toThrow('sequence-exhausted');
  expect(sequenceNumber(sa.record)).toBe(0xffffffff);
});

test('a packet is taken once, and the counters tell', () => {
  const sender = newSa();
  const receiver = newSa();
  const packet = sealed(sender, fromHex('0102030405'));
  expect(opened(receiver, packet)).toEqual({ payload: fromHex('0102030405'), nextHeader: 17 });
  expect(opened(receiver, packet)).toBe('replayed');
  expect(opened(receiver, packet.subarray(0, 20))).toBe('malformed');
  const { record } = receiver;
  expect(counter(record, 'packets')).toBe(1);
  expect(counter(record, 'octets')).toBe(5);
  expect(counter(record, 'replayed')).toBe(1);
  expect(counter(record, 'malformed')).toBe(1);
  expect(counter(sender.record, 'octets')).toBe(5);
  expect(record.byteLength).toBe(saRecordLength(64));
});

test('an SA or a pool that cannot be is refused at once', () => {
  const parameters = parametersFor(plainAlgorithms);
  expect(() => createSa({ ...parameters, encryptionKey: new Uint8Array(15) }, 64)).toThrow('encryption key');
  expect(() => createSa({ ...parameters, integrityKey: new Uint8Array(21) }, 64)).toThrow('integrity key');
  expect(() => createSa({ ...parameters, spi: 0 }, 64)).toThrow('SPI');
  for (const window of [0, 32, 63, 4097, 64.5])
    expect(() => createSa(parameters, window)).toThrow('replay window');
  const pool = new Uint8Array(100);
  const iv = new Uint8Array(16);
  expect(() => seal(newSa(), pool, 23, 8, 17, iv)).toThrow(RangeError);
  expect(() => seal(newSa(), pool, 24, 63, 17, iv)).toThrow('no room');
  expect(() => seal(newSa(), pool, 24, 8, 17, new Uint8Array(8))).toThrow('IV');
  expect(open(newSa(), pool, 90, 44)).toBe('malformed');
  expect(espSpi(pool, 98, 4)).toBeUndefined();
});
