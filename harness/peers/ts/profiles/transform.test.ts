import { expect, test } from 'vitest';
import { phase1Text, phase2Text } from '../transform-text.ts';
import { parsePhase1, parsePhase2 } from './transform.ts';

test('what is read is what is written', () => {
  const texts = [
    '3des-sha1-modp1024',
    'des-md5-modp768',
    'aes256-sha256-modp2048',
    'aes192-sha384-modp1536',
    'aes128-sha512-modp3072',
    'aes256-sha1-modp4096',
    'aes256-sha1-ecp384',
    'aes128-sha1-ecp256',
  ];
  for (const text of texts) {
    const transform = parsePhase1(text);
    expect(transform && phase1Text({ ...transform, lifetimeSeconds: 1 })).toBe(text);
  }
  const esp = [
    '3des-md5',
    'null-sha1',
    'aes128-sha256',
    'aes128-sha256_96',
    'aes192ctr-sha384',
    'aes256ctr-sha512',
    'aes128gcm16',
    'aes256gcm16-esn',
    'aes128-sha1-esn',
  ];
  for (const text of esp) {
    const algorithms = parsePhase2(text);
    expect(algorithms && phase2Text(algorithms)).toBe(text);
  }
});

test('texts of transforms that nobody speaks are not read', () => {
  const none = [
    '3des-sha1',
    '3des-sha1-modp6144',
    '3des-sha224-modp1024',
    'rc4-sha1-modp1024',
    '3des-sha1-modp1024-x',
    '',
    'constructor-sha1-modp768',
  ];
  for (const text of none) expect(parsePhase1(text)).toBeUndefined();
  const noEsp = [
    '3des',
    '3des-sha1-modp1024',
    'null-toString',
    '',
    'esn',
    '3des-esn',
    'aes128gcm16-sha1',
    'aes128gcm16-esn-esn',
    'aes128gcm8',
    '3des-sha1-esn-x',
  ];
  for (const text of noEsp) expect(parsePhase2(text)).toBeUndefined();
});
