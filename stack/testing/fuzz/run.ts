import { type Assignment, type Finding, isSame } from './fuzz.ts';
import type { WorkerReply } from './worker.ts';
import { stackTargets, WorkerThread } from './worker-thread.ts';

/** What a run is asked to do with one target. */
export interface Task {
  readonly target: string;
  readonly kind: 'codec' | 'endpoint';
  readonly inputs: number;
}

export interface RunOptions {
  readonly tasks: readonly Task[];
  readonly seed: string;
  readonly workers: number;
  /** Milliseconds after which no more inputs are begun; absent: when all tasks are done. */
  readonly forMs?: number;
  /** URL of the module that has the targets; absent: those of the stack. */
  readonly module?: string;
}

/** What came of one target. */
export interface Tally {
  readonly target: string;
  readonly kind: 'codec' | 'endpoint';
  inputs: number;
  datagrams: number;
  /** Milliseconds of workers. */
  workedMs: number;
  kept: number;
}

export interface RunOutcome {
  readonly tallies: readonly Tally[];
  readonly findings: readonly Finding[];
  /** Blocks of the stack's code that guided work reached, in its busiest thread. */
  readonly blocks: number;
  /** What a worker held after its first assignment and after its last, the largest of all workers. */
  readonly heldFirst: number;
  readonly heldLast: number;
  readonly interrupted: boolean;
}

/** Of each task so many inputs are watched for new code, at the most: it takes three times as long. */
const guidedShare = 0.05;
const mostGuided = { codec: 20_000, endpoint: 600 } as const;
/** Where time is what is given: this much of it is for guided work, which does so many inputs in a millisecond. */
const guidedTimeShare = 0.2;
const guidedPerMs = { codec: 2, endpoint: 0.02 } as const;
/** Inputs of one assignment: seconds of work. */
const atOnce = { codec: 100_000, endpoint: 250 } as const;

type Progress = (tallies: readonly Tally[], findings: readonly Finding[]) => void;

/**
 * Shares tasks out among worker threads: first some of each, watched for inputs that reach new code, then all the rest
 * with those inputs beside the recorded ones. Ends early, with what there is, when `signal` aborts.
 */
export async function run(options: RunOptions, signal: AbortSignal, report: Progress): Promise<RunOutcome> {
  const tallies = options.tasks.map(({ target, kind }): Tally => {
    return { target, kind, inputs: 0, datagrams: 0, workedMs: 0, kept: 0 };
  });
  const corpora = new Map<string, Uint8Array[]>();
  const findings: Finding[] = [];
  const over =
    options.forMs === undefined ? signal : AbortSignal.any([signal, AbortSignal.timeout(options.forMs)]);
  const held = { first: 0, last: 0 };
  let blocks = 0;

  const settle = (assignment: Assignment, reply: WorkerReply, tookMs: number) => {
    const tally = tallies.find(({ target }) => target === assignment.target);
    const { outcome } = reply;
    if (tally === undefined) return;
    tally.inputs += outcome.inputs;
    tally.datagrams += outcome.datagrams;
    tally.workedMs += tookMs;
    tally.kept += outcome.kept.length;
    corpora.set(assignment.target, [...(corpora.get(assignment.target) ?? []), ...outcome.kept]);
    findings.push(...outcome.findings.filter((each) => !findings.some((known) => isSame(known, each))));
    blocks = Math.max(blocks, reply.blocks);
    report(tallies, findings);
  };
  const isDone = (target: string) => findings.some((finding) => finding.target === target);

  const guided = options.tasks.map(({ target, kind, inputs }): Assignment => {
    const time = ((options.forMs ?? Infinity) * guidedTimeShare * options.workers) / options.tasks.length;
    const some = Math.min(inputs * guidedShare, mostGuided[kind], time * guidedPerMs[kind]);
    return { target, seed: `${options.seed} guided`, inputs: Math.ceil(some), corpus: [] };
  });
  const some = async (assignments: Iterator<Assignment>, watches: boolean) => {
    const next = (): Assignment | undefined => {
      for (;;) {
        const { done, value } = assignments.next();
        if (done || over.aborted) return undefined;
        if (!isDone(value.target)) return { ...value, corpus: corpora.get(value.target) ?? [] };
      }
    };
    const threads = Array.from({ length: options.workers }, async () => {
      const thread = new WorkerThread(options.module ?? stackTargets, watches, over);
      let first = true;
      try {
        for (let assignment = next(); assignment !== undefined; assignment = next()) {
          const began = performance.now();
          const reply = await thread.do(assignment);
          settle(assignment, reply, performance.now() - began);
          if (!watches && first) held.first = Math.max(held.first, reply.heldOctets);
          if (!watches) held.last = Math.max(held.last, reply.heldOctets);
          first = false;
        }
      } finally {
        await thread.end();
      }
    });
    await Promise.all(threads);
  };
  await some(guided.values(), true);
  await some(turns(options, tallies), false);
  const { first: heldFirst, last: heldLast } = held;
  return { tallies, findings, blocks, heldFirst, heldLast, interrupted: signal.aborted };
}

/** What is left of each task, in assignments that take turns, so that a run cut short has seen all of them. */
function* turns({ tasks, seed }: RunOptions, tallies: readonly Tally[]): Generator<Assignment> {
  const shares = tasks.map(({ target, kind, inputs }, index) => {
    return { target, kind, whole: inputs - (tallies[index]?.inputs ?? 0), given: 0, slice: 0 };
  });
  for (;;) {
    const [share] = shares
      .filter(({ given, whole }) => given < whole)
      .sort((a, b) => a.given / a.whole - b.given / b.whole);
    if (share === undefined) return;
    const { target, kind, whole, given } = share;
    const inputs = Math.min(atOnce[kind], whole - given);
    yield { target, seed: `${seed} ${share.slice}`, inputs, corpus: [] };
    share.given += inputs;
    share.slice++;
  }
}
