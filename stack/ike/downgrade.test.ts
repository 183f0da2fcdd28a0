import { expect, test } from 'vitest';
import type { EspAlgorithms } from '../sa.ts';
import type { Phase1Transform } from './config.ts';
import { passedOver, passedOverInPhase1 } from './downgrade.ts';

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

test('in phase 1 the cipher alone decides: of groups and hashes nothing is said', () => {
  const des: Phase1Transform = { encryption: 'des-cbc', hash: 'sha1', group: 1, lifetimeSeconds: 3600 };
  const tripleDes: Phase1Transform = { ...des, encryption: '3des-cbc', hash: 'md5', group: 2 };
  expect(passedOverInPhase1(des, [des, tripleDes])).toEqual(tripleDes);
  expect(passedOverInPhase1(tripleDes, [des, tripleDes])).toBeUndefined();
  expect(
    passedOverInPhase1(tripleDes, [tripleDes, { ...tripleDes, hash: 'sha2-256', group: 14 }]),
  ).toBeUndefined();
});
