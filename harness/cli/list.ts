import { type Cell, cellId } from '../cell.ts';
import { diagram } from '../diagram.ts';
import { type Expectation, outcomeText } from '../expectation.ts';
import type { Topology } from '../topology.ts';
import type { SelectedCell } from './select.ts';
import { defaultTier } from './tier.ts';

export interface ListSources {
  readonly loadTopology: (name: string) => Topology;
  /** For each of the cell's clients. */
  readonly expect: (cell: Cell, topology: Topology) => readonly Expectation[];
}

/**
 * The cells as `--list` prints them: one id a line, with its tier where that is not the usual one. With `verbose`
 * also drawings, expectations and their rules.
 */
export function listText(cells: readonly SelectedCell[], verbose: boolean, sources: ListSources): string {
  if (!verbose) return cells.map((one) => `${cellId(one.cell)}${tierText(one)}\n`).join('');
  const byTopology = Map.groupBy(cells, ({ cell }) => cell.topology);
  return [...byTopology].map(([name, members]) => topologyText(name, members, sources)).join('\n');
}

function tierText({ tier }: SelectedCell): string {
  return tier === undefined || tier === defaultTier ? '' : ` (${tier})`;
}

function topologyText(
  name: string,
  cells: readonly SelectedCell[],
  { loadTopology, expect }: ListSources,
): string {
  const topology = loadTopology(name);
  const width = Math.max(...cells.map(({ cell }) => cellId(cell).length));
  const lines = cells.map((one) => {
    const expected = expect(one.cell, topology);
    const disputed = expected.some((each) => each.disputed) ? ' (disputed)' : '';
    const outcomes = outcomesText(expected);
    return `  ${cellId(one.cell).padEnd(width)}  ${outcomes}${disputed}  [${rulesOf(expected).join(', ')}]${tierText(one)}`;
  });
  return `${name}: ${topology.summary}\n\n${diagram(topology)}\n\n${lines.join('\n')}\n`;
}

/** `connect`, or where several clients dial and one fares differently: `client 1 connect, client 2 stop at ...`. */
function outcomesText(expected: readonly Expectation[]): string {
  const texts = expected.map(({ outcome }) => outcomeText(outcome));
  if (new Set(texts).size === 1) return texts[0] ?? '';
  return texts.map((text, index) => `client ${index + 1} ${text}`).join(', ');
}

function rulesOf(expected: readonly Expectation[]): string[] {
  return [...new Set(expected.flatMap(({ rules }) => rules.map(({ id }) => id)))];
}

/**
 * The same for programs: `--list --json`. `tier` is absent where no suite lists the cell; `expected` is of the first
 * client, `others` of those after it, where there are.
 */
export function listJson(cells: readonly SelectedCell[], { loadTopology, expect }: ListSources): string {
  const entries = cells.map(({ cell, tier }) => {
    const expected = expect(cell, loadTopology(cell.topology));
    const [first, ...others] = expected.map(({ outcome }) => outcome);
    return {
      cell: cellId(cell),
      tier,
      axes: cell,
      expected: first,
      ...(others.length > 0 && { others }),
      rules: rulesOf(expected),
      disputed: expected.some((each) => each.disputed),
    };
  });
  return `${JSON.stringify(entries, null, 2)}\n`;
}
