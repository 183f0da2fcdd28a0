import { type CellRecord, failsWhenPlayed, worksAfterAll } from '../record.ts';
import {
  type Agreement,
  type Attempts,
  countVerdicts,
  type FailureSummary,
  type RunSummary,
  type UnitCounts,
} from '../records/summary.ts';
import type { RunOutcome } from '../runner/runner.ts';

export interface RunFrame {
  readonly run: string;
  readonly command: string;
  readonly startedAt: Date;
  readonly durationMs: number;
  readonly exitStatus: number;
  readonly interrupted: boolean;
  /** Absent where no cell was compared. */
  readonly agreement?: Agreement | undefined;
}

/** Everything that a run's `summary.json` says. */
export function runSummary(
  frame: RunFrame,
  outcome: RunOutcome,
  units: UnitCounts | undefined,
  failures: FailureSummary | undefined,
): RunSummary {
  const { records, canary, labs, notRun } = outcome;
  const all = countVerdicts(records);
  const attempts = attemptsOf(records);
  return {
    schema: 1,
    run: frame.run,
    command: frame.command,
    startedAt: frame.startedAt.toISOString(),
    durationMs: Math.round(frame.durationMs),
    exitStatus: frame.exitStatus,
    interrupted: frame.interrupted,
    passed: all.pass + (units?.passed ?? 0),
    failed: all.fail + all.broken + (units?.failed ?? 0),
    counts: countVerdicts(records.filter(isPlain)),
    disputed: countVerdicts(records.filter(({ disputed }) => disputed)),
    flaky: records.filter(({ flaky }) => flaky).length,
    ...(failures ? { failures } : {}),
    ...(attempts ? { attempts } : {}),
    ...(frame.agreement ? { agreement: frame.agreement } : {}),
    notRun: notRun.length,
    ...(canary ? { canary: { cell: canary.cell, verdict: canary.verdict, why: canary.why } } : {}),
    labs: [...labs],
    ...(units ? { units } : {}),
  };
}

function isPlain({ disputed }: CellRecord): boolean {
  return !disputed;
}

/** `undefined` where nothing was attempted that is declared unsupported. */
function attemptsOf(records: readonly CellRecord[]): Attempts | undefined {
  const attempted = records.filter((record) => record.attempted);
  if (attempted.length === 0) return undefined;
  const cellsOf = (holds: (record: CellRecord) => boolean) => attempted.filter(holds).map(({ cell }) => cell);
  return {
    worksAfterAll: cellsOf(worksAfterAll),
    failsWhenPlayed: cellsOf(failsWhenPlayed),
    notKnown: cellsOf((record) => !worksAfterAll(record) && !failsWhenPlayed(record)),
  };
}
