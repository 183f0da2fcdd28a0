import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';

/** A defect of what judges a cell: a piece of its source, written otherwise. */
export interface JudgeDefect {
  /** Readable, and unique. */
  readonly name: string;
  /** In `harness/`. */
  readonly file: string;
  /** What stands there, once. */
  readonly written: string;
  readonly instead: string;
}

const schema = z.record(
  z.string(),
  z.array(z.strictObject({ name: z.string(), written: z.string(), instead: z.string() })),
);

/** Of the rooms `verdict/`, which reads evidence, and `oracle/`, which says what must be. */
export function judgeDefects(): readonly JudgeDefect[] {
  const text = readFileSync(join(import.meta.dirname, 'judge-defects.yaml'), 'utf8');
  return Object.entries(schema.parse(parse(text))).flatMap(([file, defects]) =>
    defects.map((defect) => ({ file, ...defect })),
  );
}

/** The source with this defect in its place. Throws where there is no such place, or more than one. */
export function withDefect(source: string, { written, instead }: JudgeDefect): string {
  const parts = source.split(written);
  if (parts.length !== 2) throw new RangeError(`stands there ${parts.length - 1} times: ${written}`);
  return parts.join(instead);
}
