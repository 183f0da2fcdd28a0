import { expect, test } from 'vitest';
import { loadTopology } from '../topologies.ts';
import { keptText } from './kept.ts';

const lab = { topology: 'office-nat', id: 'abcde', upMs: 1, connectingMs: [1], otherMs: [] };

test('a kept lab says how to enter each node and how to take it down', () => {
  const lines = keptText([lab], loadTopology);
  expect(lines[0]).toContain('office-nat is kept up (lab abcde)');
  const nodes = Object.keys(loadTopology('office-nat').nodes);
  expect(lines.slice(1, -2).map((line) => /-- (\S+)/.exec(line)?.[1])).toEqual(nodes);
  expect(lines.at(-1)).toBe('  npm run down');
});

test('where several labs are kept, a node is named with its lab', () => {
  const lines = keptText([lab, { ...lab, topology: 'direct', id: 'fghjk' }], loadTopology).join('\n');
  expect(lines).toContain('npm run shell -- abcde/client');
  expect(lines).toContain('npm run shell -- fghjk/client');
});

test('a lab that went down is not offered', () => {
  expect(keptText([{ ...lab, downMs: 300 }], loadTopology)).toEqual([]);
});
