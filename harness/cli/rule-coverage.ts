import { type Cell, cellId, peerOf } from '../cell.ts';
import type { Expectation } from '../expectation.ts';
import type { Entry } from '../oracle/table/entry.ts';
import { type Chapter, chapters } from '../oracle/table/table.ts';
import { peers } from '../peers/registry.ts';

/** A rule of the table, and the cells that show it. */
export interface RuleRow {
  readonly entry: Entry;
  readonly chapter: Chapter;
  /** Of those that were asked about: cells whose expectation it decided or had a part in. */
  readonly cells: number;
  /** The first of them. */
  readonly example: string | undefined;
}

export interface RuleTotals {
  readonly exercised: number;
  /** Built, and no cell shows it. */
  readonly idle: number;
  readonly notBuilt: number;
  readonly disputed: number;
}

/**
 * Every rule of the table with the cells that show it, in the order of the table. A cell that one of its peers declares
 * unsupported shows nothing.
 *
 * @param expect what is expected of each client of a cell
 */
export function ruleCoverage(
  cells: readonly Cell[],
  expect: (cell: Cell) => readonly Expectation[],
): RuleRow[] {
  const showing = new Map<string, string[]>();
  for (const cell of cells.filter(isPlayed)) {
    const ids = new Set(expect(cell).flatMap(({ rules }) => rules.map(({ id }) => id)));
    for (const id of ids) showing.set(id, [...(showing.get(id) ?? []), cellId(cell)]);
  }
  return Object.entries(chapters).flatMap(([chapter, entries]) =>
    entries.map((entry: Entry) => {
      const [example, ...others] = showing.get(entry.id) ?? [];
      const count = example === undefined ? 0 : others.length + 1;
      return { entry, chapter: chapter as Chapter, cells: count, example };
    }),
  );
}

function isPlayed(cell: Cell): boolean {
  return (['client', 'responder'] as const).every(
    (role) => peers.get(peerOf(cell[role]).peer)?.unsupported(cell, role) === undefined,
  );
}

/** Each rule counts once; what is not built never counts as covered. */
export function ruleTotals(rows: readonly RuleRow[]): RuleTotals {
  const built = rows.filter(({ entry }) => entry.state === 'built');
  const exercised = built.filter(({ cells }) => cells > 0).length;
  return {
    exercised,
    idle: built.length - exercised,
    notBuilt: rows.filter(({ entry }) => entry.state === 'not-built').length,
    disputed: rows.filter(({ entry }) => entry.state === 'disputed').length,
  };
}
