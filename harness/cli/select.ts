import { axisDefaults, type Cell, cellId, parseCellId, peerOf } from '../cell.ts';
import { CrossnatError } from '../error.ts';
import { impairmentOf, knownImpair } from '../impairment.ts';
import { networkSettings } from '../network-settings.ts';
import { suggestion } from '../suggestion.ts';
import type { Topology } from '../topology.ts';
import { shellWord } from './shell-word.ts';
import type { ListedCell } from './suites.ts';
import { defaultTier, includesTier, type Tier, tiersOf } from './tier.ts';
import { checkWheres, type FilterAxis, passes, type Where } from './where.ts';

/** Which cells the person asked for; an absent filter lets every cell through. */
export interface CellFilter {
  readonly topology?: string | undefined;
  /** `peer` or `peer:profile`. */
  readonly client?: string | undefined;
  readonly responder?: string | undefined;
  /** A regular expression on the cell's id. */
  readonly grep?: string | undefined;
  /** Exactly this cell, listed or not, of whatever tier. */
  readonly cell?: string | undefined;
  /** How one end of each selected cell misbehaves: a value of the axis. */
  readonly impair?: string | undefined;
  /** By any axis. */
  readonly where?: readonly Where[] | undefined;
}

/** What there is to choose from. */
export interface Choice {
  readonly listed: readonly ListedCell[];
  readonly topologies: readonly string[];
  readonly peers: readonly string[];
  readonly loadTopology: (name: string) => Topology;
  /** Where not suites list the cells: what does, as it is typed, and all values that it has for an axis. */
  readonly source?: {
    readonly command: string;
    readonly valuesOf: (axis: FilterAxis) => readonly string[];
  };
}

export function hasFilter(filter: CellFilter): boolean {
  return Object.values(filter).some((value) => value !== undefined);
}

/** What a run plays, and what it leaves to a higher tier. */
export interface Selection {
  /** In listed order. `tier` is absent where no suite lists the cell. */
  readonly cells: readonly SelectedCell[];
  /** What the filter lets through too, in tiers above the one that was asked for. */
  readonly beyond: readonly ListedCell[];
}

export interface SelectedCell {
  readonly cell: Cell;
  readonly tier: Tier | undefined;
}

/**
 * The cells of this tier and those below it that a filter selects. Throws a usage error where it selects none: with
 * the nearest name for what is not known, and with what to type where a higher tier has such cells.
 */
export function selectCells(filter: CellFilter, tier: Tier, choice: Choice): Selection {
  if (filter.impair !== undefined) return misbehaving(filter.impair, filter, tier, choice);
  const { cell: id, ...others } = filter;
  if (id !== undefined) {
    if (hasFilter(others)) {
      throw usage('--cell names one cell and goes with no other filter', 'Leave the other filters out');
    }
    return { cells: [exactCell(id, choice)], beyond: [] };
  }
  checkNames(filter, choice);
  const pattern = filter.grep === undefined ? undefined : expression(filter.grep);
  const matching = choice.listed.filter(
    ({ cell }) =>
      (filter.topology === undefined || cell.topology === filter.topology) &&
      isPlayedBy(cell.client, filter.client) &&
      isPlayedBy(cell.responder, filter.responder) &&
      passes(cell, filter.where ?? []) &&
      (pattern?.test(cellId(cell)) ?? true),
  );
  const cells = matching.filter((one) => includesTier(tier, one.tier));
  const beyond = matching.filter((one) => !includesTier(tier, one.tier));
  if (cells.length === 0) throw nothingSelected(filter, tier, beyond, choice);
  return { cells, beyond };
}

/** What the other filters select, with one end that misbehaves; cells in which one does already stay out. */
function misbehaving(impair: string, filter: CellFilter, tier: Tier, choice: Choice): Selection {
  knownImpair(impair);
  const { cells, beyond } = selectCells({ ...filter, impair: undefined }, tier, choice);
  const behaving = cells.filter(({ cell }) => cell.impair === axisDefaults.impair);
  if (behaving.length === 0) {
    throw usage('every selected cell has an impairment of its own', 'Leave --impair out');
  }
  return { cells: behaving.map(({ cell }) => listedAs({ ...cell, impair }, choice)), beyond };
}

function listedAs(cell: Cell, { listed }: Choice): SelectedCell {
  return { cell, tier: listed.find((one) => cellId(one.cell) === cellId(cell))?.tier };
}

function exactCell(id: string, choice: Choice): SelectedCell {
  const { topologies, peers, loadTopology } = choice;
  const cell = parseCellId(id);
  const doing = `reading the cell id ${JSON.stringify(id)}`;
  known(doing, 'topology', cell.topology, topologies);
  networkSettings(loadTopology(cell.topology), cell.nat);
  for (const value of [cell.client, cell.responder]) known(doing, 'peer', peerOf(value).peer, peers);
  impairmentOf(cell);
  return listedAs(cell, choice);
}

function checkNames(
  { topology, client, responder, where = [] }: CellFilter,
  { topologies, peers, listed, source }: Choice,
): void {
  const listedValues = (axis: FilterAxis) => listed.map(({ cell }) => String(cell[axis]));
  const ofSuites = '. The matrix (--matrix) has others, and --cell plays any';
  checkWheres(where, source?.valuesOf ?? listedValues, source ? '' : ofSuites);
  const doing = 'reading the options';
  if (topology !== undefined) known(doing, 'topology', topology, topologies);
  for (const [role, value] of [
    ['client', client],
    ['responder', responder],
  ] as const) {
    if (value === undefined) continue;
    const played = listed.map(({ cell }) => cell[role]);
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

function nothingSelected(
  filter: CellFilter,
  tier: Tier,
  beyond: readonly ListedCell[],
  { listed, source }: Choice,
): CrossnatError {
  const given = typed(filter);
  const what = given === '' ? 'the suites: they list none' : given;
  const [nearest] = tiersOf(beyond);
  if (nearest !== undefined) {
    const [higher, count] = nearest;
    return usage(
      `no cell of tier ${tier} matches ${what}, but ${count} of tier ${higher} ${count === 1 ? 'does' : 'do'}`,
      `npm test -- ${[given, `--tier ${higher}`].filter((text) => text !== '').join(' ')} plays ${count === 1 ? 'it' : 'them'}`,
    );
  }
  if (source) return usage(`no cell matches ${what}`, `${source.command} --list shows what there is`);
  const all = listed.filter((one) => includesTier(tier, one.tier)).length;
  const list = `npm test -- --list${tier === defaultTier ? '' : ` --tier ${tier}`}`;
  return usage(
    `no cell matches ${what}`,
    `${list} shows all ${all} cells of tier ${tier}; --cell ID plays one that no suite lists`,
  );
}

/** The options of this filter, as a shell takes them. */
function typed(filter: CellFilter): string {
  const { where = [], ...others } = filter;
  const wheres = where.map(({ text }) => ['where', text] as const);
  return [...Object.entries(others), ...wheres]
    .flatMap(([name, value]) => (value === undefined ? [] : [`--${name} ${shellWord(value)}`]))
    .join(' ');
}

function usage(found: string, remedy: string): CrossnatError {
  return new CrossnatError('usage', { doing: 'selecting the cells', found, remedy });
}
