import { z } from 'zod';
import type { CellRecord } from '../record.ts';
import { verdicts } from '../record.ts';
import { reasons, stages } from '../stage.ts';

const countsSchema = z.record(z.enum(verdicts), z.int());
export type Counts = z.infer<typeof countsSchema>;

/** One lab's life in the run, in milliseconds: bringing the topology up, each cell in order, taking it down. */
const labTimesSchema = z.strictObject({
  topology: z.string(),
  id: z.string(),
  upMs: z.number(),
  /** Cells that connected and had their proof of traffic. */
  connectingMs: z.array(z.number()),
  /** All other cells, the canary among them. */
  otherMs: z.array(z.number()),
  /** Absent where the lab was kept. */
  downMs: z.number().optional(),
});
export type LabTimes = z.infer<typeof labTimesSchema>;

const unitsSchema = z.strictObject({
  passed: z.int(),
  failed: z.int(),
  skipped: z.int(),
  /** What failed, and what was running when the run was interrupted: file, line and title, and in some lines why. */
  failures: z.array(z.string()),
});
export type UnitCounts = z.infer<typeof unitsSchema>;

/** Cells that peers declare unsupported and that were played all the same, by what came of it. */
const attemptsSchema = z.strictObject({
  /** The declarations that proved false. */
  worksAfterAll: z.array(z.string()),
  /** Whether for the reason declared, each record has to show. */
  failsWhenPlayed: z.array(z.string()),
  /** Attempts that could not be made, or not to any evidence. */
  notKnown: z.array(z.string()),
});
export type Attempts = z.infer<typeof attemptsSchema>;

const conditionsSchema = z
  .array(z.strictObject({ attribute: z.string(), values: z.array(z.string()).readonly() }))
  .readonly();
const clausesSchema = z
  .array(
    z.strictObject({
      conditions: conditionsSchema,
      cells: z.int(),
      alike: z.array(conditionsSchema).readonly(),
      isWeak: z.boolean(),
    }),
  )
  .readonly();
const compared = { failing: z.int(), cells: z.int() };
/** See harness/commonalities/commonality.ts, which gives it. */
const commonalitySchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal(['no-comparison', 'nothing']), ...compared }),
  z.strictObject({ kind: z.literal(['exactly', 'unless']), ...compared, clauses: clausesSchema }),
  z.strictObject({ kind: z.literal('partly'), ...compared, clauses: clausesSchema, without: z.int() }),
  z.strictObject({
    kind: z.literal('only-with'),
    ...compared,
    conditions: conditionsSchema,
    having: z.int(),
  }),
]);

/** What the cells that failed have in common, and each kind of failure with what it means. */
const failuresSchema = z.strictObject({
  cells: z.int(),
  /** One sentence; absent where there is nothing to compare. */
  inCommon: z.string().optional(),
  commonality: commonalitySchema,
  /** The most frequent first. */
  kinds: z.array(
    z.strictObject({
      what: z.string(),
      /** Where and why it stopped; of one that connected, where and why it should have. */
      stage: z.enum(stages).optional(),
      reason: z.enum(reasons).optional(),
      cells: z.int(),
      /** The first of them. */
      example: z.string(),
      inCommon: z.string().optional(),
      explanations: z.array(
        z.strictObject({
          id: z.string(),
          text: z.array(z.string()),
          sources: z.array(z.strictObject({ title: z.string(), confidence: z.enum(['V', 'D', 'R']) })),
        }),
      ),
    }),
  ),
});
export type FailureSummary = z.input<typeof failuresSchema>;

/** How cells that containers played come out in the embedded fabric: it must show the same of them. */
const agreementSchema = z.strictObject({
  compared: z.int(),
  disagreements: z.array(z.strictObject({ cell: z.string(), differences: z.array(z.string()) })),
});
export type Agreement = z.infer<typeof agreementSchema>;

export const summaryFileName = 'summary.json';

/** `summary.json` of a run, written once at its end, also when it was interrupted. */
export const summarySchema = z.strictObject({
  schema: z.literal(1),
  run: z.string(),
  command: z.string(),
  startedAt: z.iso.datetime(),
  durationMs: z.number(),
  exitStatus: z.int(),
  interrupted: z.boolean(),
  /** Cells with verdict pass, and unit tests that passed. */
  passed: z.int(),
  /** Cells with verdict fail or broken, and unit tests that failed. */
  failed: z.int(),
  /** Cells whose expectation is disputed are in `disputed`, the canary in neither. */
  counts: countsSchema,
  disputed: countsSchema,
  flaky: z.int(),
  /** Absent where no cell failed. */
  failures: failuresSchema.optional(),
  /** Of a run that attempts what is declared unsupported. */
  attempts: attemptsSchema.optional(),
  /** Of a run in containers with cells that the embedded fabric can play. */
  agreement: agreementSchema.optional(),
  /** Cells that were selected and did not run (`--bail`, interruption). */
  notRun: z.int(),
  canary: z.strictObject({ cell: z.string(), verdict: z.enum(verdicts), why: z.string() }).optional(),
  labs: z.array(labTimesSchema),
  units: unitsSchema.optional(),
});
export type RunSummary = z.infer<typeof summarySchema>;

/** How many of these records have each verdict. */
export function countVerdicts(records: readonly CellRecord[]): Counts {
  const counts: Counts = { pass: 0, fail: 0, unsupported: 0, unavailable: 0, broken: 0 };
  for (const record of records) counts[record.verdict] += 1;
  return counts;
}
