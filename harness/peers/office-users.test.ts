import { expect, test } from 'vitest';
import { cell } from '../cell.ts';
import { fixedAddresses, knownCallers } from './office-users.ts';

const callers = [
  { user: 'dialin1', password: 'friend1' },
  { user: 'dialin2', password: 'friend2' },
];

// The user database that the How-To's script sets up.
test('everybody who calls is known, and who has an address of its own keeps it', () => {
  expect(knownCallers(cell('direct'), { callers })).toEqual([
    { user: 'dialin1', password: 'friend1', address: '192.168.8.50' },
    { user: 'dialin2', password: 'friend2' },
  ]);
  expect(fixedAddresses).toEqual(['192.168.8.50', '192.168.8.51']);
});

test("a wrong password is the client's: the office has another", () => {
  const known = knownCallers(cell('direct', { password: 'wrong' }), { callers });
  expect(known.map(({ user }) => user)).toEqual(['dialin1', 'dialin2']);
  for (const { password } of known) expect(callers.map((each) => each.password)).not.toContain(password);
});

test('a stranger stays one', () => {
  const stranger = { user: 'roadwarrior', password: 'let-me-in' };
  expect(knownCallers(cell('direct'), { callers: [stranger] })).toEqual([]);
});
