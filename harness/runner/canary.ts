import { type Cell, cell } from '../cell.ts';
import type { Expectation } from '../expectation.ts';
import type { CellRecord } from '../record.ts';

/**
 * The canary of a run: a wrong pre-shared key that is expected to connect, played by the same peers in the
 * same topology as this cell. It must come out `fail`; a run in which it does not proves nothing.
 */
export function canaryBeside({ topology, client, responder, clients }: Cell): Cell {
  return cell(topology, { client, responder, clients, psk: 'wrong' });
}

export const canaryExpectation: Expectation = {
  outcome: { kind: 'connect' },
  checks: [],
  rules: [],
  disputed: false,
};

/** Why the run as a whole is broken for its canary's sake; `undefined` where nothing was judged or the canary failed as it must. */
export function canaryComplaint(
  records: readonly CellRecord[],
  canary: CellRecord | undefined,
): string | undefined {
  if (canary?.verdict === 'fail') return undefined;
  if (canary?.verdict === 'pass') {
    return 'the canary passed: a wrong pre-shared key was judged as connected, so no pass of this run can be trusted';
  }
  if (!records.some(isJudged)) return undefined;
  const came = canary ? `was ${canary.verdict} (${canary.why})` : 'did not run';
  return `the canary ${came}: this run has not shown that it can say no`;
}

/** Whether a run with these records ended before its canary, with all that would have proved it. */
export function lacksCanary(records: readonly CellRecord[]): boolean {
  return records.some(isJudged) && !records.some(({ canary }) => canary);
}

/** Whether evidence of this record's cell was held against its expectation. */
export function isJudged({ verdict, attempted }: CellRecord): boolean {
  return [verdict, attempted?.verdict].some((each) => each === 'pass' || each === 'fail');
}
