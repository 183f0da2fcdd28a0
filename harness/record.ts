import { z } from 'zod';
import { peerObservationSchema, trafficObservationSchema, wireObservationSchema } from './observation.ts';
import { reasons, stages } from './stage.ts';

/** Version of the record's form; a reader refuses records of another. */
export const recordSchemaVersion = 1;

export const verdicts = ['pass', 'fail', 'unsupported', 'unavailable', 'broken'] as const;
export type Verdict = (typeof verdicts)[number];

/** One line of `results.jsonl`: everything known of one cell's run, written as it ends. */
export const recordSchema = z.strictObject({
  schema: z.literal(recordSchemaVersion),
  run: z.string(),
  cell: z.string(),
  axes: z.record(z.string(), z.union([z.string(), z.number()])),
  repeat: z.int(),
  fabric: z.enum(['docker', 'embedded']),
  lab: z.strictObject({ id: z.string(), state: z.enum(['fresh', 'reused']), cellNumber: z.int() }).optional(),
  startedAt: z.iso.datetime(),
  durationMs: z.number(),
  verdict: z.enum(verdicts),
  /** One sentence: why this verdict. */
  why: z.string(),
  flaky: z.boolean().default(false),
  disputed: z.boolean(),
  expectation: z
    .strictObject({
      outcome: z.discriminatedUnion('kind', [
        z.strictObject({ kind: z.literal('connect') }),
        z.strictObject({ kind: z.literal('stop'), stage: z.enum(stages), reason: z.enum(reasons) }),
      ]),
      checks: z.array(z.looseObject({ check: z.string() })),
      rules: z.array(
        z.strictObject({ id: z.string(), source: z.string(), confidence: z.enum(['V', 'D', 'R']) }),
      ),
    })
    .optional(),
  observed: z
    .strictObject({
      outcome: z.string(),
      stageReached: z.enum(stages).optional(),
      client: peerObservationSchema.optional(),
      responder: peerObservationSchema.optional(),
      wire: wireObservationSchema.optional(),
      traffic: trafficObservationSchema.optional(),
      checks: z.array(z.strictObject({ check: z.string(), ok: z.boolean(), detail: z.string() })),
    })
    .optional(),
  connectMs: z.number().optional(),
  timerFactor: z.number(),
  seed: z.string(),
  /** Versions of everything: node, engine, kernel, images, peers, stack sources, checkout. */
  versions: z.record(z.string(), z.string()),
  host: z.record(z.string(), z.string()),
  /** Paths relative to the run's directory. */
  files: z.strictObject({
    captures: z.record(z.string(), z.string()),
    logs: z.record(z.string(), z.string()),
  }),
  /** The command that replays exactly this cell. */
  replay: z.string(),
});
export type CellRecord = z.infer<typeof recordSchema>;
