import { expect, test } from 'vitest';
import { cell } from './cell.ts';
import { cellSettings, hurried } from './cell-settings.ts';
import { loadTopology } from './topologies.ts';

const topology = loadTopology('office-nat');

test('both ends have the same key unless the cell says otherwise', () => {
  const good = cellSettings(cell('office-nat'), topology, '1', 0);
  expect(good.clientPreSharedKey).toBe(good.preSharedKey);
  const wrong = cellSettings(cell('office-nat', { psk: 'wrong' }), topology, '1', 0);
  expect(wrong.clientPreSharedKey).not.toBe(wrong.preSharedKey);
  expect(wrong.preSharedKey).toBe(good.preSharedKey);
});

test('keys are of letters and digits, which is what the How-To asks for', () => {
  const wrongKey = cell('office-nat', { psk: 'wrong' });
  const { preSharedKey, clientPreSharedKey } = cellSettings(wrongKey, topology, '1', 0);
  expect([preSharedKey, clientPreSharedKey].join('')).toMatch(/^[A-Za-z0-9]+$/);
});

test("users have the passwords of the How-To's script", () => {
  expect(cellSettings(cell('office-nat'), topology, '1', 0)).toMatchObject({
    user: 'dialin1',
    password: 'friend1',
  });
  expect(cellSettings(cell('office-nat', { user: 'dialin2' }), topology, '1', 0).password).toBe('friend2');
  const wrong = cellSettings(cell('office-nat', { password: 'wrong' }), topology, '1', 0);
  expect(['friend1', 'friend2', 'friend3', 'friend4']).not.toContain(wrong.password);
});

test('an unknown user is a usage error with the nearest name', () => {
  expect(() => cellSettings(cell('office-nat', { user: 'dialin9' }), topology, '1', 0)).toThrow(
    expect.objectContaining({ code: 'usage', remedy: expect.stringContaining('Did you mean dialin') }),
  );
});

test('cells of one run draw from different seeds, and a retold cell from the same', () => {
  const seed = (p2: string) => cellSettings(cell('office-nat', { p2 }), topology, '1', 0).seed;
  expect(seed('1')).not.toBe(seed('2'));
  expect(seed('1')).toBe(seed('1'));
});

test('where SAs are to be replaced they live short lives, of which the phases end apart (rule LIFE-1)', () => {
  const of = (event: Parameters<typeof cell>[1]) =>
    cellSettings(cell('office-nat', event), topology, '1', 0).lifetimes;
  const lives = of({ event: 'rekey-by-responder' });
  expect(lives?.replacedBy).toBe('responder');
  expect(of({ event: 'rekey-by-client' })).toEqual({ ...lives, replacedBy: 'client' });
  const { phase1Seconds = 0, phase2Seconds = 0, marginSeconds = 0 } = lives ?? {};
  // A margin wider than half a life would be cut, and both phases would begin when nobody thinks so.
  expect(2 * marginSeconds).toBeLessThan(Math.min(phase1Seconds, phase2Seconds));
  expect(Math.abs(phase1Seconds - phase2Seconds)).toBeGreaterThan(2);
  expect(of({})).toBeUndefined();
  expect(of({ event: 'responder-restart' })).toBeUndefined();
});

test('only echoes that have to stay unanswered are hurried', () => {
  const played = (event: 'client-power-cut' | 'responder-restart') => {
    const asked = cell('office-nat', { event });
    return hurried(cellSettings(asked, topology, '1', 0), asked).echoSeconds;
  };
  expect(played('client-power-cut')).toBeLessThan(30);
  expect(played('responder-restart')).toBeUndefined();
});
