import { expect, test } from 'vitest';
import { readIkeKeys } from './ike-keys.ts';

// As charon 5.9.8 logs its key, at the responder of a connection that decrypted with it; the key is another one.
const log = (who: string, second = '> ') => `05[IKE] <${who}> SKEYID_e => 32 bytes @ 0x5c003310
05[IKE] <${who}>    0: FF FF FF FF FF FF FF FF FF FF FF FF FF FF FF FF  ................
05[IKE] <${who}>   16: FF FF FF FF FF FF FF FF FF FF FF FF FF FF FF FF  ................
05[IKE] <${who}> encryption key Ka => 24 bytes @ 0x5c003310
05[IKE] <${who}>    0: 00 01 02 03 04 05 06 07 08 09 0A 0B 0C 0D 0E 41  ...............A
05[IKE] <${who}${second}  16: 10 11 12 13 14 15 16 17                          ........
05[IKE] <${who}> initial IV => 16 bytes @ 0x5c003310
05[IKE] <${who}>    0: E9 CC AE 6D 4B B4 6A BD 01 04 41 E1 04 C0 75 EF  ...mK.j...A...u.
`;
// As swanctl prints them: at a responder, and at an initiator.
const responders = `l2tp: #2, ESTABLISHED, IKEv1, 9e6323db45642867_i ad0942c13acd1e92_r*
  local  '198.18.2.10' @ 198.18.2.10[4500]
l2tp: #1, ESTABLISHED, IKEv1, d1b634808fb69eb0_i bc47bf7c06e76c76_r*
`;
const initiators = 'l2tp: #1, ESTABLISHED, IKEv1, d1b634808fb69eb0_i* bc47bf7c06e76c76_r\n';
const key = '000102030405060708090a0b0c0d0e411011121314151617';

test('gives the key of each SA that stands, under its cookie', () => {
  expect(readIkeKeys(log('1') + log('2') + responders)).toEqual([
    { initiatorCookie: '9e6323db45642867', key },
    { initiatorCookie: 'd1b634808fb69eb0', key },
  ]);
  expect(readIkeKeys(log('l2tp|1') + initiators)).toEqual([{ initiatorCookie: 'd1b634808fb69eb0', key }]);
});

test('an SA without a key, or a key that is cut, gives none', () => {
  expect(readIkeKeys(log('1') + responders)).toHaveLength(1);
  expect(readIkeKeys(log('11') + initiators)).toEqual([]);
  expect(readIkeKeys(log('1', ' and more') + initiators)).toEqual([]);
  expect(readIkeKeys(log('1'))).toEqual([]);
  expect(readIkeKeys('')).toEqual([]);
});
