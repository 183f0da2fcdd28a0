import fc from 'fast-check';
import { expect, test } from 'vitest';
import { seededRandom } from '../host/random.ts';
import { chapAlgorithms, chapMd5, withoutDomain } from './chap-algorithm.ts';
import { decodeChapValue, decodeMsChapV2Response, encodeChapValue } from './chap-packet.ts';

const random = seededRandom('1');
const challenge = { identifier: 0x17, value: Uint8Array.from({ length: 16 }, (_, index) => index) };

test('CHAP-MD5 is MD5 over identifier, secret and challenge', () => {
  // RFC 1994 has no vectors: printf '\x17secret\x00\x01...\x0f' | md5sum
  expect(Buffer.from(chapMd5(challenge, 'secret')).toString('hex')).toBe('0791b0bc38facd8642ac55319122d6ce');
});

test.each(['chap-md5', 'ms-chap-v1', 'ms-chap-v2'] as const)(
  '%s: a right answer is accepted, others are not',
  (name) => {
    const algorithm = chapAlgorithms[name];
    const challenge = { identifier: 0x17, value: random(algorithm.challengeLength) };
    const { value, proves } = algorithm.answer(challenge, 'user', 'secret', random);
    const success = algorithm.verify(challenge, 'user', 'secret', value);
    expect(success).toBeDefined();
    expect(proves(success ?? '')).toBe(true);
    expect(algorithm.verify(challenge, 'user', 'Secret', value)).toBeUndefined();
    expect(
      algorithm.verify(
        { ...challenge, value: new Uint8Array(algorithm.challengeLength) },
        'user',
        'secret',
        value,
      ),
    ).toBeUndefined();
    expect(algorithm.verify(challenge, 'user', 'secret', value.slice(1))).toBeUndefined();
    expect(algorithm.verify(challenge, 'user', 'secret', new Uint8Array(49))).toBeUndefined();
  },
);

test('an MS-CHAPv2 response is 49 octets with zero reserved octets and flags (RFC 2759 4)', () => {
  const { value } = chapAlgorithms['ms-chap-v2'].answer(challenge, 'user', 'secret', random);
  expect(value).toHaveLength(49);
  expect(Uint8Array.from(value).slice(16, 24)).toEqual(new Uint8Array(8));
  expect(value[48]).toBe(0);
});

test('the domain takes no part in MS-CHAPv2 (RFC 2759 4)', () => {
  expect(withoutDomain('BIGCO\\johndoe')).toBe('johndoe');
  const algorithm = chapAlgorithms['ms-chap-v2'];
  const { value } = algorithm.answer(challenge, 'BIGCO\\johndoe', 'secret', random);
  expect(algorithm.verify(challenge, 'johndoe', 'secret', value)).toBeDefined();
});

test('a wrong, missing or lower-case authenticator response proves nothing', () => {
  const algorithm = chapAlgorithms['ms-chap-v2'];
  const { value, proves } = algorithm.answer(challenge, 'user', 'secret', random);
  const success = algorithm.verify(challenge, 'user', 'secret', value) ?? '';
  expect(success).toMatch(/^S=[0-9A-F]{40} M=/);
  expect(proves(`S=${'0'.repeat(40)} M=Access granted`)).toBe(false);
  expect(proves('M=Access granted')).toBe(false);
  expect(proves(success.toLowerCase())).toBe(false);
  expect(proves('')).toBe(false);
});

test('the failure messages have the forms of RFC 2433 6 and RFC 2759 6', () => {
  const refusal = { error: 691, retry: true, challenge: Uint8Array.of(0x0a, 0xff) };
  expect(chapAlgorithms['ms-chap-v1'].failureMessage(refusal)).toBe('E=691 R=1 C=0AFF V=2');
  expect(chapAlgorithms['ms-chap-v2'].failureMessage(refusal)).toBe('E=691 R=1 C=0AFF V=3 M=Access denied');
});

test('values read back, and any octets decode without an exception', () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ minLength: 1, maxLength: 60 }),
      fc.string({ maxLength: 20 }),
      (value, name) => {
        const read = decodeChapValue(Uint8Array.from(encodeChapValue({ value, name })));
        const wellFormed = Buffer.from(name, 'utf8').toString('utf8');
        expect(read).toEqual({ ok: true, value: { value, name: wellFormed } });
        decodeChapValue(value);
        expect(decodeMsChapV2Response(value).ok).toBe(value.length === 49);
      },
    ),
    { numRuns: 1000 },
  );
  expect(decodeChapValue(Uint8Array.of(2, 1)).ok).toBe(false);
  expect(decodeChapValue(new Uint8Array()).ok).toBe(false);
  expect(decodeChapValue(Uint8Array.of(0)).ok).toBe(false);
});
