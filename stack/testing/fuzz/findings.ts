import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Finding } from './fuzz.ts';

/** Where findings are written, below the checkout. */
export const findingsDirectory = join('results', 'fuzz');

/** Writes the input of a finding, and what was wrong beside it; gives lines for people. */
export function writeFinding(finding: Finding, directory: string, again: string): string[] {
  const { target, fault, message, stack, input, alone } = finding;
  const digest = createHash('sha256').update(input).digest('hex').slice(0, 8);
  const file = join(directory, `${target}.${fault}.${digest}.bin`);
  const replay = alone
    ? `npm run fuzz -- --replay ${file}`
    : `${again} --target ${target}   (the input alone does not show it)`;
  const lines = [`${target} ${fault}: ${message}`, `  ${input.length} octets in ${file}`, `  ${replay}`];
  mkdirSync(directory, { recursive: true });
  writeFileSync(file, input);
  writeFileSync(
    file.replace(/bin$/, 'txt'),
    [...lines, stack, Buffer.from(input).toString('hex'), ''].join('\n'),
  );
  return lines;
}

/** The input of a finding and the target that its name says. */
export function readFinding(file: string): {
  readonly target: string | undefined;
  readonly input: Uint8Array;
} {
  return { target: basename(file).split('.')[0], input: new Uint8Array(readFileSync(file)) };
}
