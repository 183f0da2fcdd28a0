import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { EspAlgorithms, EspEncryption, EspIntegrity, SaParameters } from '../sa.ts';
import { encryptionShapes, espKeyLengths, integrityShapes } from './algorithms.ts';
import { createNodeCrypto } from './node-crypto.ts';
import { createSa, espHeadroom, espSpi, espTailroom, open, type Sa, seal } from './packet.ts';
import { counter, saOffset, saRecordLength, sequenceNumber } from './record.ts';

const hex = (text: string) => Uint8Array.from(Buffer.from(text, 'hex'));

const allAlgorithms: EspAlgorithms[] = (Object.keys(encryptionShapes) as EspEncryption[]).flatMap(
  (encryption) =>
    (Object.keys(integrityShapes) as EspIntegrity[]).map((integrity) => ({ encryption, integrity })),
);

function parametersFor(algorithms: EspAlgorithms): SaParameters {
  const lengths = espKeyLengths(algorithms);
  return {
    spi: 0x10203040,
    algorithms,
    encryptionKey: Uint8Array.from({ length: lengths.encryption }, (_, at) => at * 7 + 1),
    integrityKey: Uint8Array.from({ length: lengths.integrity }, (_, at) => at * 3 + 2),
  };
}

const plainAlgorithms: EspAlgorithms = { encryption: 'aes-cbc-128', integrity: 'hmac-sha1-96' };
const newSa = (algorithms = plainAlgorithms) => createSa(parametersFor(algorithms), 64);

/** Seals a payload in a pool of its own and gives the packet alone. */
function sealed(sa: Sa, payload: Uint8Array, nextHeader = 17): Uint8Array {
  const pool = new Uint8Array(espHeadroom + payload.length + espTailroom);
  pool.set(payload, espHeadroom);
  const iv = Uint8Array.from({ length: sa.ivLength }, (_, at) => 0xa0 + at);
  const result = seal(sa, pool, espHeadroom, payload.length, nextHeader, iv);
  if (typeof result === 'string') throw new Error(result);
  return pool.slice(result.offset, result.offset + result.length);
}

/** Opens a copy, so that the packet can be opened again. */
function opened(sa: Sa, packet: Uint8Array) {
  const pool = Uint8Array.from(packet);
  const result = open(sa, pool, 0, pool.length);
  if (typeof result === 'string') return result;
  return { payload: pool.slice(result.offset, result.offset + result.length), nextHeader: result.nextHeader };
}

/** The same packet with its ICV made anew, as a sender with the key but a fault elsewhere would. */
function signedAgain(packet: Uint8Array, parameters: SaParameters): Uint8Array {
  const body = packet.subarray(0, packet.length - 12);
  const icv = createHmac('sha1', parameters.integrityKey).update(body).digest().subarray(0, 12);
  return Uint8Array.from([...body, ...icv]);
}

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
    encryptionKey: hex(key),
  };
  const outbound = createSa(parameters, 64);
  outbound.record.setUint32(saOffset.sequenceNumber, sequence - 1, true);
  const pool = new Uint8Array(espHeadroom + payload.length / 2 + espTailroom);
  pool.set(hex(payload), espHeadroom);
  const result = seal(outbound, pool, espHeadroom, payload.length / 2, nextHeader, hex(iv));
  if (typeof result === 'string') throw new Error(result);
  const ours = pool.slice(result.offset, result.offset + result.length);
  expect(Buffer.from(ours.subarray(0, -12)).toString('hex')).toBe(packet);

  const theirs = signedAgain(Uint8Array.from([...hex(packet), ...new Uint8Array(12)]), parameters);
  expect(ours).toEqual(theirs);
  expect(espSpi(theirs, 0, theirs.length)).toBe(spi);
  expect(opened(createSa(parameters, 64), theirs)).toEqual({ payload: hex(payload), nextHeader });
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
        const result = seal(sender, pool, at, payload.length, next, new Uint8Array(sender.ivLength).fill(9));
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
  expect([1, 2, 3].map(() => new DataView(sealed(sa, hex('00')).buffer).getUint32(4))).toEqual([1, 2, 3]);
});

test('the sequence number never cycles (RFC 4303 3.3.3)', () => {
  const sa = newSa();
  sa.record.setUint32(saOffset.sequenceNumber, 0xfffffffe, true);
  expect(new DataView(sealed(sa, hex('00')).buffer).getUint32(4)).toBe(0xffffffff);
  expect(() => sealed(sa, hex('00'))).toThrow('sequence-exhausted');
  expect(sequenceNumber(sa.record)).toBe(0xffffffff);
});

test('a packet is taken once, and the counters tell', () => {
  const sender = newSa();
  const receiver = newSa();
  const packet = sealed(sender, hex('0102030405'));
  expect(opened(receiver, packet)).toEqual({ payload: hex('0102030405'), nextHeader: 17 });
  expect(opened(receiver, packet)).toBe('replayed');
  expect(opened(receiver, packet.subarray(0, 20))).toBe('malformed');
  const { record } = receiver;
  expect(counter(record, 'packets')).toBe(1);
  expect(counter(record, 'octets')).toBe(5);
  expect(counter(record, 'replayed')).toBe(1);
  expect(counter(record, 'malformed')).toBe(1);
  expect(counter(sender.record, 'octets')).toBe(5);
  expect(record.byteLength).toBe(saRecordLength);
});

test('every octet of a packet is under the ICV, and a forgery moves no window', () => {
  for (const algorithms of allAlgorithms) {
    const receiver = newSa(algorithms);
    const packet = sealed(newSa(algorithms), hex('c80200140001000000000000'));
    for (let at = 0; at < packet.length; at += 1) {
      const forged = Uint8Array.from(packet);
      forged[at] = (forged[at] ?? 0) ^ 0x80;
      expect(opened(receiver, forged)).toBe('bad-icv');
    }
    expect(sequenceNumber(receiver.record)).toBe(0);
    expect(opened(receiver, packet)).toMatchObject({ nextHeader: 17 });
  }
});

test('integrity is checked before anything is decrypted', () => {
  const parameters = parametersFor(plainAlgorithms);
  let decryptions = 0;
  const receiver = createSa(parameters, 64, (given) => ({
    ...createNodeCrypto(given),
    decrypt: () => {
      decryptions += 1;
    },
  }));
  const packet = sealed(newSa(), hex('01020304'));
  packet[packet.length - 1] = (packet.at(-1) ?? 0) ^ 1;
  expect(opened(receiver, packet)).toBe('bad-icv');
  expect(decryptions).toBe(0);
});

test('a sender that encrypts with another IV than it writes is caught by the padding or the payload', () => {
  const parameters = parametersFor(plainAlgorithms);
  const packet = sealed(newSa(), hex('0102030405060708'));
  packet[8] = (packet[8] ?? 0) ^ 0xff;
  expect(opened(newSa(), signedAgain(packet, parameters))).toEqual({
    payload: hex('fe02030405060708'),
    nextHeader: 17,
  });
  // The octet of the IV that lies over the pad length of this one-block packet.
  const other = sealed(newSa(), hex('0102030405060708'));
  other[8 + 14] = (other[8 + 14] ?? 0) ^ 0xff;
  expect(opened(newSa(), signedAgain(other, parameters))).toBe('bad-padding');
});

test('an ICV that covers one octet less or stands one octet off is caught', () => {
  const { integrityKey } = parametersFor(plainAlgorithms);
  const packet = sealed(newSa(), hex('01020304'));
  const mac = (bytes: Uint8Array) => createHmac('sha1', integrityKey).update(bytes).digest();
  const body = packet.subarray(0, -12);
  const cases = [
    [...body, ...mac(body.subarray(0, -1)).subarray(0, 12)],
    [...body, ...mac(body.subarray(1)).subarray(0, 12)],
    [...body, ...mac(body).subarray(1, 13)],
  ];
  for (const wrong of cases) expect(opened(newSa(), Uint8Array.from(wrong))).toBe('bad-icv');
  expect(opened(newSa(), Uint8Array.from([...body, ...mac(body).subarray(0, 16)]))).toBe('malformed');
});

test('an ICV of 96 bits where 128 are due is no ESP packet of this SA (rule ESP-1)', () => {
  const algorithms: EspAlgorithms = { encryption: 'aes-cbc-128', integrity: 'hmac-sha2-256-128' };
  const packet = sealed(newSa(algorithms), hex('01020304'));
  expect(opened(newSa(algorithms), packet.subarray(0, -4))).toBe('malformed');
});

// NULL encryption shows trailers as they are: four octets of payload, then padding, pad length, next header.
test.each([
  ['counting padding', '0a0b0c0d 0102 02 11', { payload: hex('0a0b0c0d'), nextHeader: 17 }],
  ['no padding at all', '0a0b0c0d 0e0f 00 11', { payload: hex('0a0b0c0d0e0f'), nextHeader: 17 }],
  ['nothing but padding', '01020304 0506 06 3b', { payload: hex(''), nextHeader: 59 }],
  ['zero padding', '0a0b0c0d 0000 02 11', 'bad-padding'],
  ['padding that counts from zero', '0a0b0c0d 0001 02 11', 'bad-padding'],
  ['more padding than packet', '0a0b0c0d 0e0f 07 11', 'bad-padding'],
  // The sequence number before it ends with 1, so that the octets do count.
  ['padding that begins in the header', '02030405 0607 07 11', 'bad-padding'],
])('%s', (_, clear, expected) => {
  const algorithms: EspAlgorithms = { encryption: 'null', integrity: 'hmac-sha1-96' };
  const body = hex(`1020304000000001${clear.replaceAll(' ', '')}${'00'.repeat(12)}`);
  expect(opened(newSa(algorithms), signedAgain(body, parametersFor(algorithms)))).toEqual(expected);
});

test('any octets give a payload or a reason, never an exception', () => {
  const mutations = fc.array(fc.tuple(fc.nat(120), fc.nat(255)), { maxLength: 3 });
  fc.assert(
    fc.property(
      fc.constantFrom(...allAlgorithms),
      mutations,
      fc.nat(130),
      fc.boolean(),
      (algorithms, changes, cut, sign) => {
        const parameters = parametersFor(algorithms);
        const original = sealed(newSa(algorithms), new Uint8Array(60).fill(5));
        let packet: Uint8Array = Uint8Array.from(original);
        for (const [at, octet] of changes) if (at < packet.length) packet[at] = octet;
        packet = packet.slice(0, Math.min(cut, packet.length));
        if (sign && packet.length >= 12) packet = signedAgain(packet, parameters);
        const result = opened(newSa(algorithms), packet);
        if (typeof result === 'string') {
          expect(['replayed', 'bad-icv', 'bad-padding', 'malformed']).toContain(result);
        } else {
          expect(result.payload.length).toBeLessThanOrEqual(packet.length);
          if (!sign) expect(packet).toEqual(original);
        }
      },
    ),
    { numRuns: 3000 },
  );
});

test('an SA or a pool that cannot be is refused at once', () => {
  const parameters = parametersFor(plainAlgorithms);
  expect(() => createSa({ ...parameters, encryptionKey: new Uint8Array(15) }, 64)).toThrow('encryption key');
  expect(() => createSa({ ...parameters, integrityKey: new Uint8Array(21) }, 64)).toThrow('integrity key');
  expect(() => createSa({ ...parameters, spi: 0 }, 64)).toThrow('SPI');
  for (const window of [0, 32, 63, 1025, 64.5])
    expect(() => createSa(parameters, window)).toThrow('replay window');
  const pool = new Uint8Array(100);
  const iv = new Uint8Array(16);
  expect(() => seal(newSa(), pool, 23, 8, 17, iv)).toThrow(RangeError);
  expect(() => seal(newSa(), pool, 24, 63, 17, iv)).toThrow('no room');
  expect(() => seal(newSa(), pool, 24, 8, 17, new Uint8Array(8))).toThrow('IV');
  expect(open(newSa(), pool, 90, 44)).toBe('malformed');
  expect(espSpi(pool, 98, 4)).toBeUndefined();
});
