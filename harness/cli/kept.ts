import type { StandingLab } from '../reaper/labs.ts';
import type { LabTimes } from '../records/summary.ts';
import type { Topology } from '../topology.ts';

/** Whether a lab was left up on purpose. */
export function isKept({ downMs }: LabTimes): boolean {
  return downMs === undefined;
}

/**
 * How to enter each node of the labs that a run left up, and how to take them down.
 * @param labs of the run
 * @param standing all that stand: a lab has not every node of its topology
 */
export function keptText(
  labs: readonly LabTimes[],
  standing: readonly StandingLab[],
  loadTopology: (name: string) => Topology,
): string[] {
  const ids = new Set(labs.filter(isKept).map(({ id }) => id));
  const kept = standing.filter(({ id }) => ids.has(id));
  if (kept.length === 0) return [];
  const lines = kept.flatMap(({ topology, id, nodes }) => {
    const stands = new Set(nodes.map(({ name }) => name));
    // Node names are only unique within a lab.
    const named = Object.entries(loadTopology(topology).nodes)
      .filter(([name]) => stands.has(name))
      .map(([name, { label }]) => ({ name: kept.length > 1 ? `${id}/${name}` : name, label }));
    const width = Math.max(...named.map(({ name }) => name.length));
    return [
      `${topology} is kept up (lab ${id}). Enter a node with:`,
      ...named.map(({ name, label }) => `  npm run shell -- ${name.padEnd(width)}   ${label}`),
    ];
  });
  return [...lines, 'Take it down with:', '  npm run down'];
}
