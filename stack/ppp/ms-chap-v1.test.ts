import { expect, test } from 'vitest';
import { decodeMsChapV1Response, encodeMsChapV1Response, ntChallengeResponse } from './ms-chap-v1.ts';

const hex = (text: string) => Uint8Array.from(Buffer.from(text.replaceAll(' ', ''), 'hex'));
const text = (octets: Uint8Array) => Buffer.from(octets).toString('hex').toUpperCase();

test('the NT response of RFC 2433 B.2', () => {
  expect(text(ntChallengeResponse(hex('10 2D B5 DF 08 5D 30 41'), 'MyPw'))).toBe(
    '4E9D3C8F9CFD385D5BF4D3246791956CA4C351AB409A3D61',
  );
});

test('a response is LAN Manager zeros, the NT response and the flag to use it, as XP sends it', () => {
  // The field facts: the value in pppd's log of a Windows XP client.
  const logged = hex(`${'00'.repeat(24)} 6ccf61cf357b9068cd243bdf21ffd8e796038a49124816bc 01`);
  const response = decodeMsChapV1Response(logged);
  expect(response).toEqual({
    ok: true,
    value: { ntResponse: logged.slice(24, 48), usesNtResponse: true },
  });
  expect(Uint8Array.from(encodeMsChapV1Response(logged.slice(24, 48)))).toEqual(logged);
  expect(decodeMsChapV1Response(logged.slice(1)).ok).toBe(false);
});
