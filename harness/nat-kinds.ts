import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { readDataFile } from './data-file.ts';
import { CrossnatError } from './error.ts';
import { type NatKind, natKindSchema } from './nat-kind.ts';
import { suggestion } from './suggestion.ts';

const directory = join(import.meta.dirname, '..', 'topologies', 'nat-kinds');
const ending = '.yaml';
const read = new Map<string, NatKind>();
let names: readonly string[] | undefined;

/** What a NAT box is where nobody says otherwise. */
export const usualNatKind = 'linux';

/** Names of all kinds, one per file of `topologies/nat-kinds/`, in alphabetical order. */
export function natKindNames(): readonly string[] {
  names ??= readdirSync(directory)
    .filter((file) => file.endsWith(ending))
    .map((file) => file.slice(0, -ending.length))
    .sort();
  return names;
}

/**
 * The NAT kind of this name, read from its file and checked, once.
 * Throws CrossnatError: `usage` for an unknown name (with the nearest one), `bad-data` for a file that is wrong.
 */
export function loadNatKind(name: string): NatKind {
  const known = read.get(name);
  if (known) return known;
  if (!natKindNames().includes(name)) {
    throw new CrossnatError('usage', {
      doing: 'choosing the NAT kind',
      found: `there is no NAT kind ${JSON.stringify(name)}`,
      remedy: suggestion(name, natKindNames()),
    });
  }
  const file = join(directory, `${name}${ending}`);
  const kind = readDataFile(file, natKindSchema);
  if (kind.name !== name) {
    throw new CrossnatError('bad-data', {
      doing: `reading ${file}`,
      found: `the NAT kind calls itself ${kind.name}`,
      remedy: 'Name the file like the kind in it',
    });
  }
  read.set(name, kind);
  return kind;
}
