import { type Cell, cellId } from '../cell.ts';
import { diagram } from '../diagram.ts';
import { type Expectation, outcomeText } from '../expectation.ts';
import type { Topology } from '../topology.ts';

export interface ListSources {
  readonly loadTopology: (name: string) => Topology;
  readonly expect: (cell: Cell, topology: Topology) => Expectation;
}

/** The cells as `--list` prints them: one id a line. With `verbose` also drawings, expectations and their rules. */
export function listText(cells: readonly Cell[], verbose: boolean, sources: ListSources): string {
  if (!verbose) return cells.map((cell) => `${cellId(cell)}\n`).join('');
  const byTopology = Map.groupBy(cells, ({ topology }) => topology);
  return [...byTopology].map(([name, members]) => topologyText(name, members, sources)).join('\n');
}

function topologyText(name: string, cells: readonly Cell[], { loadTopology, expect }: ListSources): string {
  const topology = loadTopology(name);
  const width = Math.max(...cells.map((cell) => cellId(cell).length));
  const lines = cells.map((cell) => {
    const { outcome, rules, disputed } = expect(cell, topology);
    const sources = rules.map(({ id }) => id).join(', ');
    return `  ${cellId(cell).padEnd(width)}  ${outcomeText(outcome)}${disputed ? ' (disputed)' : ''}  [${sources}]`;
  });
  return `${name}: ${topology.summary}\n\n${diagram(topology)}\n\n${lines.join('\n')}\n`;
}

/** The same for programs: `--list --json`. */
export function listJson(cells: readonly Cell[], { loadTopology, expect }: ListSources): string {
  const entries = cells.map((axes) => {
    const { outcome, rules, disputed } = expect(axes, loadTopology(axes.topology));
    return { cell: cellId(axes), axes, expected: outcome, rules: rules.map(({ id }) => id), disputed };
  });
  return `${JSON.stringify(entries, null, 2)}\n`;
}
