import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeMsChapFailure, encodeMsChapFailure } from './ms-chap-failure.ts';

const challenge = 'c9fd54b06ad08bebadeefdd879e8dc85';

test('the failure of a pppd log is read', () => {
  // The field facts, E3: lower-case challenge, version 0.
  expect(decodeMsChapFailure(`E=691 R=1 C=${challenge} V=0 M=Wrong Password`)).toEqual({
    error: 691,
    retry: true,
    challenge: Uint8Array.from(Buffer.from(challenge, 'hex')),
    version: 0,
    message: 'Wrong Password',
  });
});

test.each([646, 647, 648, 649, 691, 709])('E=%i is written as RFC 2759 6 has it, and read back', (error) => {
  const failure = {
    error,
    retry: false,
    challenge: new Uint8Array(16).fill(0xab),
    version: 3,
    message: 'no',
  };
  const text = encodeMsChapFailure(failure);
  expect(text).toBe(`E=${error} R=0 C=${'AB'.repeat(16)} V=3 M=no`);
  expect(decodeMsChapFailure(text)).toEqual(failure);
});

test('version 1 has no message', () => {
  const failure = { error: 691, retry: true, challenge: new Uint8Array(8), version: 2 };
  expect(encodeMsChapFailure(failure)).toBe('E=691 R=1 C=0000000000000000 V=2');
  expect(decodeMsChapFailure(encodeMsChapFailure(failure))).toEqual(failure);
});

test('fields that are missing or malformed are as good as absent, and without E= it is no such failure', () => {
  const bare = { error: 691, retry: false, challenge: new Uint8Array(), version: 0 };
  expect(decodeMsChapFailure('E=691')).toEqual(bare);
  expect(decodeMsChapFailure('E=691 R=2 C=xyz V=')).toEqual(bare);
  expect(decodeMsChapFailure('M=E=691')).toBeUndefined();
  expect(decodeMsChapFailure('Access denied')).toBeUndefined();
  // What a message says is no field.
  expect(decodeMsChapFailure('E=691 R=0 M=try R=1 again')).toMatchObject({ retry: false });
});

test('any text is read without an exception, and in time', () => {
  const word = fc.constantFrom('E=', 'R=', 'C=', 'V=', 'M=', ' ', '1', 'ab', '\n', 'M', '=');
  fc.assert(
    fc.property(fc.oneof(fc.string({ maxLength: 80 }), fc.array(word, { maxLength: 200 })), (parts) => {
      const failure = decodeMsChapFailure(typeof parts === 'string' ? parts : parts.join(''));
      if (failure !== undefined) expect(Number.isSafeInteger(failure.error)).toBe(true);
    }),
    { numRuns: 2000 },
  );
});
