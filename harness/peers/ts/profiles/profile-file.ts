import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { z } from 'zod';
import { readDataFile } from '../../../data-file.ts';
import { CrossnatError } from '../../../error.ts';
import { suggestion } from '../../../suggestion.ts';

export type ProfileKind = 'client' | 'responder';

/** Names of the profiles of one kind: the files of `clients/` or `responders/` beside this one. */
export function profileNames(kind: ProfileKind): string[] {
  return readdirSync(directoryOf(kind))
    .filter((file) => file.endsWith('.yaml'))
    .map((file) => file.slice(0, -'.yaml'.length))
    .sort();
}

/** Reads a profile; throws `usage` for a name that there is no file of, `bad-data` for a file that is wrong. */
export function readProfile<Schema extends z.ZodType>(
  kind: ProfileKind,
  name: string,
  schema: Schema,
): z.output<Schema> {
  const known = profileNames(kind);
  if (!known.includes(name)) {
    throw new CrossnatError('usage', {
      doing: `choosing the profile of the ${kind}`,
      found: `there is no profile ${JSON.stringify(name)}`,
      remedy: suggestion(name, known),
    });
  }
  return readDataFile(join(directoryOf(kind), `${name}.yaml`), schema);
}

function directoryOf(kind: ProfileKind): string {
  return join(import.meta.dirname, `${kind}s`);
}
