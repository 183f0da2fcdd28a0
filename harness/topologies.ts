import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { readDataFile } from './data-file.ts';
import { CrossnatError } from './error.ts';
import { suggestion } from './suggestion.ts';
import { type Topology, topologySchema } from './topology.ts';

const directory = join(import.meta.dirname, '..', 'topologies');
const ending = '.yaml';

/** Names of all topologies, one per file of `topologies/`, in alphabetical order. */
export function topologyNames(): string[] {
  return readdirSync(directory)
    .filter((file) => file.endsWith(ending))
    .map((file) => file.slice(0, -ending.length))
    .sort();
}

/**
 * The topology of this name, read from its file and checked.
 * Throws CrossnatError: `usage` for an unknown name (with the nearest one), `bad-data` for a file that is wrong.
 */
export function loadTopology(name: string): Topology {
  const read = topologies.get(name) ?? readTopology(name);
  topologies.set(name, read);
  return read;
}

/** What was read once: a run asks for each topology with every cell. */
const topologies = new Map<string, Topology>();

function readTopology(name: string): Topology {
  const known = topologyNames();
  if (!known.includes(name)) {
    throw new CrossnatError('usage', {
      doing: 'choosing the topology',
      found: `there is no topology ${JSON.stringify(name)}`,
      remedy: suggestion(name, known),
    });
  }
  const file = join(directory, `${name}${ending}`);
  const topology = readDataFile(file, topologySchema);
  if (topology.name !== name) {
    throw new CrossnatError('bad-data', {
      doing: `reading ${file}`,
      found: `the topology calls itself ${topology.name}`,
      remedy: 'Name the file like the topology in it',
    });
  }
  return topology;
}
