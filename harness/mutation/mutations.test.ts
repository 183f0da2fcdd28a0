import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { DataChannel } from '../../stack/l2tp/data-channel.ts';
import { parseCellId } from '../cell.ts';
import { withClients } from '../client-places.ts';
import { EmbeddedNetwork } from '../fabric/embedded/embedded-network.ts';
import { probeBox } from '../fabric/embedded/probe-boxes.ts';
import { plannedProbes } from '../fabric/probe/probes.ts';
import { networkSettings } from '../network-settings.ts';
import { loadTopology } from '../topologies.ts';
import { mutations } from './mutations.ts';
import { MutationSuite } from './suite.ts';
import { noticedByProbe, survivors } from './survivors.ts';

const suite = new MutationSuite([]);
const noticed = mutations.filter(({ name }) => !(name in survivors));

test('at least 225 defects are planted, each under a name of its own, and every survivor is one of them', () => {
  const names = mutations.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
  expect(names.length).toBeGreaterThanOrEqual(225);
  expect(names).toEqual(expect.arrayContaining(Object.keys(survivors)));
});

// `npm run mutate` plays all of them.
test.each(noticed.filter((_, index) => index % 8 === 0).map((one) => [one.name, one] as const))(
  '%s: a cell that passes without it turns red',
  (_, mutation) => {
    const { red, unfit } = suite.result(mutation);
    expect(unfit).toEqual([]);
    expect(mutation.cells).toContain(red);
  },
);

test('a defect that changes nothing turns nothing red', () => {
  const nothing = { name: 'nothing', cells: ['direct'], planted: {} } as const;
  expect(suite.result(nothing)).toEqual({ name: 'nothing', red: undefined, why: undefined, unfit: [] });
});

test('a cell that fails by itself proves nothing, and others are asked', () => {
  const wrongKey = mutations.find(({ name }) => name === 'the client has another key');
  if (!wrongKey) throw new Error('the list has changed');
  const broken = 'direct/user=nobody';
  expect(new MutationSuite([]).result({ ...wrongKey, cells: [broken] })).toMatchObject({
    red: undefined,
    unfit: [broken],
  });
});

test('a cell that cannot be played with a defect has not noticed it', () => {
  const wired = () => {
    throw new RangeError('no such box');
  };
  const planted = { name: 'unplayable', cells: ['direct'], planted: { wired } } as const;
  expect(suite.result(planted)).toMatchObject({ red: undefined, unfit: [] });
});

test('what is changed in the class of an engine is as it was once the cell is over', () => {
  const before = Object.getOwnPropertyDescriptor(DataChannel.prototype, 'wrap')?.value;
  const mutation = mutations.find(
    ({ name }) => name === 'the responder sends data under the id of another tunnel',
  );
  if (!mutation) throw new Error('the list has changed');
  expect(suite.result(mutation).red).toBe('direct');
  expect(Object.getOwnPropertyDescriptor(DataChannel.prototype, 'wrap')?.value).toBe(before);
});

/** What the probes of a topology's boxes say where the boxes are otherwise than its settings have them. */
function mismatches(id: string, planted: (typeof mutations)[number]['planted']): number {
  const cell = parseCellId(id);
  const topology = withClients(loadTopology(cell.topology), 2);
  const declared = networkSettings(topology, cell.nat);
  const built = planted.surroundings?.(declared, topology) ?? declared;
  return plannedProbes(
    topology,
    declared,
    () => 2,
    () => 'by-waiting',
  ).reduce(
    (sum, { site, probe }) =>
      sum + probeBox(new EmbeddedNetwork(topology, built, 'probe'), site, probe()).length,
    0,
  );
}

test.each(noticedByProbe)('%s: no cell notices, and the probe of the box does', (wanted) => {
  const mutation = mutations.find(({ name }) => name === wanted);
  expect(mutation && mismatches('shared-nat', mutation.planted)).toBeGreaterThan(0);
  expect(mismatches('shared-nat', {})).toBe(0);
});

test('the page has every survivor with why, and no other', () => {
  const page = readFileSync(join(import.meta.dirname, '..', '..', 'docs', 'mutations.md'), 'utf8');
  const rows = page.split('\n').filter((line) => line.startsWith('| '));
  expect(rows.slice(1)).toEqual(Object.entries(survivors).map(([name, why]) => `| ${name} | ${why} |`));
});
