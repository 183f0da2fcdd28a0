import { z } from 'zod';
import { CrossnatError } from '../harness/error.ts';
import { verdicts } from '../harness/record.ts';
import { stages } from '../harness/stage.ts';
import { readText } from './text-file.ts';

/**
 * What reports are made of: runs, labs and cells in a form so small that it can be committed, one JSON value a line.
 * `condense` makes it from a run's records, which keep everything else.
 */
export interface Recording {
  readonly runs: readonly RunLine[];
  readonly labs: readonly LabLine[];
  readonly cells: readonly CellLine[];
}

/** Version of the form; a reader refuses lines of another. */
export const recordingForm = 1;

const runLine = z.strictObject({
  line: z.literal('run'),
  form: z.literal(recordingForm),
  run: z.string(),
  startedAt: z.iso.datetime(),
  durationMs: z.number(),
  command: z.string(),
  /** Cells that were asked for and not played. */
  notRun: z.int(),
  machine: z.string(),
  engine: z.string(),
  /** Commit of the checkout. */
  checkout: z.string(),
  /** The versions of each peer as it says them itself. */
  peers: z.record(z.string(), z.array(z.string())),
});

/** Times in milliseconds. */
const labLine = z.strictObject({
  line: z.literal('lab'),
  run: z.string(),
  lab: z.string(),
  topology: z.string(),
  upMs: z.number(),
  /** Absent where the lab was kept. */
  downMs: z.number().optional(),
});

const cellLine = z.strictObject({
  line: z.literal('cell'),
  run: z.string(),
  /** The id, which holds all axes. */
  cell: z.string(),
  repeat: z.int(),
  /** `connect`, or `phase2: no-proposal-chosen` where it must stop; for each client in the order in which they dial. */
  expected: z.array(z.string()),
  verdict: z.enum(verdicts),
  why: z.string(),
  /** What happened to each client: `connected`, `stopped at S: R`. None where the cell was not played. */
  outcomes: z.array(z.string()),
  /** The last step that the first client completed. */
  reached: z.enum(stages).optional(),
  /** What the ends agreed on, as the first client says it, or the responder where the client does not. */
  natTraversal: z.string().optional(),
  phase1: z.string().optional(),
  phase2: z.string().optional(),
  encapsulation: z.enum(['none', 'udp']).optional(),
  flaky: z.boolean().optional(),
  disputed: z.boolean().optional(),
  lab: z.string().optional(),
  /** From dialling to addresses. Milliseconds. */
  connectMs: z.number().optional(),
  /** The whole cell with its evidence, without bringing the lab up. Milliseconds. */
  cellMs: z.number().optional(),
});

const lineSchema = z.discriminatedUnion('line', [runLine, labLine, cellLine]);
export type RunLine = z.infer<typeof runLine>;
export type LabLine = z.infer<typeof labLine>;
export type CellLine = z.infer<typeof cellLine>;

/** Reads a recorded file. Throws CrossnatError that names file and line where it holds anything else. */
export function readRecording(file: string): Recording {
  const texts = readText(file).split('\n');
  const lines = texts.flatMap((text, index) => (text === '' ? [] : [readLine(text, `${file}:${index + 1}`)]));
  return {
    runs: lines.flatMap((line) => (line.line === 'run' ? [line] : [])),
    labs: lines.flatMap((line) => (line.line === 'lab' ? [line] : [])),
    cells: lines.flatMap((line) => (line.line === 'cell' ? [line] : [])),
  };
}

/** The text of a recorded file: runs, labs and cells, a line each. */
export function recordingText({ runs, labs, cells }: Recording): string {
  return [...runs, ...labs, ...cells].map((line) => `${JSON.stringify(line)}\n`).join('');
}

/** All of them as one. Throws a usage error where a run is among them twice. */
export function joined(recordings: readonly Recording[]): Recording {
  const runs = recordings.flatMap((each) => each.runs);
  const names = runs.map(({ run }) => run);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) {
    const found = `the run ${twice} is among them twice`;
    throw new CrossnatError('usage', { doing: 'joining the records', found, remedy: 'Name each run once' });
  }
  return {
    runs,
    labs: recordings.flatMap((each) => each.labs),
    cells: recordings.flatMap((each) => each.cells),
  };
}

function readLine(text: string, where: string): z.infer<typeof lineSchema> {
  const value = parsed(text, where);
  const { line, form } = (value ?? {}) as { readonly line?: unknown; readonly form?: unknown };
  if (line === 'run' && form !== recordingForm) {
    throw unreadable(where, `its form is ${String(form)}, not ${recordingForm}`);
  }
  const result = lineSchema.safeParse(value);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  throw unreadable(
    where,
    `${issue?.path.join('.') || 'the line'}: ${issue?.message ?? 'not a recorded line'}`,
  );
}

function parsed(text: string, where: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw unreadable(where, 'this line is no JSON');
  }
}

function unreadable(where: string, found: string): CrossnatError {
  return new CrossnatError('bad-data', {
    doing: `reading the recorded line ${where}`,
    found,
    remedy: 'Make the file anew: npm run report -- condense results/RUN',
  });
}
