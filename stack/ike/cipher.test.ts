import { expect, test } from 'vitest';
import { fromHex, hex } from '../octets.ts';
import { decryptCbc, type EncryptionName, encryptCbc } from './cipher.ts';

// Name, cipher, key, IV, plain, sealed, each from the document in its name.
const vectors: [string, EncryptionName, string, string, string, string][] = [
  [
    'FIPS 81 table C1',
    'des-cbc',
    '0123456789abcdef',
    '1234567890abcdef',
    '4e6f77206973207468652074696d6520666f7220616c6c20',
    'e5c7cdde872bf27c43e934008c389c0f683788499a7c05f6',
  ],
  [
    'NIST SP 800-67 B.1, first block',
    '3des-cbc',
    '0123456789abcdef23456789abcdef01456789abcdef0123',
    '0000000000000000',
    '5468652071756663',
    'a826fd8ce53b855f',
  ],
  [
    'RFC 3602 4 case 2',
    'aes-cbc-128',
    'c286696d887c9aa0611bbb3e2025a45a',
    '562e17996d093d28ddb3ba695a2e6f58',
    '000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f',
    'd296cd94c2cccf8a3a863028b5e1dc0a7586602d253cfff91b8266bea6d61ab1',
  ],
  [
    'NIST SP 800-38A F.2.3, first block',
    'aes-cbc-192',
    '8e73b0f7da0e6452c810f32b809079e562f8ead2522c6b7b',
    '000102030405060708090a0b0c0d0e0f',
    '6bc1bee22e409f96e93d7e117393172a',
    '4f021db243bc633d7178183a9fa071e8',
  ],
  [
    'NIST SP 800-38A F.2.5, first block',
    'aes-cbc-256',
    '603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4',
    '000102030405060708090a0b0c0d0e0f',
    '6bc1bee22e409f96e93d7e117393172a',
    'f58c4c04d6e5f1ba779eabfb5f7bfbd6',
  ],
];

test.each(vectors)('%s', (_, name, key, iv, plain, sealed) => {
  expect(hex(encryptCbc(name, fromHex(key), fromHex(iv), fromHex(plain)))).toBe(sealed);
  expect(hex(decryptCbc(name, fromHex(key), fromHex(iv), fromHex(sealed)))).toBe(plain);
});
