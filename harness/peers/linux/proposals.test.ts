import { expect, test } from 'vitest';
import { cell } from '../../cell.ts';
import { phase1Of, phase2Of, specificationsOf } from './proposals.ts';

const usual = { phase1: ['aes128-sha1-modp2048'], phase2: ['aes128-sha1'] };
const named = cell('direct', { p1: 'des-md5-modp768+3des-sha1-modp1024', p2: '4-1' });

test("the axes are the responder's; a client offers what it always does", () => {
  expect(phase1Of({ role: 'client', cell: named }, usual)).toEqual(usual.phase1);
  expect(phase2Of({ role: 'client', cell: named }, usual)).toEqual(usual.phase2);
});

test('a responder takes what the cell names, in its order', () => {
  const side = { role: 'responder', cell: named } as const;
  expect(phase1Of(side, usual)).toEqual(['des-md5-modp768', '3des-sha1-modp1024']);
  expect(phase2Of(side, usual)).toEqual(['des-md5', '3des-sha1']);
});

test('a responder takes the usual in phase 1 where the cell names nothing', () => {
  expect(phase1Of({ role: 'responder', cell: cell('direct') }, usual)).toEqual(usual.phase1);
});

test("the How-To's numbers end at four", () => {
  expect(() => specificationsOf('1-5')).toThrow(/no SA specification 5/);
});
