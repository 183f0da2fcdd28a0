import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { clientProfiles, responderProfiles } from './profile-table.ts';
import { profilesPage, profilesPageFile } from './profiles-page.ts';

test('docs/profiles.md shows the profiles as they are (`npm run docs` writes it anew)', () => {
  const page = readFileSync(profilesPageFile, 'utf8');
  expect(profilesPage(page)).toBe(page);
  for (const { name } of [...clientProfiles(), ...responderProfiles()])
    expect(page).toContain(`| \`${name}\` |`);
});

test('a stale page is noticed, and what is written by hand stays', () => {
  const page = readFileSync(profilesPageFile, 'utf8');
  const stale = page.replaceAll('as the stack has it', 'as it was once');
  expect(stale).not.toBe(page);
  expect(profilesPage(stale)).toBe(page);
  expect(() => profilesPage('# Profiles\n')).toThrow('lost its marker line');
});

test('disputed values stand with both readings', () => {
  const page = readFileSync(profilesPageFile, 'utf8');
  const line = page.split('\n').find((one) => one.startsWith('| `ts:windows-xp-sp2` | natRule |')) ?? '';
  expect(line).toContain('stop-after-nat-detection');
  expect(line).toContain('complete-but-send-no-esp');
});
