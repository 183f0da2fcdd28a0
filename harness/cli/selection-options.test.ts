import { expect, test } from 'vitest';
import { type Given, selectionOptions, wheresOf } from './selection-options.ts';

const options = (given: Given) => selectionOptions(given, {});

test('the matrix is asked for by its name or by how much of it', () => {
  expect(options({}).cover).toBeUndefined();
  expect(options({ matrix: true }).cover).toBe('pairwise');
  expect(options({ cover: 'full' }).cover).toBe('full');
  expect(() => options({ cover: 'ful' })).toThrow(
    expect.objectContaining({ code: 'usage', remedy: expect.stringContaining('Did you mean full?') }),
  );
});

test('where may come several times', () => {
  expect(wheresOf({})).toBeUndefined();
  expect(wheresOf({ where: [] })).toBeUndefined();
  expect(wheresOf({ where: ['p2=1', 'psk!=wrong'] })?.map(({ axis, negated }) => [axis, negated])).toEqual([
    ['p2', false],
    ['psk', true],
  ]);
});

test.each<[Given, string]>([
  [{ resume: 'latest', topology: 'direct' }, '--resume with --topology'],
  [{ resume: 'latest', seed: '2' }, '--resume with --seed'],
  [{ resume: 'latest', tier: 'nightly' }, '--resume with --tier'],
  [{ resume: 'latest', tier: 'gate', repeat: '2' }, '--resume with --repeat'],
  [{ resume: 'latest', repeat: '1', shuffle: true }, '--resume with --shuffle'],
  [{ resume: 'latest', where: ['p2=1'] }, '--resume with another selection'],
  [{ resume: 'latest', matrix: true }, '--resume with another selection'],
  [{ lastFailed: true, matrix: true }, '--last-failed with --matrix'],
])('%j contradicts itself', (given, found) => {
  expect(() => options(given)).toThrow(found);
});

test('a run that is resumed has the shard that it began with, whatever the job says', () => {
  const job = { JOB_COMPLETION_INDEX: '1', CROSSNAT_SHARDS: '4' };
  expect(selectionOptions({}, job).shard).toEqual({ index: 2, of: 4 });
  // As commander gives what was not typed.
  const given = { resume: 'latest', tier: 'gate', repeat: '1' };
  expect(selectionOptions(given, job).shard).toBeUndefined();
});
