import { expect, test } from 'vitest';
import { clientProfiles, responderProfiles, surenessOf } from './profile-table.ts';

test('the clients and responders of the field are there, each as a cell names it', () => {
  // The list of the project's plan: these systems, and the script's router with whatever sets it.
  const clients = [
    'windows-2000',
    'windows-xp',
    'windows-xp-sp1-kb818043',
    'windows-xp-sp2',
    'windows-server-2003',
    'windows-vista',
    'windows-7',
    'windows-10',
    'macos',
    'android',
    'chromeos',
    'mikrotik',
    'cisco-ios',
  ];
  const names = clientProfiles().map(({ name }) => name);
  expect(names).toEqual(expect.arrayContaining(clients.map((name) => `ts:${name}`)));
  const responders = responderProfiles().map(({ name }) => name);
  expect(responders).toEqual(expect.arrayContaining(['ts:alliedware', 'ts:windows-server-2003', 'ts:plain']));
});

test('marks are counted wherever they are, and those of another reading are not', () => {
  const marked = (confidence: string) => ({ value: 1, source: 'x', confidence });
  const disputed = { ...marked('?'), otherReading: marked('V') };
  expect(surenessOf({ summary: 'x', a: marked('V'), l2tp: { b: marked('R'), c: disputed } })).toEqual({
    V: 1,
    D: 0,
    R: 1,
    '?': 1,
  });
});
