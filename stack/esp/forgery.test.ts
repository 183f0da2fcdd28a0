import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fromHex, hex } from '../octets.ts';
import type { EspAlgorithms } from '../sa.ts';
import { createNodeCrypto } from './node-crypto.ts';
import { createSa, open } from './packet.ts';
import { sequenceNumber } from './record.ts';
import {
  allAlgorithms,
  newSa,
  opened,
  parametersFor,
  plainAlgorithms,
  sealed,
  signedAgain,
} from './testing/sealed.ts';

test('every octet of a packet is under the ICV, and a forgery moves no window', () => {
  for (const algorithms of allAlgorithms) {
    const receiver = newSa(algorithms);
    const packet = sealed(newSa(algorithms), fromHex('c80200140001000000000000'));
    for (let at = 0; at < packet.length; at += 1) {
      const forged = Uint8Array.from(packet);
      forged[at] = (forged[at] ?? 0) ^ 0x80;
      expect(opened(receiver, forged)).toBe('bad-icv');
    }
    expect(sequenceNumber(receiver.record)).toBe(0);
    expect(opened(receiver, packet)).toMatchObject({ nextHeader: 17 });
  }
});

test('integrity is checked before anything is decrypted, and the window before integrity', () => {
  const algorithms: EspAlgorithms = { encryption: '3des-cbc', integrity: 'hmac-md5-96' };
  let verifications = 0;
  const receiver = createSa(parametersFor(algorithms), 64, (given) => {
    const crypto = createNodeCrypto(given);
    return {
      ...crypto,
      open: (...packet) => {
        verifications += 1;
        return crypto.open(...packet);
      },
    };
  });
  const packet = sealed(newSa(algorithms), fromHex('01020304'));
  const forged = Uint8Array.from(packet);
  forged[forged.length - 1] = (forged.at(-1) ?? 0) ^ 1;
  const pool = Uint8Array.from(forged);
  expect(open(receiver, pool, 0, pool.length)).toBe('bad-icv');
  expect(pool).toEqual(forged);
  expect(opened(receiver, packet)).toMatchObject({ nextHeader: 17 });
  expect(opened(receiver, forged)).toBe('replayed');
  expect(verifications).toBe(2);
});

test('a sender that encrypts with another IV than it writes is caught by the padding or the payload', () => {
  const parameters = parametersFor(plainAlgorithms);
  const packet = sealed(newSa(), fromHex('0102030405060708'));
  packet[8] = (packet[8] ?? 0) ^ 0xff;
  expect(opened(newSa(), signedAgain(packet, parameters))).toEqual({
    payload: fromHex('fe02030405060708'),
    nextHeader: 17,
  });
  // The octet of the IV that lies over the pad length of this one-block packet.
  const other = sealed(newSa(), fromHex('0102030405060708'));
  other[8 + 14] = (other[8 + 14] ?? 0) ^ 0xff;
  expect(opened(newSa(), signedAgain(other, parameters))).toBe('bad-padding');
});

test('an ICV that covers one octet less or stands one octet off is caught', () => {
  const { integrityKey } = parametersFor(plainAlgorithms);
  const packet = sealed(newSa(), fromHex('01020304'));
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
  const packet = sealed(newSa(algorithms), fromHex('01020304'));
  expect(opened(newSa(algorithms), packet.subarray(0, -4))).toBe('malformed');
});

const counting = (length: number) => hex(Uint8Array.from({ length }, (_, at) => at + 1));

// NULL encryption shows trailers as they are: four octets of payload, then padding, pad length, next header.
test.each([
  ['counting padding', '0a0b0c0d 0102 02 11', { payload: fromHex('0a0b0c0d'), nextHeader: 17 }],
  ['no padding at all', '0a0b0c0d 0e0f 00 11', { payload: fromHex('0a0b0c0d0e0f'), nextHeader: 17 }],
  ['nothing but padding', '01020304 0506 06 3b', { payload: fromHex(''), nextHeader: 59 }],
  // Whole: three octets of payload, padding of 1 to 255, its length, the next header.
  [
    'all the padding there can be',
    `0a0b0c ${counting(255)} ff 11`,
    { payload: fromHex('0a0b0c'), nextHeader: 17 },
  ],
  ['zero padding', '0a0b0c0d 0000 02 11', 'bad-padding'],
  ['padding that counts from zero', '0a0b0c0d 0001 02 11', 'bad-padding'],
  ['more padding than packet', '0a0b0c0d 0e0f 07 11', 'bad-padding'],
  // The sequence number before it ends with 1, so that the octets do count.
  ['padding that begins in the header', '02030405 0607 07 11', 'bad-padding'],
])('%s', (_, clear, expected) => {
  const algorithms: EspAlgorithms = { encryption: 'null', integrity: 'hmac-sha1-96' };
  const body = fromHex(`1020304000000001${clear.replaceAll(' ', '')}${'00'.repeat(12)}`);
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
        sign &&= algorithms.integrity === 'hmac-sha1-96' && !algorithms.extendedSequenceNumbers;
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
