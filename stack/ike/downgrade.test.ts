import { expect, test } from 'vitest';
import type { EspAlgorithms } from '../sa.ts';
import { passedOver } from './downgrade.ts';

/** The How-To's four SA specifications, strongest first. */
const tripleDesSha: EspAlgorithms = { encryption: '3des-cbc', integrity: 'hmac-sha1-96' };
const tripleDesMd5: EspAlgorithms = { encryption: '3des-cbc', integrity: 'hmac-md5-96' };
const desSha: EspAlgorithms = { encryption: 'des-cbc', integrity: 'hmac-sha1-96' };
const desMd5: EspAlgorithms = { encryption: 'des-cbc', integrity: 'hmac-md5-96' };

test('DES chosen where 3DES was common was a downgrade', () => {
  expect(passedOver(desMd5, [desMd5, desSha, tripleDesMd5, tripleDesSha])).toEqual(tripleDesSha);
});

test('the cipher counts before the hash', () => {
  expect(passedOver(desSha, [desSha, tripleDesMd5])).toEqual(tripleDesMd5);
  expect(passedOver(tripleDesMd5, [desSha, tripleDesMd5])).toBeUndefined();
});

test('the strongest of what is common is no downgrade', () => {
  expect(passedOver(tripleDesSha, [tripleDesSha, tripleDesMd5, desSha, desMd5])).toBeUndefined();
  expect(passedOver(desMd5, [desMd5])).toBeUndefined();
});
