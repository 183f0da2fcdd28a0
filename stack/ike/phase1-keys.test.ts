import { createHash, createHmac } from 'node:crypto';
import { expect, test } from 'vitest';
import { fromHex, hex } from '../octets.ts';
import { keymat } from './keymat.ts';
import { derivePhase1Keys, expandKey, phase1Iv, phase2Iv } from './phase1-keys.ts';

// NIST CAVP ikev1_psk, SHA-1, COUNT = 0, as kept in libreswan's programs/cavp.
const keys = derivePhase1Keys({
  hash: 'sha1',
  encryption: '3des-cbc',
  preSharedKey: fromHex('75'),
  initiatorNonce: fromHex('b9a2d0e922dc66dd'),
  responderNonce: fromHex('2130166863b5ddef'),
  sharedSecret: fromHex('739003ba2c11c982946c65e26acf661fbf8ebb78011a9fead79efa12fe3e71cc'),
  initiatorCookie: fromHex('83d374c30b3b5082'),
  responderCookie: fromHex('5afc0da06c728029'),
});

test('SKEYID, SKEYID_d, SKEYID_a and SKEYID_e are those of NIST CAVP', () => {
  expect(hex(keys.skeyid)).toBe('62b04d112877e442fc3282fc37c076997718a0b9');
  expect(hex(keys.derivation)).toBe('369e5aad1bdb5faf6a3d929d500cdc236710a9ab');
  expect(hex(keys.authentication)).toBe('588e957d8d790d093b3a39f121473473af78e9bb');
  expect(hex(keys.encryptionSeed)).toBe('cd74b0c048219db81384d3fda8f6cda51e398a2b');
});

test('with one octet of the pre-shared key changed nothing is left of them', () => {
  const other = derivePhase1Keys({
    hash: 'sha1',
    encryption: '3des-cbc',
    preSharedKey: fromHex('76'),
    initiatorNonce: fromHex('b9a2d0e922dc66dd'),
    responderNonce: fromHex('2130166863b5ddef'),
    sharedSecret: fromHex('739003ba2c11c982946c65e26acf661fbf8ebb78011a9fead79efa12fe3e71cc'),
    initiatorCookie: fromHex('83d374c30b3b5082'),
    responderCookie: fromHex('5afc0da06c728029'),
  });
  expect(hex(other.skeyid)).not.toBe(hex(keys.skeyid));
  expect(hex(other.encryptionKey)).not.toBe(hex(keys.encryptionKey));
});

/** The formulas of RFC 2409 written out once more, on strings of hexadecimals. */
const hmac = (key: string, data: string) =>
  createHmac('sha1', Buffer.from(key, 'hex')).update(Buffer.from(data, 'hex')).digest('hex');
const sha1 = (data: string) => createHash('sha1').update(Buffer.from(data, 'hex')).digest('hex');

test('a key longer than SKEYID_e is K1 | K2, a shorter one its beginning (RFC 2409 appendix B)', () => {
  const seed = hex(keys.encryptionSeed);
  const k1 = hmac(seed, '00');
  const k2 = hmac(seed, k1);
  expect(hex(keys.encryptionKey)).toBe((k1 + k2).slice(0, 48));
  expect(hex(expandKey('sha1', keys.encryptionSeed, 8))).toBe(seed.slice(0, 16));
  expect(hex(expandKey('sha1', keys.encryptionSeed, 20))).toBe(seed);
});

test('IVs come from the public values, then from the last block and the message id (RFC 2409 appendix B)', () => {
  expect(hex(phase1Iv('sha1', 'aes-cbc-128', fromHex('0102'), fromHex('0304')))).toBe(
    sha1('01020304').slice(0, 32),
  );
  const lastBlock = fromHex('1122334455667788');
  expect(hex(phase2Iv('sha1', '3des-cbc', lastBlock, 0xa1b2c3d4))).toBe(
    sha1('1122334455667788a1b2c3d4').slice(0, 16),
  );
});

test('KEYMAT is chained over protocol, SPI and nonces (RFC 2409 5.5)', () => {
  const seed = '03' + '01020304' + 'aaaa' + 'bbbb';
  const k1 = hmac(hex(keys.derivation), seed);
  const k2 = hmac(hex(keys.derivation), k1 + seed);
  const k3 = hmac(hex(keys.derivation), k2 + seed);
  expect(hex(keymat(keys, 0x01020304, fromHex('aaaa'), fromHex('bbbb'), 44))).toBe(
    (k1 + k2 + k3).slice(0, 88),
  );
});

test('with PFS the secret of quick mode goes before all of that (RFC 2409 5.5)', () => {
  const seed = 'cafe' + '03' + '01020304' + 'aaaa' + 'bbbb';
  const k1 = hmac(hex(keys.derivation), seed);
  const k2 = hmac(hex(keys.derivation), k1 + seed);
  const material = keymat(keys, 0x01020304, fromHex('aaaa'), fromHex('bbbb'), 40, fromHex('cafe'));
  expect(hex(material)).toBe(k1 + k2);
});

test.each([
  ['sha2-384', 48],
  ['sha2-512', 64],
  ['sha2-256', 32],
] as const)(
  'SKEYID and its kin are as long as %s, and give the key of AES-192 without chaining',
  (hash, length) => {
    const derived = derivePhase1Keys({
      hash,
      encryption: 'aes-cbc-192',
      preSharedKey: fromHex('75'),
      initiatorNonce: fromHex('b9a2d0e922dc66dd'),
      responderNonce: fromHex('2130166863b5ddef'),
      sharedSecret: fromHex('73'),
      initiatorCookie: fromHex('83d374c30b3b5082'),
      responderCookie: fromHex('5afc0da06c728029'),
    });
    expect(derived.skeyid.length).toBe(length);
    expect(derived.authentication.length).toBe(length);
    expect(hex(derived.encryptionKey)).toBe(hex(derived.encryptionSeed).slice(0, 48));
  },
);
