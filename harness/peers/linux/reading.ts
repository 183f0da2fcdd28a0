import type { PeerObservation } from '../../observation.ts';
import type { Reason, Stage } from '../../stage.ts';
import type { LogLine } from './peer-log.ts';

/** A stage as a log shows it, and when it did. */
export interface StageSeen {
  readonly stage: Stage;
  readonly state: 'done' | 'skipped' | 'stopped';
  /** On the clock of the log's lines; absent where something other than a line shows it. */
  readonly at?: number;
  readonly reason?: Reason;
  readonly detail?: string;
}

/** What the log of an IKE daemon shows of a connection. A stage of which it says nothing is not listed. */
export interface IkeReading {
  /** `reach` to `phase2`. */
  readonly stages: readonly StageSeen[];
  readonly natSeen?: PeerObservation['natSeen'];
  readonly natTraversal?: string;
  readonly phase1?: string;
  readonly phase2?: string;
  readonly spis?: PeerObservation['spis'];
  readonly unanswered: PeerObservation['unanswered'];
}

/** What the logs of xl2tpd and pppd show of a connection. */
export interface L2tpReading {
  /** `l2tp-tunnel` to `ppp-ipcp`. */
  readonly stages: readonly StageSeen[];
  /** Of the tunnel, and of the call in it. */
  readonly ids?: PeerObservation['l2tp'];
  readonly callEnd?: PeerObservation['callEnd'];
  readonly innerAddress?: string;
  readonly peerInnerAddress?: string;
  readonly dns: readonly string[];
  readonly unanswered: PeerObservation['unanswered'];
}

/** Which line of a log shows a stage done. */
export type StageLine = readonly [stage: Stage, shows: RegExp];
/** Which line says that it stopped there, and why. */
export type RefusalLine = readonly [stage: Stage, reason: Reason, shows: RegExp];

/** The first line that a pattern matches. */
export function firstLine(lines: readonly LogLine[], pattern: RegExp): LogLine | undefined {
  return lines.find(({ text }) => pattern.test(text));
}

/** The stages that lines show done, and the first refusal of one that is not. */
export function stagesIn(
  lines: readonly LogLine[],
  completedBy: readonly StageLine[],
  refusedBy: readonly RefusalLine[],
): StageSeen[] {
  const done = completedBy.flatMap(([stage, shows]): StageSeen[] => {
    const line = firstLine(lines, shows);
    return line ? [{ stage, state: 'done', at: line.at }] : [];
  });
  for (const [stage, reason, shows] of refusedBy) {
    const line = firstLine(lines, shows);
    if (line === undefined || done.some((each) => each.stage === stage)) continue;
    return [...done, { stage, state: 'stopped', at: line.at, reason, detail: line.text }];
  }
  return done;
}

/** Messages that nobody answered so often decide that a connection does not come about. */
const unansweredTransmissions = 3;

/** Whether a daemon's log decides the matter: refused, or one message repeated without an answer. */
export function isDecided({ stages, unanswered }: Pick<IkeReading, 'stages' | 'unanswered'>): boolean {
  return (
    stages.some(({ state }) => state === 'stopped') ||
    unanswered.some(({ transmissions }) => transmissions > unansweredTransmissions)
  );
}

export function isDone({ stages }: Pick<IkeReading, 'stages'>, stage: Stage): boolean {
  return stages.some((each) => each.stage === stage && each.state === 'done');
}
