import { expect, test } from 'vitest';
import { shardOf } from './shard-option.ts';

test('a run is whole unless it is said to be a part', () => {
  expect(shardOf(undefined, {})).toBeUndefined();
  // An Indexed Job alone does not tell how many it has.
  expect(shardOf(undefined, { JOB_COMPLETION_INDEX: '1' })).toBeUndefined();
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

test('so is what a job cannot mean', () => {
  expect(() => shardOf(undefined, { JOB_COMPLETION_INDEX: '4', CROSSNAT_SHARDS: '4' })).toThrow(
    'JOB_COMPLETION_INDEX=4 with CROSSNAT_SHARDS=4 makes no sense',
  );
  expect(() => shardOf(undefined, { CI_NODE_INDEX: '0', CI_NODE_TOTAL: '4' })).toThrow('makes no sense');
});
