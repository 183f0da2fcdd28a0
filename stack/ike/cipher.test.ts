import { expect, test } from 'vitest';
import { fromHex, hex } from '../octets.ts';
import { cipherVectors } from '../testing/cipher-vectors.ts';
import { decryptCbc, encryptCbc } from './cipher.ts';

test.each(cipherVectors)('%s', (_, name, key, iv, plain, sealed) => {
  expect(hex(encryptCbc(name, fromHex(key), fromHex(iv), fromHex(plain)))).toBe(sealed);
  expect(hex(decryptCbc(name, fromHex(key), fromHex(iv), fromHex(sealed)))).toBe(plain);
});
