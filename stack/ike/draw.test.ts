import { expect, test } from 'vitest';
import { drawCookie, drawMessageId, drawQuickModeId, drawSpi } from './draw.ts';
import { rolesOf } from './roles.ts';
import { SaTable } from './sa-table.ts';
import { initiatorConfig } from './testing/configs.ts';

/** A random source at its worst: the same octet for ever. */
const constant = (octet: number) => (length: number) => new Uint8Array(length).fill(octet);

test('a cookie is never zero (RFC 2408 3.1)', () => {
  expect(drawCookie(constant(0)).some((octet) => octet !== 0)).toBe(true);
  expect(drawCookie(constant(7))).toEqual(new Uint8Array(8).fill(7));
});

test('an SPI is none of the reserved 0 to 255 (RFC 4303 2.1)', () => {
  const state = { config: initiatorConfig, roles: rolesOf(initiatorConfig), table: new SaTable() };
  expect(drawSpi({ ...state, random: constant(0) })).toBe(256);
  expect(drawSpi({ ...state, random: constant(0xff) })).toBe(0xffffffff);
});

test('a message id is never 0 and never used twice, whatever the random source gives', () => {
  const sa = { usedMessageIds: new Set<number>() };
  expect([1, 2, 3].map(() => drawMessageId(constant(0), sa))).toEqual([1, 2, 3]);
  expect([1, 2].map(() => drawMessageId(constant(0xff), sa))).toEqual([0xffffffff, 4]);
});

test('quick modes are counted from 1 under each ISAKMP SA, or drawn (field facts B)', () => {
  const random = () => Uint8Array.of(0, 0, 0, 9);
  const sa = { usedMessageIds: new Set([2]) };
  const counting = () => drawQuickModeId({ messageIds: 'counting' }, random, sa);
  expect([counting(), counting(), counting()]).toEqual([1, 3, 4]);
  expect(drawQuickModeId({}, random, sa)).toBe(9);
  expect(drawQuickModeId({ messageIds: 'random' }, random, sa)).toBe(10);
  expect(drawQuickModeId({ messageIds: 'counting' }, random, { usedMessageIds: new Set() })).toBe(1);
});
