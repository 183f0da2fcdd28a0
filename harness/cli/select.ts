import { type Cell, cellId, parseCellId, peerOf } from '../cell.ts';
import { CrossnatError } from '../error.ts';
import { suggestion } from '../suggestion.ts';
import type { Topology } from '../topology.ts';

/** Which cells the person asked for; an absent filter lets every cell through. */
export interface CellFilter {
  readonly topology?: string | undefined;
  /** `peer` or `peer:profile`. */
  readonly client?: string | undefined;
  readonly responder?: string | undefined;
  /** A regular expression on the cell's id. */
  readonly grep?: string | undefined;
  /** Exactly this cell, listed or not. */
  readonly cell?: string | undefined;
}

/** What there is to choose from. */
export interface Choice {
  readonly listed: readonly Cell[];
  readonly topologies: readonly string[];
  readonly peers: readonly string[];
  readonly loadTopology: (name: string) => Topology;
}

export function hasFilter(filter: CellFilter): boolean {
  return Object.values(filter).some((value) => value !== undefined);
}

/** The cells that a filter selects, in listed order. Throws a usage error with the nearest name where it selects none. */
export function selectCells(filter: CellFilter, choice: Choice): readonly Cell[] {
  const { cell: id, ...others } = filter;
  if (id !== undefined) {
    if (hasFilter(others)) {
      throw usage('--cell names one cell and goes with no other filter', 'Leave the other filters out');
    }
    return [exactCell(id, choice)];
  }
  checkNames(filter, choice);
  const pattern = filter.grep === undefined ? undefined : expression(filter.grep);
  const selected = choice.listed.filter(
    (cell) =>
      (filter.topology === undefined || cell.topology === filter.topology) &&
      isPlayedBy(cell.client, filter.client) &&
      isPlayedBy(cell.responder, filter.responder) &&
      (pattern?.test(cellId(cell)) ?? true),
  );
  if (selected.length === 0) throw nothingSelected(filter, choice);
  return selected;
}

function exactCell(id: string, { topologies, peers, loadTopology }: Choice): Cell {
  const cell = parseCellId(id);
  const doing = `reading the cell id ${JSON.stringify(id)}`;
  known(doing, 'topology', cell.topology, topologies);
  known(doing, 'NAT variant', cell.nat, ['default', ...Object.keys(loadTopology(cell.topology).variants)]);
  for (const value of [cell.client, cell.responder]) known(doing, 'peer', peerOf(value).peer, peers);
  return cell;
}

function checkNames(
  { topology, client, responder }: CellFilter,
  { topologies, peers, listed }: Choice,
): void {
  const doing = 'reading the options';
  if (topology !== undefined) known(doing, 'topology', topology, topologies);
  for (const [role, value] of [
    ['client', client],
    ['responder', responder],
  ] as const) {
    if (value === undefined) continue;
    const played = listed.map((cell) => cell[role]);
    known(doing, role, value, [...new Set([...peers, ...played])]);
  }
}

function isPlayedBy(value: string, wanted: string | undefined): boolean {
  return wanted === undefined || value === wanted || peerOf(value).peer === wanted;
}

function expression(text: string): RegExp {
  try {
    return new RegExp(text);
  } catch (cause) {
    const found = cause instanceof Error ? cause.message : String(cause);
    throw usage(found, 'Write a regular expression, such as --grep p2=1');
  }
}

function known(doing: string, what: string, value: string, names: readonly string[]): void {
  if (names.includes(value)) return;
  const found = `there is no ${what} ${JSON.stringify(value)}`;
  throw new CrossnatError('usage', { doing, found, remedy: suggestion(value, names) });
}

function nothingSelected(filter: CellFilter, { listed }: Choice): CrossnatError {
  const given = Object.entries(filter)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `--${name} ${value}`)
    .join(' ');
  return usage(
    `no cell matches ${given || 'the suites: they list none'}`,
    `npm test -- --list shows all ${listed.length} cells; --cell ID plays one that no suite lists`,
  );
}

function usage(found: string, remedy: string): CrossnatError {
  return new CrossnatError('usage', { doing: 'selecting the cells', found, remedy });
}
