import type { LabTimes } from '../records/summary.ts';
import type { Topology } from '../topology.ts';

/** How to enter each node of the labs that a run left up, and how to take them down. */
export function keptText(labs: readonly LabTimes[], loadTopology: (name: string) => Topology): string[] {
  const kept = labs.filter(({ downMs }) => downMs === undefined);
  if (kept.length === 0) return [];
  const lines = kept.flatMap(({ topology, id }) => {
    const nodes = Object.entries(loadTopology(topology).nodes);
    // Node names are only unique within a lab.
    const named = nodes.map(([name, { label }]) => ({
      name: kept.length > 1 ? `${id}/${name}` : name,
      label,
    }));
    const width = Math.max(...named.map(({ name }) => name.length));
    return [
      `${topology} is kept up (lab ${id}). Enter a node with:`,
      ...named.map(({ name, label }) => `  npm run shell -- ${name.padEnd(width)}   ${label}`),
    ];
  });
  return [...lines, 'Take it down with:', '  npm run down'];
}
