import { expect, test } from 'vitest';
import { shardOf } from './shard-option.ts';

test('a run is whole unless it is said to be a part', () => {
  expect(shardOf(undefined, {})).toBeUndefined();
  expect(shardOf(undefined, { JOB_COMPLETION_INDEX: '', CROSSNAT_SHARDS: '' })).toBeUndefined();
  // GitLab's predefined variables: the total is 1 where a job is not parallel, and there is no index then.
  expect(shardOf(undefined, { CI_NODE_TOTAL: '1' })).toBeUndefined();
  expect(shardOf('2/4', {})).toEqual({ index: 2, of: 4 });
});

test('jobs say which part they are: Kubernetes from 0, GitLab from 1; what is typed goes before', () => {
  const kubernetes = { JOB_COMPLETION_INDEX: '0', CROSSNAT_SHARDS: '4' };
  expect(shardOf(undefined, kubernetes)).toEqual({ index: 1, of: 4 });
  expect(shardOf(undefined, { ...kubernetes, JOB_COMPLETION_INDEX: '3' })).toEqual({ index: 4, of: 4 });
  expect(shardOf(undefined, { CI_NODE_INDEX: '1', CI_NODE_TOTAL: '4' })).toEqual({ index: 1, of: 4 });
  expect(shardOf('2/2', kubernetes)).toEqual({ index: 2, of: 2 });
});

test.each(['0/4', '5/4', '1', '1/0', 'a/b', '-1/2', '1/2/3'])('--shard %s is refused', (text) => {
  expect(() => shardOf(text, {})).toThrow(
    expect.objectContaining({ code: 'usage', remedy: expect.stringContaining('1/4') }),
  );
});

test.each<[Record<string, string>, string]>([
  [{ JOB_COMPLETION_INDEX: '4', CROSSNAT_SHARDS: '4' }, 'JOB_COMPLETION_INDEX=4 with CROSSNAT_SHARDS=4'],
  [{ JOB_COMPLETION_INDEX: 'one', CROSSNAT_SHARDS: '4' }, 'JOB_COMPLETION_INDEX=one with CROSSNAT_SHARDS=4'],
  [{ JOB_COMPLETION_INDEX: '1', CROSSNAT_SHARDS: '4.5' }, 'JOB_COMPLETION_INDEX=1 with CROSSNAT_SHARDS=4.5'],
  [{ JOB_COMPLETION_INDEX: ' ', CROSSNAT_SHARDS: '4' }, 'JOB_COMPLETION_INDEX=  with CROSSNAT_SHARDS=4'],
  [{ JOB_COMPLETION_INDEX: '0', CROSSNAT_SHARDS: '0' }, 'JOB_COMPLETION_INDEX=0 with CROSSNAT_SHARDS=0'],
  [{ JOB_COMPLETION_INDEX: '-1', CROSSNAT_SHARDS: '4' }, 'JOB_COMPLETION_INDEX=-1 with CROSSNAT_SHARDS=4'],
  [{ CI_NODE_INDEX: '0', CI_NODE_TOTAL: '4' }, 'CI_NODE_INDEX=0 with CI_NODE_TOTAL=4'],
  [{ CI_NODE_INDEX: '5', CI_NODE_TOTAL: '4' }, 'CI_NODE_INDEX=5 with CI_NODE_TOTAL=4'],
  [{ CI_NODE_INDEX: '1', CI_NODE_TOTAL: '0x4' }, 'CI_NODE_INDEX=1 with CI_NODE_TOTAL=0x4'],
])('so is what a job cannot mean: %j', (environment, found) => {
  expect(refusal(environment)).toMatchObject({ code: 'usage', found: `${found} makes no sense` });
});

test.each([
  [{ JOB_COMPLETION_INDEX: '1' }, 'JOB_COMPLETION_INDEX=1 without CROSSNAT_SHARDS', 'CROSSNAT_SHARDS to'],
  [{ CROSSNAT_SHARDS: '4' }, 'CROSSNAT_SHARDS=4 without JOB_COMPLETION_INDEX', 'JOB_COMPLETION_INDEX is 0'],
  [{ CI_NODE_INDEX: '1' }, 'CI_NODE_INDEX=1 without CI_NODE_TOTAL', 'CI_NODE_TOTAL to'],
  [{ CI_NODE_TOTAL: '4' }, 'CI_NODE_TOTAL=4 without CI_NODE_INDEX', 'CI_NODE_INDEX is 1'],
])('a job that says half of it does not play everything: %j', (environment, found, remedy) => {
  expect(refusal(environment)).toMatchObject({
    code: 'usage',
    found,
    remedy: expect.stringContaining(remedy),
  });
  // What is typed goes before, and can ask for everything.
  expect(shardOf('1/1', environment)).toEqual({ index: 1, of: 1 });
});

test('two jobs that say the same are one, and two that do not are refused', () => {
  const gitlab = { CI_NODE_INDEX: '2', CI_NODE_TOTAL: '3' };
  expect(shardOf(undefined, { ...gitlab, JOB_COMPLETION_INDEX: '1', CROSSNAT_SHARDS: '3' })).toEqual({
    index: 2,
    of: 3,
  });
  expect(refusal({ ...gitlab, JOB_COMPLETION_INDEX: '0', CROSSNAT_SHARDS: '3' })).toMatchObject({
    code: 'usage',
    found: 'the environment names two, 1/3 and 2/3',
    remedy: expect.stringContaining('--shard'),
  });
});

function refusal(environment: Record<string, string>): unknown {
  try {
    return shardOf(undefined, environment);
  } catch (error) {
    return error;
  }
}
