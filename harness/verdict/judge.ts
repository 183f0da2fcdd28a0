import { type Expectation, outcomeText } from '../expectation.ts';
import type { Reason, Stage } from '../stage.ts';
import { type CheckResult, checkResult, leakChecks } from './checks.ts';
import { companyChecks } from './company-checks.ts';
import { alone, type Company, type Evidence } from './evidence.ts';
import { type Happened, outcomeOf } from './outcome.ts';
import { trafficChecks } from './traffic-checks.ts';

export interface Judgement {
  readonly verdict: 'pass' | 'fail' | 'broken';
  /** One sentence. */
  readonly why: string;
  /** `connected`, `stopped at S: R`, `conflict` or `not known`. */
  readonly outcome: string;
  /** The last step that was completed. */
  readonly stageReached: Stage | undefined;
  readonly checks: readonly CheckResult[];
}

/** Judges each client of a cell for itself and beside the others; all in the order in which they dialled. */
export function judgeClients(
  expectations: readonly Expectation[],
  clients: readonly Evidence[],
): Judgement[] {
  return clients.map((evidence, index) => {
    const expectation = expectations[index];
    if (!expectation) throw new Error(`nothing is expected of client ${index + 1}`);
    return judge(expectation, evidence, { before: clients.slice(0, index), after: clients.slice(index + 1) });
  });
}

/**
 * Holds the evidence of a client against what the rule table says must happen. `pass` only when the expected
 * outcome is shown and every check holds; evidence in conflict fails, evidence that the harness lacks is
 * `broken`, and the reason `unknown` meets no expectation.
 */
export function judge(expectation: Expectation, evidence: Evidence, company: Company = alone): Judgement {
  const happened = outcomeOf(evidence, company);
  const { client, traffic } = evidence;
  const checks = [
    ...leakChecks(evidence, {
      dialsInTheClear: expectation.checks.some(({ check }) => check === 'clear-l2tp-unanswered'),
      isTranslated: !isStop(expectation, 'not-translated'),
      tunnelEnds: isStop(expectation, 'no-rekey'),
    }),
    // Where no traffic is expected to pass, its proof has to fail.
    ...(client && traffic && !stopsAt('traffic', expectation) ? trafficChecks(traffic, client) : []),
    ...companyChecks(evidence, company),
    ...expectation.checks.map((check) => checkResult(check, evidence)),
  ];
  const { verdict, why } = verdictOf(expectation, happened, checks);
  const stageReached = 'reached' in happened ? happened.reached : undefined;
  return { verdict, why, outcome: happenedText(happened), stageReached, checks };
}

function stopsAt(stage: Stage, { outcome }: Expectation): boolean {
  return outcome.kind === 'stop' && outcome.stage === stage;
}

function isStop({ outcome }: Expectation, reason: Reason): boolean {
  return outcome.kind === 'stop' && outcome.reason === reason;
}

function verdictOf(
  expectation: Expectation,
  happened: Happened,
  checks: readonly CheckResult[],
): Pick<Judgement, 'verdict' | 'why'> {
  if (happened.kind === 'gap') return { verdict: 'broken', why: happened.what.join('; ') };
  if (happened.kind === 'conflict') {
    return { verdict: 'fail', why: `the evidence is in conflict: ${happened.what.join('; ')}` };
  }
  const shown = happened.kind === 'stop' ? ` (${happened.shownBy})` : '';
  if (!meets(expectation, happened)) {
    const wanted = outcomeText(expectation.outcome);
    return { verdict: 'fail', why: `expected to ${wanted}, but ${happenedText(happened)}${shown}` };
  }
  const failing = checks.filter(({ ok }) => !ok);
  if (failing.length > 0) {
    const words = failing.map(({ check, detail }) => `${check}: ${detail}`).join('; ');
    return { verdict: 'fail', why: `${happenedText(happened)} as expected, but ${words}` };
  }
  return { verdict: 'pass', why: `${happenedText(happened)} as expected${shown}, and every check holds` };
}

function meets({ outcome }: Expectation, happened: Happened): boolean {
  if (outcome.kind === 'connect' || happened.kind !== 'stop') return outcome.kind === happened.kind;
  return (
    happened.stage === outcome.stage && happened.reason === outcome.reason && happened.reason !== 'unknown'
  );
}

function happenedText(happened: Happened): string {
  switch (happened.kind) {
    case 'connect':
      return 'connected';
    case 'stop':
      return `stopped at ${happened.stage}: ${happened.reason}`;
    case 'conflict':
      return 'conflict';
    case 'gap':
      return 'not known';
  }
}
