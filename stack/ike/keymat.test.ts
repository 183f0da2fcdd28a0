import { createHmac } from 'node:crypto';
import { expect, test } from 'vitest';
import type { EspAlgorithms } from '../sa.ts';
import { espSa } from './keymat.ts';
import { derivePhase1Keys } from './phase1-keys.ts';

const octets = (length: number, first: number) => Uint8Array.from({ length }, (_, at) => first + at);
const [initiatorNonce, responderNonce] = [octets(16, 10), octets(20, 60)];
const keys = derivePhase1Keys({
  hash: 'sha1',
  encryption: '3des-cbc',
  preSharedKey: octets(6, 1),
  initiatorNonce,
  responderNonce,
  sharedSecret: octets(128, 3),
  initiatorCookie: octets(8, 100),
  responderCookie: octets(8, 200),
});
const spi = 0x01020304;

/** RFC 2409 5.5 by hand: K1 | K2 | ..., K1 = prf(SKEYID_d, seed), K2 = prf(SKEYID_d, K1 | seed). */
function keymatByHand(sharedSecret = new Uint8Array()): Buffer {
  const seed = [sharedSecret, Uint8Array.of(3, 1, 2, 3, 4), initiatorNonce, responderNonce];
  const parts: Buffer[] = [];
  for (let number = 0; number < 6; number += 1) {
    const hmac = createHmac('sha1', keys.derivation);
    for (const part of [parts.at(-1) ?? new Uint8Array(), ...seed]) hmac.update(part);
    parts.push(hmac.digest());
  }
  return Buffer.concat(parts);
}

// Lengths as in RFC 2451, 3602, 3686 5.1 and 4106 8.1: nonce and salt are the last four octets of the cipher's part.
test.each<[EspAlgorithms, number, number]>([
  [{ encryption: '3des-cbc', integrity: 'hmac-sha1-96' }, 24, 20],
  [{ encryption: 'null', integrity: 'hmac-md5-96' }, 0, 16],
  [{ encryption: 'aes-cbc-256', integrity: 'hmac-sha2-512-256' }, 32, 64],
  [{ encryption: 'aes-ctr-192', integrity: 'hmac-sha2-256-96' }, 28, 32],
  [{ encryption: 'aes-gcm-16-256', integrity: 'none' }, 36, 0],
])('KEYMAT is cut into the key of the cipher and then that of the MAC: %o', (algorithms, cipher, mac) => {
  const sa = espSa(keys, spi, algorithms, initiatorNonce, responderNonce);
  const whole = keymatByHand();
  expect(Buffer.from(sa.encryptionKey)).toEqual(whole.subarray(0, cipher));
  expect(Buffer.from(sa.integrityKey)).toEqual(whole.subarray(cipher, cipher + mac));
});

test('with PFS the shared secret of quick mode goes first (RFC 2409 5.5)', () => {
  const secret = octets(96, 5);
  const algorithms: EspAlgorithms = { encryption: 'aes-gcm-16-128', integrity: 'none' };
  const sa = espSa(keys, spi, algorithms, initiatorNonce, responderNonce, secret);
  expect(Buffer.from(sa.encryptionKey)).toEqual(keymatByHand(secret).subarray(0, 20));
  expect(Buffer.from(sa.encryptionKey)).not.toEqual(keymatByHand().subarray(0, 20));
});
