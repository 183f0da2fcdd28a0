import type { CellRecord } from '../record.ts';
import { type Reason, reasons, type Stage, stageIndex, stages } from '../stage.ts';

/** What a failing cell did in the place of what was expected of it. */
export type Deviation =
  /** It stopped where, or why, it should not. */
  | { readonly kind: 'stopped'; readonly stage: Stage; readonly reason: Reason }
  /** It connected, and should have stopped there. */
  | { readonly kind: 'connected'; readonly stage: Stage; readonly reason: Reason }
  /** It came to what was expected, and a check fails. */
  | { readonly kind: 'check'; readonly check: string }
  /** Pieces of evidence exclude each other. */
  | { readonly kind: 'conflict' };

type Part = Pick<CellRecord, 'verdict' | 'expectation' | 'observed'>;

/** Every client of a cell, with what was expected of it. */
function partsOf(record: CellRecord): readonly Part[] {
  const first = { ...record, ...record.first };
  return [first, ...(record.others ?? [])];
}

/** Of the first client that failed; `undefined` where none did. */
export function deviationOf(record: CellRecord): Deviation | undefined {
  const failing = partsOf(record).find(({ verdict }) => verdict === 'fail');
  return failing && deviationOfPart(failing);
}

function deviationOfPart({ expectation, observed }: Part): Deviation {
  const expected = expectation?.outcome;
  const happened = stopOf(observed?.outcome ?? '');
  if (observed?.outcome === 'connected' && expected?.kind === 'stop') {
    return { kind: 'connected', stage: expected.stage, reason: expected.reason };
  }
  const isAsExpected =
    expected?.kind === 'stop'
      ? happened?.stage === expected.stage && happened.reason === expected.reason
      : observed?.outcome === 'connected';
  const failing = observed?.checks.find(({ ok }) => !ok);
  // Behind the names of the oracle's checks stands the value that was wanted.
  const name = failing && (/^[a-z0-9]+(-[a-z0-9]+)+/.exec(failing.check)?.[0] ?? failing.check);
  if (isAsExpected && name !== undefined) return { kind: 'check', check: name };
  return happened ? { kind: 'stopped', ...happened } : { kind: 'conflict' };
}

/** Reads an outcome as records write it: `stopped at phase2: no-policy`. */
function stopOf(outcome: string): { readonly stage: Stage; readonly reason: Reason } | undefined {
  const [, at, why] = /^stopped at ([\w-]+): ([\w-]+)$/.exec(outcome) ?? [];
  const stage = stages.find((one) => one === at);
  const reason = reasons.find((one) => one === why);
  return stage && reason && { stage, reason };
}

/**
 * How far a cell must have come to be held against this one: beyond the step at which this one stopped, or as far as
 * where it should have stopped and did not. A cell that stopped before, as expected, could not show the failure.
 */
export function stepToCompareFrom(record: CellRecord): number {
  const failing = partsOf(record).filter(({ verdict }) => verdict === 'fail');
  return Math.min(
    ...failing.map((part) => {
      const [stopped, expected] = [stepOfStop(part), stepExpected(part)];
      return stopped <= expected ? Math.min(stopped + half, stages.length) : expected;
    }),
  );
}

/** How far a cell was expected to come, and came: the furthest of its clients. */
export function stepReached(record: CellRecord): number {
  return Math.max(...partsOf(record).map(stepExpected));
}

function stepExpected({ expectation }: Part): number {
  return expectation?.outcome.kind === 'stop' ? stepOf(expectation.outcome) : stages.length;
}

/** Between two steps. */
const half = 0.5;
/** What message 1 of phase 1 is refused for: NAT detection comes with the messages after it (RFC 3947 3.2). */
const beforeNatDetection: readonly Reason[] = ['no-proposal-chosen', 'no-policy'];

function stepOf({ stage, reason }: { readonly stage: Stage; readonly reason: Reason }): number {
  const isEarly = stage === 'phase1' && beforeNatDetection.includes(reason);
  return isEarly ? stageIndex('nat-detection') - half : stageIndex(stage);
}

function stepOfStop({ observed }: Part): number {
  const stop = stopOf(observed?.outcome ?? '');
  if (stop) return stepOf(stop);
  return observed?.outcome === 'connected' ? stages.length : 0;
}

/** `stopped at phase2: no-policy`, `connected, not stopped at esp: esp-never-sent`, `check port-float`. */
export function deviationText(deviation: Deviation): string {
  switch (deviation.kind) {
    case 'stopped':
      return `stopped at ${deviation.stage}: ${deviation.reason}`;
    case 'connected':
      return `connected, and should have stopped at ${deviation.stage}: ${deviation.reason}`;
    case 'check':
      return `check ${deviation.check} failed`;
    case 'conflict':
      return 'the evidence is in conflict';
  }
}
