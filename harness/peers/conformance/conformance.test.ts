import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { breaches } from './testing/breaches.ts';
import { conformance } from './testing/conformance.ts';
import { FakeWorld, type Quirks } from './testing/fake-world.ts';
import { type Role, roles } from './testing/opposite.ts';
import { rules } from './testing/rules.ts';

const signal = new AbortController().signal;

async function findingsOf(role: Role, quirks: Quirks = {}): Promise<string[]> {
  const { findings } = await conformance(new FakeWorld(role, quirks).bench, signal);
  return findings.map(({ rule, found }) => `${rule}: ${found}`);
}

test.each(roles)('a %s that keeps the contract has no findings', async (role) => {
  expect(await findingsOf(role)).toEqual([]);
});

const cases = breaches.flatMap(([what, rule, inRoles, quirks, found]) =>
  inRoles.map((role) => ({ what, rule, role, quirks, found })),
);

test.each(cases)('says no to a $role that $what: $rule', async ({ rule, role, quirks, found }) => {
  const findings = await findingsOf(role, quirks());
  const ofRule = findings.filter((finding) => finding.startsWith(`${rule}: `));
  expect(ofRule).toContainEqual(expect.stringContaining(found));
});

test('the logs are those of the cell in which the first rule was broken', async () => {
  const quirks = { losesPings: true };
  const { logs } = await conformance(new FakeWorld('client', quirks).bench, signal);
  expect(logs).toEqual({ client: 'log of cell 1', responder: 'log of cell 1' });
  expect((await conformance(new FakeWorld('client').bench, signal)).logs).toBeUndefined();
});

test('the page about adding a peer has every rule, in the same words', () => {
  const page = readFileSync(join(import.meta.dirname, '../../../docs/adding-a-peer.md'), 'utf8');
  for (const [rule, words] of Object.entries(rules)) expect(page).toContain(`| \`${rule}\` | ${words} |\n`);
});

test('every rule that takes a peer to show has a case in which the probe says no', () => {
  const declared = ['image', 'refusals', 'playable'];
  const shown = new Set([...declared, ...cases.map(({ rule }) => rule)]);
  expect(Object.keys(rules).filter((rule) => !shown.has(rule))).toEqual([]);
});
