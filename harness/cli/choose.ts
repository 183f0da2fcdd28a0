import { type MatrixAxis, matrixAxes } from '../matrix/axes.ts';
import { matrixCells } from '../matrix/generate.ts';
import { peers } from '../peers/registry.ts';
import { loadTopology, topologyNames } from '../topologies.ts';
import { lastFailed } from './earlier-run.ts';
import { type CellFilter, type Choice, type Selection, selectCells } from './select.ts';
import { type ListedCell, listedCells } from './suites.ts';
import type { TestOptions } from './test-options.ts';
import { defaultTier } from './tier.ts';
import { parseWhere, valuePasses, type Where } from './where.ts';

/** What the options select: of the suites' cells, of the matrix, or of what failed last. Throws a usage error where that is nothing. */
export async function chooseCells(options: TestOptions): Promise<Selection> {
  const world = { topologies: topologyNames(), peers: [...peers.keys()], loadTopology };
  const choice: Choice = { ...world, ...(await sourceOf(options)) };
  return selectCells(options.filter, options.tier, choice);
}

async function sourceOf({
  cover,
  lastFailed: onlyFailed,
  filter,
  results,
}: TestOptions): Promise<Pick<Choice, 'listed' | 'source'>> {
  if (cover !== undefined) {
    const axes = matrixAxes();
    const valuesOf = (name: string) => axes.find((axis) => axis.name === name)?.values.map(String) ?? [];
    const listed = matrixCells(cover, narrowed(axes, filter)).map(inAnyTier);
    return { listed, source: { command: `npm test -- --matrix --cover ${cover}`, valuesOf } };
  }
  if (!onlyFailed) return { listed: await listedCells() };
  const failed = lastFailed(results);
  const valuesOf = (name: keyof (typeof failed)[number]) => failed.map((cell) => String(cell[name]));
  return {
    listed: failed.map(inAnyTier),
    source: { command: 'npm test -- --last-failed', valuesOf },
  };
}

/** Tiers are of suites; what no suite lists is for whoever asks for it. */
function inAnyTier(cell: ListedCell['cell']): ListedCell {
  return { cell, tier: defaultTier };
}

/** The axes with what a filter leaves of them, so that every pair of that is covered. */
function narrowed(
  axes: readonly MatrixAxis[],
  { topology, client, responder, where = [] }: CellFilter,
): MatrixAxis[] {
  const peer = (role: string, wanted: string | undefined) =>
    wanted === undefined ? [] : [parseWhere(`${role}=${wanted},${wanted}:*`)];
  const all: Where[] = [
    ...where,
    ...(topology === undefined ? [] : [parseWhere(`topology=${topology}`)]),
    ...peer('client', client),
    ...peer('responder', responder),
  ];
  return axes.map((axis) => {
    const same = all.filter(({ axis: name }) => name === axis.name);
    const left = (values: readonly (string | number)[]) =>
      values.filter((value) => valuePasses(String(value), same));
    const { representatives, masking = [], ...unmasked } = axis;
    const representing = representatives && left(representatives);
    const values = left(axis.values);
    // Where all that is left stops every cell, nothing is hidden that was asked for.
    if (values.every((value) => masking.includes(value))) return { ...unmasked, values };
    // Where a filter leaves none of them, all that it leaves stand for themselves.
    if (!representing || representing.length === 0) {
      const { representatives: _, ...others } = axis;
      return { ...others, values };
    }
    return { ...axis, values, representatives: representing };
  });
}
