import { expect, test } from 'vitest';
import type { StandingLab } from '../reaper/labs.ts';
import { loadTopology } from '../topologies.ts';
import { keptText } from './kept.ts';

const times = { topology: 'office-nat', id: 'abcde', upMs: 1, connectingMs: [1], otherMs: [] };

/** A lab without the node of its topology that no cell needed. */
function standing(topology: string, id: string, absent = 'server'): StandingLab {
  const names = Object.keys(loadTopology(topology).nodes).filter((name) => name !== absent);
  const nodes = ['wire', ...names].map((name) => ({
    name,
    container: name,
    id: name,
    running: true,
    lab: id,
  }));
  return { id, topology, run: 'one', state: 'running', nodes };
}
const entered = (lines: readonly string[]) => lines.flatMap((line) => /-- (\S+)/.exec(line)?.[1] ?? []);

test('a kept lab says how to enter each node that it has, and how to take it down', () => {
  const lines = keptText([times], [standing('office-nat', 'abcde')], loadTopology);
  expect(lines[0]).toContain('office-nat is kept up (lab abcde)');
  const nodes = Object.keys(loadTopology('office-nat').nodes);
  expect(nodes).toContain('server');
  expect(entered(lines)).toEqual(nodes.filter((name) => name !== 'server'));
  expect(lines.at(-1)).toBe('  npm run down');
});

test('where several labs are kept, a node is named with its lab', () => {
  const labs = [times, { ...times, topology: 'direct', id: 'fghjk' }];
  const lines = keptText(labs, [standing('office-nat', 'abcde'), standing('direct', 'fghjk')], loadTopology);
  expect(entered(lines)).toEqual(expect.arrayContaining(['abcde/client', 'fghjk/client']));
});

test('a lab that went down, or is of another run, is not offered', () => {
  const all = [standing('office-nat', 'abcde')];
  expect(keptText([{ ...times, downMs: 300 }], all, loadTopology)).toEqual([]);
  expect(keptText([{ ...times, id: 'other' }], all, loadTopology)).toEqual([]);
  expect(keptText([times], [], loadTopology)).toEqual([]);
});
