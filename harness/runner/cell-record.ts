import { type Cell, cellId } from '../cell.ts';
import type { Expectation } from '../expectation.ts';
import type { Fabric } from '../fabric/fabric.ts';
import { type CellRecord, recordSchemaVersion, type Verdict, verdicts } from '../record.ts';
import type { Evidence } from '../verdict/evidence.ts';
import type { Judgement } from '../verdict/judge.ts';

/** How a cell came out: the parts of a record that differ from attempt to attempt. */
export interface Outcome {
  readonly verdict: Verdict;
  readonly why: string;
  readonly beyondFabric?: true;
  readonly files: CellRecord['files'];
  readonly lab?: CellRecord['lab'];
  readonly observed?: CellRecord['observed'];
  readonly first?: CellRecord['first'];
  readonly others?: CellRecord['others'];
  readonly earlier?: CellRecord['earlier'];
  readonly attempted?: CellRecord['attempted'];
  readonly connectMs?: number | undefined;
  readonly timerFactor?: number;
  readonly keyPairs?: CellRecord['keyPairs'];
  readonly versions?: Readonly<Record<string, string>>;
}

export interface CellPart {
  readonly cell: Cell;
  readonly repeat: number;
  readonly canary: boolean;
  readonly seed: string;
}

/** What is known of a cell beside how it came out. */
export interface CellHeader extends CellPart {
  readonly run: string;
  readonly fabric: Fabric['name'];
  readonly startedAt: Date;
  /** Of the first client. */
  readonly expectation: Expectation | undefined;
  /** What is expected of any client. */
  readonly disputed: boolean;
  readonly host: Readonly<Record<string, string>>;
  readonly versions: Readonly<Record<string, string>>;
  readonly flaky: boolean;
}

/** The record of a cell, as it is written: what was known of it before, and what came of it. */
export function cellRecord(header: CellHeader, outcome: Outcome, durationMs: number): CellRecord {
  const { cell, expectation, startedAt, versions, host, ...plain } = header;
  const id = cellId(cell);
  return {
    schema: recordSchemaVersion,
    ...plain,
    cell: id,
    axes: { ...cell },
    startedAt: startedAt.toISOString(),
    durationMs: Math.round(durationMs),
    expectation: expectation && recordedExpectation(expectation),
    timerFactor: 1,
    host: { ...host },
    replay: replayOf(header, outcome),
    ...outcome,
    versions: { ...versions, ...outcome.versions },
  };
}

/** Where an engine is reachable containers would play it, unless it is said that they did not. */
function replayOf({ cell, seed, fabric }: CellHeader, { attempted }: Outcome): string {
  const embedded = fabric === 'embedded' ? ' --fabric embedded' : '';
  return `npm test --${embedded} --cell ${cellId(cell)} --seed ${seed}${attempted ? ' --attempt-unsupported' : ''}`;
}

/** Joins what came of a cell that failed on a used lab with what came of it on a fresh one. Both are kept. */
export function afterReuse(used: Outcome, fresh: Outcome): Outcome {
  const { verdict, why, lab, observed, first, others, files } = used;
  const joined = { ...fresh, earlier: { verdict, why, lab, observed, first, others, files } };
  if (fresh.verdict !== 'pass') return joined;
  return {
    ...joined,
    verdict: 'broken',
    why: `contaminated: passes on a fresh lab, but on the lab that other cells had used: ${why}`,
  };
}

/** Joins what came of a cell in which a peer's random fault struck with what came of it when it was played again. */
export function afterRandomFault(struck: Outcome, again: Outcome): Outcome {
  const { verdict, why, lab, observed, first, others, files } = struck;
  const joined = { ...again, earlier: { verdict, why, lab, observed, first, others, files } };
  return { ...joined, why: `${again.why}; played again, since before that ${why}` };
}

/** Of a cell that was not played, or not to any evidence. */
export function unplayedOutcome({ verdict, why }: { verdict: Verdict; why: string }): Outcome {
  return { verdict, why, files: { captures: {}, logs: {} } };
}

/**
 * Of a cell that a peer declares it cannot play, and of what came of playing it all the same, where it was.
 * @param twin a cell that a pass would not tell this one from
 */
export function unsupportedOutcome(declared: string, tried?: Outcome, twin?: Cell): Outcome {
  const unplayed = unplayedOutcome({ verdict: 'unsupported', why: declared });
  if (!tried) return unplayed;
  const { verdict, why, lab, observed, first, others, files, connectMs, ...about } = tried;
  const attempted = { verdict, why, lab, observed, first, others, files, connectMs };
  const sameAs = twin && { sameAs: cellId(twin) };
  return { ...unplayed, ...about, attempted: { ...attempted, ...sameAs } };
}

function recordedExpectation({ outcome, checks, rules }: Expectation): CellRecord['expectation'] {
  return {
    outcome,
    checks: checks.map((check) => ({ ...check })),
    rules: rules.map((rule) => ({ ...rule })),
  };
}

/** What the evidence of one client came to. */
export interface Judged extends Pick<Outcome, 'verdict' | 'why'> {
  /** Absent where trouble kept the evidence from being judged. */
  readonly judgement: Judgement | undefined;
}

/** The verdict of a cell: its worst client's. `why` names each client whose verdict that is, where not all say the same. */
export function wholeCell(judged: readonly Judged[]): Pick<Outcome, 'verdict' | 'why'> {
  const [first, ...others] = judged;
  if (!first) return { verdict: 'broken', why: 'the cell has no client' };
  if (others.every(({ verdict, why }) => verdict === first.verdict && why === first.why)) {
    return { verdict: first.verdict, why: first.why };
  }
  const worst = verdicts.findLast((verdict) => judged.some((each) => each.verdict === verdict)) ?? 'broken';
  const whys = judged.flatMap(({ verdict, why }, client) =>
    verdict === worst ? [`client ${client + 1}: ${why}`] : [],
  );
  return { verdict: worst, why: whys.join('; ') };
}

/** What the record says of each client where there are several; nothing of one alone. */
export function eachClient(
  expectations: readonly Expectation[],
  evidence: readonly Evidence[],
  judged: readonly Judged[],
  connectMs: readonly (number | undefined)[],
): Pick<CellRecord, 'first' | 'others'> {
  const others = evidence.slice(1).flatMap((each, index) => {
    const found = judged[index + 1];
    const expectation = expectations[index + 1];
    if (!found) return [];
    const { verdict, why, judgement } = found;
    const other = {
      client: index + 2,
      verdict,
      why,
      expectation: expectation && recordedExpectation(expectation),
      observed: observed(each, judgement),
      connectMs: connectMs[index + 1],
    };
    return [other];
  });
  const [first] = judged;
  if (!first || others.length === 0) return {};
  return { first: { verdict: first.verdict, why: first.why }, others };
}

/** The observation of one client. `judgement` is absent where trouble kept the evidence from being judged. */
export function observed(
  evidence: Evidence | undefined,
  judgement: Judgement | undefined,
): CellRecord['observed'] {
  if (!evidence) return undefined;
  return {
    outcome: judgement?.outcome ?? 'not judged',
    stageReached: judgement?.stageReached,
    client: evidence.client,
    responder: evidence.responder,
    wire: evidence.wire,
    traffic: evidence.traffic,
    event: evidence.event,
    checks: judgement?.checks.map((check) => ({ ...check })) ?? [],
  };
}
