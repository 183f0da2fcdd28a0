import type { CbcCipher } from '../cbc.ts';

const ascii = (text: string) => Buffer.from(text).toString('hex');

/** For tests: name, cipher, key, IV, plain and encrypted octets, each from the document in its name. */
export const cipherVectors: [string, CbcCipher, string, string, string, string][] = [
  [
    'RFC 3602 4 case 1',
    'aes-cbc-128',
    '06a9214036b8a15b512e03d534120006',
    '3dafba429d9eb430b422da802c9fac41',
    ascii('Single block msg'),
    'e353779c1079aeb82708942dbe77181a',
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
    'RFC 3602 4 case 3',
    'aes-cbc-128',
    '6c3ea0477630ce21a2ce334aa746c2cd',
    'c782dc4c098c66cbd9cd27d825682c81',
    ascii('This is a 48-byte message (exactly 3 AES blocks)'),
    'd0a02b3836451753d493665d33f0e8862dea54cdb293abc7506939276772f8d5021c19216bad525c8579695d83ba2684',
  ],
  [
    'RFC 3602 4 case 4',
    'aes-cbc-128',
    '56e47a38c5598974bc46903dba290349',
    '8ce82eefbea0da3c44699ed7db51b7d9',
    'a0a1a2a3a4a5a6a7a8a9aaabacadaeafb0b1b2b3b4b5b6b7b8b9babbbcbdbebfc0c1c2c3c4c5c6c7c8c9cacbcccdcecfd0d1d2d3d4d5d6d7d8d9dadbdcdddedf',
    'c30e32ffedc0774e6aff6af0869f71aa0f3af07a9a31a9c684db207eb0ef8e4e35907aa632c3ffdf868bb7b29d3d46ad83ce9f9a102ee99d49a53e87f4c3da55',
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
  [
    'FIPS 81 table C1',
    'des-cbc',
    '0123456789abcdef',
    '1234567890abcdef',
    ascii('Now is the time for all '),
    'e5c7cdde872bf27c43e934008c389c0f683788499a7c05f6',
  ],
  [
    'NIST SP 800-67 B.1, first block (ECB: one block of CBC with a zero IV)',
    '3des-cbc',
    '0123456789abcdef23456789abcdef01456789abcdef0123',
    '0000000000000000',
    ascii('The qufc'),
    'a826fd8ce53b855f',
  ],
  [
    'NIST CAVP TCBCMMT3 count 0',
    '3des-cbc',
    '627f460e08104a1043cd265d5840eaf1313edf97df2a8a8c',
    '8e29f75ea77e5475',
    '326a494cd33fe756',
    'b22b8d66de970692',
  ],
];
