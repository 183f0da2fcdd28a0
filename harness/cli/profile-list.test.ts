import { expect, test } from 'vitest';
import { clientProfiles, responderProfiles } from '../profile-table.ts';
import { profilesJson, profilesText } from './profile-list.ts';

test('every profile is named as a cell names it, with what it is', () => {
  const lines = profilesText().split('\n');
  for (const { name, summary } of [...clientProfiles(), ...responderProfiles()]) {
    const line = lines.find((one) => one.trimStart().startsWith(`${name} `) && one.includes(summary));
    expect(line).toMatch(/\[V \d+, D \d+, R \d+, \? \d+\]$/);
  }
});

test('programs get the same as JSON', () => {
  const { clients, responders } = JSON.parse(profilesJson());
  expect(clients).toContainEqual(expect.objectContaining({ name: 'ts:windows-7' }));
  expect(responders).toContainEqual(expect.objectContaining({ name: 'ts:alliedware' }));
});
