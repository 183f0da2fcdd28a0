import { type Cell, cell, cellId } from '../cell.ts';
import type { MatrixAxis } from './axes.ts';
import { blocks, cellsOf } from './blocks.ts';
import { pairwiseCells } from './pairwise.ts';
import { makesSense } from './sense.ts';

export const covers = ['smoke', 'pairwise', 'full'] as const;
export type Cover = (typeof covers)[number];

/**
 * Cells of the matrix: one for each topology and profile (`smoke`); every pair of values (`pairwise`); or those and
 * the axes that act on each other, crossed completely (`full`). Each cell once; the same axes give the same cells in
 * the same order.
 */
export function matrixCells(cover: Cover, axes: readonly MatrixAxis[]): Cell[] {
  const make = { smoke: smokeCells, pairwise: pairwiseCells, full: fullCells }[cover];
  return [...new Map(make(axes).map((one) => [cellId(one), one])).values()];
}

/** Each client at the How-To's router, with the transform that they all share, and each responder with the usual client. */
function smokeCells(axes: readonly MatrixAxis[]): Cell[] {
  const valuesOf = (name: MatrixAxis['name']) =>
    axes.find((axis) => axis.name === name)?.values.map(String) ?? [];
  return valuesOf('topology').flatMap((topology) => [
    ...valuesOf('client').map((client) => cell(topology, { client, p1: '3des-sha1-modp1024' })),
    ...valuesOf('responder').map((responder) => cell(topology, { responder })),
  ]);
}

function fullCells(axes: readonly MatrixAxis[]): Cell[] {
  const crossed = blocks.flatMap((block) => [...cellsOf(block, axes)].filter(makesSense));
  return [...crossed, ...pairwiseCells(axes)];
}
