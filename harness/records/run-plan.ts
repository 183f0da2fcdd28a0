import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { CrossnatError } from '../error.ts';

/** `plan.json` of a run, written before its first cell: what it is going to play, so that it can be resumed and merged. */
const runPlanSchema = z.strictObject({
  schema: z.literal(1),
  command: z.string(),
  /** Commit of the checkout, and what tells its changes from others. */
  checkout: z.string(),
  fabric: z.enum(['docker', 'embedded']),
  seed: z.string(),
  /** What the machine lacks fails nobody: so it was asked for, or there was no engine and nobody asked for one. */
  allowUnavailable: z.literal(true).optional(),
  /** What all shards together play: the same in each of them. */
  selection: z.strictObject({ digest: z.string(), cells: z.int() }),
  shard: z.strictObject({ index: z.int().min(1), of: z.int().min(1) }).optional(),
  /** What this run plays, in its order. */
  cells: z.array(z.strictObject({ cell: z.string(), repeat: z.int().min(1) })),
});
export type RunPlan = z.output<typeof runPlanSchema>;
export type PlannedId = RunPlan['cells'][number];

export const runPlanFile = 'plan.json';

/** Names a selection: the same cells, whatever their order, have the same. */
export function selectionOf(cells: readonly PlannedId[]): RunPlan['selection'] {
  const names = cells.map(plannedName).sort();
  const digest = createHash('sha256').update(names.join('\n')).digest('hex').slice(0, 16);
  return { digest, cells: cells.length };
}

/** `office-nat/p2=1@2` */
export function plannedName({ cell, repeat }: PlannedId): string {
  return `${cell}@${repeat}`;
}

/** The plan of a run's directory. Throws where there is none, or none of this version. */
export function readRunPlan(directory: string): RunPlan {
  const file = join(directory, runPlanFile);
  if (!existsSync(file)) {
    throw unreadable(
      file,
      existsSync(directory) ? 'it is not there' : `there is no directory ${directory}`,
      'Name the directory of a run: results/latest, or results/ with the run in it',
    );
  }
  const read = runPlanSchema.safeParse(parsed(file));
  if (read.success) return read.data;
  const issue = read.error.issues[0];
  const found = `${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'no plan'}`;
  throw unreadable(file, found, 'Read it with the version of crossnat that wrote it');
}

function parsed(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    throw unreadable(file, 'it is no JSON', 'Run the cells again');
  }
}

function unreadable(file: string, found: string, remedy: string): CrossnatError {
  return new CrossnatError('bad-data', { doing: `reading the plan ${file}`, found, remedy });
}
