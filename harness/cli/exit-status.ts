import { type CellRecord, worksAfterAll } from '../record.ts';
import type { UnitCounts } from '../records/summary.ts';
import { isJudged } from '../runner/canary.ts';

export const exit = { ok: 0, fail: 1, usage: 2, broken: 3, interrupted: 130 } as const;

export interface RunResult {
  /** Without the canary. */
  readonly records: readonly CellRecord[];
  readonly units: UnitCounts | undefined;
  /** Cells that two fabrics show differently. */
  readonly disagreements: number;
  readonly interrupted: boolean;
  /** Why the run as a whole cannot be trusted; `undefined` where it can. */
  readonly complaint: string | undefined;
  readonly allowUnavailable: boolean;
}

/**
 * 0 where something ran and every cell is pass or declared unsupported; 1 for any fail, for a cell that is
 * declared unsupported and works after all, and for one that two fabrics show differently; 3 for any broken, for
 * what this machine lacks where that was not allowed (what no machine's containers can be is no lack of this one), and
 * for a run of which nothing ran; 130 interrupted. 1 wins over 3.
 */
export function exitStatus(result: RunResult): number {
  const { records, units, disagreements, interrupted, complaint, allowUnavailable } = result;
  const any = (verdict: CellRecord['verdict']) => records.some((record) => record.verdict === verdict);
  if (interrupted) return exit.interrupted;
  const failed = any('fail') || records.some(worksAfterAll) || (units?.failed ?? 0) > 0;
  if (failed || disagreements > 0) return exit.fail;
  if (complaint !== undefined || any('broken')) return exit.broken;
  const lacking = records.some(({ verdict, beyondFabric }) => verdict === 'unavailable' && !beyondFabric);
  if (lacking && !allowUnavailable) return exit.broken;
  const somethingRan = records.some(isJudged) || (units?.passed ?? 0) > 0;
  return somethingRan ? exit.ok : exit.broken;
}

/**
 * Why a run does not pass in which nothing failed, where nothing else says it; `undefined` where it passes, where
 * something failed, and where there is a complaint.
 */
export function whyBroken(result: RunResult): string | undefined {
  const { records, complaint } = result;
  if (exitStatus(result) !== exit.broken || complaint !== undefined) return undefined;
  const count = (verdict: CellRecord['verdict']) =>
    records.filter((record) => record.verdict === verdict).length;
  if (count('broken') > 0) return `${isOrAre(count('broken'))} broken`;
  if (!records.some(isJudged)) return 'no cell was played';
  return `${isOrAre(count('unavailable'))} unavailable here; with --allow-unavailable a run passes without them`;
}

function isOrAre(cells: number): string {
  return cells === 1 ? '1 cell is' : `${cells} cells are`;
}
