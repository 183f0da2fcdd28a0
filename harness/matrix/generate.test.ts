import { expect, test } from 'vitest';
import { axisDefaults, cellId, parseCellId } from '../cell.ts';
import { profileNames } from '../peers/ts/profiles/profile-file.ts';
import { topologyNames } from '../topologies.ts';
import { allOrders, matrixAxes } from './axes.ts';
import { covers, matrixCells } from './generate.ts';
import { isPlayed, makesSense } from './sense.ts';
import { natTimerEdges } from './testing/nat-timer-edges.ts';

const axes = matrixAxes();
const all = new Map(covers.map((cover) => [cover, matrixCells(cover, axes)]));
const idsOf = (cover: (typeof covers)[number]) => (all.get(cover) ?? []).map(cellId);

test('the orders of four SA specifications are 4, 12, 24 and 24', () => {
  const orders = allOrders();
  expect(new Set(orders).size).toBe(64);
  const ofLength = (length: number) => orders.filter((order) => order.split('-').length === length).length;
  expect([1, 2, 3, 4].map(ofLength)).toEqual([4, 12, 24, 24]);
});

test('the default of an axis comes first, and no value comes twice', () => {
  for (const { name, values, representatives = [] } of axes) {
    if (name !== 'topology') expect(values[0]).toBe(axisDefaults[name]);
    expect(new Set(values).size).toBe(values.length);
    for (const value of representatives) expect(values).toContain(value);
  }
});

test.each(covers)('%s has each cell once, all of them make sense and have ids that read back', (cover) => {
  const cells = all.get(cover) ?? [];
  expect(new Set(cells.map(cellId)).size).toBe(cells.length);
  for (const cell of cells) {
    if (!makesSense(cell)) expect(cellId(cell)).toBe('a cell that makes sense');
  }
  for (const cell of cells.slice(0, 500)) expect(parseCellId(cellId(cell))).toEqual(cell);
});

test('smoke has every topology with every client and every responder', () => {
  const ids = idsOf('smoke');
  for (const topology of topologyNames()) {
    const here = (all.get('smoke') ?? []).filter((cell) => cell.topology === topology);
    for (const role of ['client', 'responder'] as const) {
      const players = new Set(here.map((cell) => cell[role]));
      expect(players).toEqual(new Set(profileNames(role).map((name) => `ts:${name}`)));
    }
  }
  const players = profileNames('client').length + profileNames('responder').length;
  expect(ids.length).toBeLessThanOrEqual(topologyNames().length * players);
});

test('full has at least 10,000 cells that our stack plays, and everything that pairwise has', () => {
  const full = all.get('full') ?? [];
  expect(full.filter(isPlayed).length).toBeGreaterThanOrEqual(10_000);
  const ids = new Set(idsOf('full'));
  expect(idsOf('pairwise').filter((id) => !ids.has(id))).toEqual([]);
});

test('full has every order of the SA specifications with every client', () => {
  const played = new Set((all.get('full') ?? []).map(({ client, p2 }) => `${client} ${p2}`));
  expect(played.size).toBe(profileNames('client').length * 64);
});

test('a cell that a peer declines is a cell all the same', () => {
  const declined = (all.get('pairwise') ?? []).filter((cell) => !isPlayed(cell)).map(cellId);
  expect(declined).toContain('both-nat/auth=ms-chap-v2');
});

test('no cell lets chance decide whether a NAT still knows an idle connection', () => {
  const idle = (all.get('full') ?? []).filter(({ topology }) => topology === 'short-timeout-nat');
  expect(idle.length).toBeGreaterThan(100);
  expect(idle.flatMap(natTimerEdges)).toEqual([]);
});
