import { z } from 'zod';
import {
  eventObservationSchema,
  peerObservationSchema,
  trafficObservationSchema,
  wireObservationSchema,
} from './observation.ts';
import { reasons, stages } from './stage.ts';

/** Version of the record's form; a reader refuses records of another. */
export const recordSchemaVersion = 2;

export const verdicts = ['pass', 'fail', 'unsupported', 'unavailable', 'broken'] as const;
export type Verdict = (typeof verdicts)[number];

const expectationSchema = z
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
  // What a record holds in several places has a name in its published form, where it stands once.
  .meta({ id: 'expectation' });

const peerSchema = peerObservationSchema.meta({ id: 'peer' });

const observedSchema = z
  .strictObject({
    outcome: z.string(),
    stageReached: z.enum(stages).optional(),
    client: peerSchema.optional(),
    responder: peerSchema.optional(),
    wire: wireObservationSchema.optional(),
    traffic: trafficObservationSchema.optional(),
    event: eventObservationSchema.optional(),
    checks: z.array(z.strictObject({ check: z.string(), ok: z.boolean(), detail: z.string() })),
  })
  .meta({ id: 'observed' });

/** One more client of a cell with several, and what must and did happen to it. */
const otherClientSchema = z
  .strictObject({
    /** In the order in which they dialled; the record's own part is client 1. */
    client: z.int().min(2),
    verdict: z.enum(verdicts),
    why: z.string(),
    expectation: expectationSchema.optional(),
    observed: observedSchema.optional(),
    connectMs: z.number().optional(),
  })
  .meta({ id: 'otherClient' });

/** What a cell with several clients has beside what it says of the first. */
const severalClients = {
  /** Of the first client alone; its expectation and observation stand beside this. */
  first: z.strictObject({ verdict: z.enum(verdicts), why: z.string() }).optional(),
  /** The clients after the first. */
  others: z.array(otherClientSchema).optional(),
};

/** `cellNumber` counts the cells since the lab came up, from 1. */
const labSchema = z
  .strictObject({
    id: z.string(),
    state: z.enum(['fresh', 'reused']),
    cellNumber: z.int(),
  })
  .meta({ id: 'lab' });

/** Paths relative to the run's directory. */
const filesSchema = z
  .strictObject({
    captures: z.record(z.string(), z.string()),
    logs: z.record(z.string(), z.string()),
    /** Tables in Wireshark's form that decrypt the captures, where a peer gave its keys. */
    keys: z.record(z.string(), z.string()).optional(),
  })
  .meta({ id: 'files' });

/** What one attempt at a cell came to, where a record has another beside its own. */
const attempt = {
  verdict: z.enum(verdicts),
  why: z.string(),
  lab: labSchema.optional(),
  observed: observedSchema.optional(),
  ...severalClients,
  files: filesSchema,
};

/** One line of `results.jsonl`: everything known of one cell's run, written as it ends. */
export const recordSchema = z.strictObject({
  schema: z.literal(recordSchemaVersion),
  run: z.string(),
  cell: z.string(),
  axes: z.record(z.string(), z.union([z.string(), z.number()])),
  /** From 1; above 1 with `--repeat`. */
  repeat: z.int(),
  /** The cell that must fail, judged against what it cannot meet: it proves that this run can say no. In no total. */
  canary: z.boolean().default(false),
  fabric: z.enum(['docker', 'embedded']),
  lab: labSchema.optional(),
  startedAt: z.iso.datetime(),
  durationMs: z.number(),
  /** The worst of its clients'. */
  verdict: z.enum(verdicts),
  /** One sentence: why this verdict. */
  why: z.string(),
  /** `unavailable` on any machine: the fabric has no such box or wire, and the embedded one has. */
  beyondFabric: z.literal(true).optional(),
  /** A pass after a fail of the same cell in the same run. */
  flaky: z.boolean().default(false),
  disputed: z.boolean(),
  expectation: expectationSchema.optional(),
  observed: observedSchema.optional(),
  ...severalClients,
  /** What came of an `unsupported` cell that was played all the same. */
  attempted: z
    .strictObject({
      ...attempt,
      connectMs: z.number().optional(),
      /** A cell without what is declared, of which the rule table expects the same: a pass may be that cell's. */
      sameAs: z.string().optional(),
    })
    .optional(),
  /** The attempt on a reused lab that failed and led to this one on a fresh lab. */
  earlier: z.strictObject(attempt).optional(),
  connectMs: z.number().optional(),
  timerFactor: z.number(),
  /** Phase 1 took Diffie-Hellman key pairs that other cells of this seed take too; absent: fresh ones. */
  keyPairs: z.literal('shared').optional(),
  seed: z.string(),
  /** Versions of everything: node, engine, kernel, images, peers, stack sources, checkout. */
  versions: z.record(z.string(), z.string()),
  host: z.record(z.string(), z.string()),
  files: filesSchema,
  /** The command that replays exactly this cell. */
  replay: z.string(),
});
export type CellRecord = z.infer<typeof recordSchema>;

/** A peer declares that it cannot play this cell, and was seen to play it as the rule table wants it. */
export function worksAfterAll({ attempted }: CellRecord): boolean {
  return attempted?.verdict === 'pass' && attempted.sameAs === undefined;
}

/** A peer declares that it cannot play this cell, and it failed: whether for the reason declared, its `why` has to show. */
export function failsWhenPlayed({ attempted }: CellRecord): boolean {
  return attempted?.verdict === 'fail';
}
