import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { readDataFile } from '../../../data-file.ts';
import { CrossnatError } from '../../../error.ts';
import { suggestion } from '../../../suggestion.ts';

export type ProfileKind = 'client' | 'responder';

/** Names of the profiles of one kind: the files of `clients/` or `responders/` beside this one. */
export function profileNames(kind: ProfileKind): readonly string[] {
  namesOf[kind] ??= readdirSync(directoryOf(kind))
    .filter((file) => file.endsWith('.yaml'))
    .map((file) => file.slice(0, -'.yaml'.length))
    .sort();
  return namesOf[kind];
}

/** What was read once: every cell asks whether there are its profiles. */
const namesOf: Partial<Record<ProfileKind, readonly string[]>> = {};

/**
 * Reads a profile; throws `usage` for a name that there is no file of, `bad-data` for a file that is wrong. A file that
 * is `basedOn` another of its kind says only what differs: its marked values stand in place of the other's, and those
 * of the other's that it keeps name it in their source and are derived at best.
 */
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
  return readDataFile(fileOf(kind, name), completed(kind, [name], schema));
}

/** The same reader, which remembers: no file changes while a program runs, and rules ask for one profile very often. */
export function remembering<Profile>(read: (name: string) => Profile): (name: string) => Profile {
  const known = new Map<string, Profile>();
  return (name) => {
    const profile = known.get(name) ?? read(name);
    known.set(name, profile);
    return profile;
  };
}

/** What a file and those that it is based on say together, against the schema; `chain` is the files on the way. */
export function completed<Schema extends z.ZodType>(
  kind: ProfileKind,
  chain: readonly string[],
  schema: Schema,
): z.ZodType<z.output<Schema>> {
  return z.preprocess((own, context) => {
    if (!isMapping(own) || !('basedOn' in own)) return own;
    const { basedOn, ...values } = own;
    const others = profileNames(kind).filter((name) => !chain.includes(name));
    if (typeof basedOn === 'string' && others.includes(basedOn)) {
      const base = readDataFile(fileOf(kind, basedOn), completed(kind, [...chain, basedOn], z.unknown()));
      return overlaid(inherited(base, basedOn), values);
    }
    const found = `there is no other ${kind} profile ${JSON.stringify(basedOn)} to be based on.`;
    const message = `${found} ${suggestion(String(basedOn), others)}`;
    context.issues.push({ code: 'custom', message, path: ['basedOn'], input: basedOn });
    return z.NEVER;
  }, schema);
}

/** What a value says that is another profile's: verified it was of that one, and of this one it is derived. */
function inherited(value: unknown, from: string): unknown {
  if (!isMapping(value)) return value;
  if (!('value' in value)) {
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, inherited(one, from)]));
  }
  const { source, confidence, otherReading } = value;
  return {
    ...value,
    source: isInherited(String(source)) ? source : `as ${from}: ${source}`,
    confidence: confidence === 'V' ? 'D' : confidence,
    ...(otherReading !== undefined && { otherReading: inherited(otherReading, from) }),
  };
}

/** True for the source of a value that a profile has from the one that it is based on. */
export function isInherited(source: string): boolean {
  return /^as [a-z0-9-]+: /.test(source);
}

/** `values` over `base`, key by key; a marked value goes over as a whole. */
function overlaid(base: unknown, values: unknown): unknown {
  if (!isMapping(base) || !isMapping(values) || 'value' in values) return values;
  const entries = Object.entries(values).map(([key, value]) => [key, overlaid(base[key], value)]);
  return { ...base, ...Object.fromEntries(entries) };
}

function isMapping(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function fileOf(kind: ProfileKind, name: string): string {
  return join(directoryOf(kind), `${name}.yaml`);
}

function directoryOf(kind: ProfileKind): string {
  return join(import.meta.dirname, `${kind}s`);
}
