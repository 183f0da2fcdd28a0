import { createHmac } from 'node:crypto';
import { expect, test } from 'vitest';
import { decodeHeader } from '../isakmp/header.ts';
import type { Payload } from '../isakmp/payload.ts';
import { fromHex, hex } from '../octets.ts';
import { initiatorHash, responderHash } from './phase1-authentication.ts';
import type { Phase1Keys } from './phase1-keys.ts';
import { hashedPayloads, openMessage, quickModeHash3, sealMessage, withHash } from './protection.ts';

const keys: Phase1Keys = {
  hash: 'sha1',
  encryption: '3des-cbc',
  skeyid: fromHex('11'.repeat(20)),
  derivation: fromHex('22'.repeat(20)),
  authentication: fromHex('33'.repeat(20)),
  encryptionSeed: fromHex('44'.repeat(20)),
  encryptionKey: fromHex('0123456789abcdef23456789abcdef01456789abcdef0123'),
};
const iv = fromHex('a1a2a3a4a5a6a7a8');
const start = {
  initiatorCookie: fromHex('01'.repeat(8)),
  responderCookie: fromHex('02'.repeat(8)),
  exchangeType: 32,
  messageId: 0xa1b2c3d4,
};

/** HMAC-SHA1 over hexadecimals: the formulas of RFC 2409 5, 5.5 and 5.7 are written out once more below. */
const hmac = (key: Uint8Array, data: string) =>
  createHmac('sha1', key).update(Buffer.from(data, 'hex')).digest('hex');

test('HASH_I and HASH_R take the values in the order of RFC 2409 5', () => {
  const transcript = {
    initiatorCookie: fromHex('aa'),
    responderCookie: fromHex('bb'),
    initiatorPublicValue: fromHex('cc'),
    responderPublicValue: fromHex('dd'),
    initiatorSa: fromHex('ee'),
  };
  const identity = fromHex('ff');
  expect(hex(initiatorHash(keys, transcript, identity))).toBe(hmac(keys.skeyid, 'ccddaabbeeff'));
  expect(hex(responderHash(keys, transcript, identity))).toBe(hmac(keys.skeyid, 'ddccbbaaeeff'));
});

// A nonce payload of 2 octets after RFC 2408 3.2: no next payload, length 6.
const nonce: Payload = { payload: 'nonce', data: fromHex('beef') };
const nonceOctets = '00000006beef';

test('HASH(1), HASH(2) and HASH(3) cover message id, nonces and payloads (RFC 2409 5.5)', () => {
  const [one] = withHash(keys, 0xa1b2c3d4, new Uint8Array(), [nonce]);
  expect(one).toEqual({
    payload: 'hash',
    data: fromHex(hmac(keys.authentication, `a1b2c3d4${nonceOctets}`)),
  });
  const [two] = withHash(keys, 0xa1b2c3d4, fromHex('1234'), [nonce]);
  expect(two).toEqual({
    payload: 'hash',
    data: fromHex(hmac(keys.authentication, `a1b2c3d41234${nonceOctets}`)),
  });
  expect(hex(quickModeHash3(keys, 0xa1b2c3d4, fromHex('1234'), fromHex('5678')))).toBe(
    hmac(keys.authentication, '00a1b2c3d412345678'),
  );
});

test('what is sealed is padded with zeros to whole blocks, and opens again', () => {
  const payloads = withHash(keys, start.messageId, new Uint8Array(), [nonce]);
  const sealed = sealMessage(keys, iv, start, payloads);
  // HASH payload of 24 octets, nonce payload of 6, padding to 32; header 28.
  expect(sealed.octets.length).toBe(60);
  expect(sealed.lastBlock).toEqual(sealed.octets.slice(-8));
  const header = decodeHeader(sealed.octets);
  if (!header.ok) throw new Error(header.error.detail);
  expect(header.value).toMatchObject({ nextPayload: 8, flags: { encryption: true }, messageId: 0xa1b2c3d4 });
  const opened = openMessage(keys, iv, header.value, sealed.octets);
  if (!opened.ok) throw new Error(opened.error.detail);
  expect(hex(opened.value.plain.slice(-2))).toBe('0000');
  expect(
    hashedPayloads(keys, start.messageId, new Uint8Array(), opened.value)?.map(({ payload }) => payload),
  ).toEqual([nonce]);
  expect(hashedPayloads(keys, start.messageId + 1, new Uint8Array(), opened.value)).toBeUndefined();
  expect(hashedPayloads(keys, start.messageId, fromHex('00'), opened.value)).toBeUndefined();
});

test('a body that is no whole number of blocks, or empty, is refused', () => {
  const { octets } = sealMessage(keys, iv, start, [nonce]);
  const header = decodeHeader(octets);
  if (!header.ok) throw new Error(header.error.detail);
  for (const length of [28, 29, 35]) {
    expect(openMessage(keys, iv, header.value, octets.subarray(0, length))).toMatchObject({
      error: { code: 'bad-length', offset: 28 },
    });
  }
});
