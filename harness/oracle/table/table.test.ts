import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ruleTable } from '../oracle.ts';
import { sources, titleOf } from '../sources.ts';
import type { Entry } from './entry.ts';
import { entries, entryOf } from './table.ts';
import { tableComplaints } from './testing/complaints.ts';

test('the table and the rules that are built fit each other', () => {
  expect(
    tableComplaints(
      entries,
      ruleTable.map(({ id }) => id),
    ),
  ).toEqual([]);
});

test('rules of systems that nothing here speaks stand in the table, and there is no code for them', () => {
  const later = ['CISCO-1', 'CISCO-2', 'CERT-1', 'PPTP-1', 'PPTP-2', 'NAT-12', 'PPP-9', 'PPP-12'];
  expect(later.map((id) => entryOf(id).state)).toEqual(later.map(() => 'not-built'));
});

const right: Entry = {
  id: 'ONE',
  when: 'always',
  must: 'connect',
  source: ['RFC 3947 section 4'],
  confidence: 'V',
  state: 'built',
};

test.each<[string, readonly Entry[], readonly string[], string]>([
  ['a rule without code', [right], [], 'ONE stands as built, and there is no code for it'],
  ['code without a rule', [], ['ONE'], 'there is code for ONE, which the table does not have'],
  ['a rule that stands twice', [right, right], ['ONE'], 'ONE stands in the table twice'],
  ['code that is there twice', [right], ['ONE', 'ONE'], 'there is code for ONE twice'],
  [
    'code for what is not built',
    [{ ...right, state: 'not-built', why: 'no time' }],
    ['ONE'],
    'ONE stands as not built, and there is code for it',
  ],
  ['no reason', [{ ...right, state: 'not-built' }], [], 'ONE is not built, and nothing says why'],
  ['a reason too many', [{ ...right, why: 'no time' }], ['ONE'], 'ONE says why it is not built, and is'],
  [
    'a dispute without readings',
    [{ ...right, state: 'disputed' }],
    ['ONE'],
    'ONE is disputed, and has no readings',
  ],
  [
    'parts of what is not built',
    [{ ...right, state: 'not-built', why: 'no time', unplayed: 'half' }],
    [],
    'ONE is not built, and tells parts that are not played',
  ],
  ['no source', [{ ...right, source: [] }], ['ONE'], 'ONE names no source'],
  ['an unknown source', [{ ...right, source: ['hearsay'] }], ['ONE'], 'ONE names an unknown source: hearsay'],
])('the checker says no to %s', (_, table, built, complaint) => {
  expect(tableComplaints(table, built)).toEqual([complaint]);
});

test('an unknown id is an error that names it', () => {
  expect(() => entryOf('NAT-99')).toThrow('it has no rule NAT-99');
});

const page = readFileSync(join(import.meta.dirname, '../../../docs/sources.md'), 'utf8').replaceAll(
  /[*`]/g,
  '',
);

test('every source that a rule names is on the page of sources, by its public title', () => {
  const named = new Set(entries.flatMap(({ source }) => source.map((text) => titleOf(text) ?? text)));
  const isOnPage = (title: string) =>
    title.startsWith('RFC ') ? page.includes(`${title} (`) : page.includes(title);
  expect([...named].filter((title) => !isOnPage(title))).toEqual([]);
});

test('no title is kept that no rule names', () => {
  const named = entries.flatMap(({ source }) => source.map(titleOf));
  expect(sources.filter((title) => !named.includes(title))).toEqual([]);
});

test('a standard is cited by its number and a place in it, and by nothing that only looks like one', () => {
  expect(titleOf('RFC 3947 sections 3.2, 5.1')).toBe('RFC 3947');
  expect(titleOf('RFC 4787 REQ-5a')).toBe('RFC 4787');
  expect(titleOf('RFC 3947 (SHOULD)')).toBe('RFC 3947');
  expect(titleOf('RFC three')).toBeUndefined();
});
