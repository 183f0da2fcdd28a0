import type { TrafficObservation } from '../observation.ts';
import { type Reason, type Stage, stageIndex, stages } from '../stage.ts';
import { browsingReason } from './browsing.ts';
import { clearL2tpArrived, dialsInTheClear } from './clear-l2tp.ts';
import { contradictions } from './contradictions.ts';
import { linkLost, stoppedByEvent } from './event.ts';
import {
  alone,
  type Company,
  type Evidence,
  espCrossing,
  ikeAtResponder,
  says,
  type Testimony,
} from './evidence.ts';
import { gaps } from './gaps.ts';
import { holdReason, lostWhileStanding, reasonAt } from './reason.ts';
import { allAnswered, largePacketsLost, trafficChecks, trafficPassed } from './traffic-checks.ts';

/** What happened in a cell, as all evidence together shows it. */
export type Happened =
  | { readonly kind: 'connect'; readonly reached: Stage }
  | {
      readonly kind: 'stop';
      readonly stage: Stage;
      readonly reason: Reason;
      /** What shows the reason; with `unknown`, what was lacking. */
      readonly shownBy: string;
      readonly reached: Stage | undefined;
    }
  /** Pieces of evidence exclude each other. */
  | { readonly kind: 'conflict'; readonly what: readonly string[] }
  /** The harness did not bring in what is needed to tell. */
  | { readonly kind: 'gap'; readonly what: readonly string[] };

const negotiation = stages.slice(0, stages.indexOf('traffic'));

/** Merges what peers, captures and traffic show. *Stopped at S*: S is the first step not completed. */
export function outcomeOf(evidence: Evidence, company: Company = alone): Happened {
  const missing = gaps(evidence, company);
  const { client, responder, wire, traffic, event, boxDrops = [] } = evidence;
  if (missing.length > 0 || !client || !responder || !wire) return { kind: 'gap', what: missing };
  const testimony: Testimony = {
    client,
    responder,
    wire,
    traffic,
    boxDrops,
    company,
    ...(event && { event }),
  };
  const what = contradictions(testimony);
  if (what.length > 0) return { kind: 'conflict', what };

  let reached: Stage | undefined;
  for (const stage of negotiation) {
    if (!completed(stage, testimony)) return { kind: 'stop', stage, ...reasonAt(stage, testimony), reached };
    if (client.stages.some((entry) => entry.stage === stage && entry.state === 'done') || stage === 'reach') {
      reached = stage;
    }
  }
  return trafficOutcome(testimony, reached);
}

function completed(stage: Stage, { client, responder, wire }: Testimony): boolean {
  const refused = says(client, stage) === 'stopped' || says(responder, stage) === 'stopped';
  if (dialsInTheClear(client) && stageIndex(stage) < stageIndex('l2tp-tunnel')) {
    return stage !== 'reach' || clearL2tpArrived(wire);
  }
  switch (stage) {
    case 'reach':
      // To the client a silent refusal looks the same: the responder's wire and word decide.
      return ikeAtResponder(wire).toResponder > 0 && says(responder, 'reach') !== 'stopped';
    case 'nat-detection':
      return !refused;
    case 'esp':
      return espCompleted({ client, responder, wire });
    default:
      return says(client, stage) === 'done' && !refused;
  }
}

/** ESP arrived at the responder and was authentic; what came back, if anything, arrived too. */
function espCompleted({
  client,
  responder,
  wire,
}: Pick<Testimony, 'client' | 'responder' | 'wire'>): boolean {
  const { upArrived, downSent, downArrived } = espCrossing(wire);
  if (upArrived === 0 || says(responder, 'esp') === 'stopped') return false;
  if (says(client, 'esp') === 'done') return downArrived > 0;
  // Nothing came back to the client: ESP itself is done if the responder took what arrived and stayed silent.
  return says(responder, 'esp') === 'done' && downSent === 0;
}

function trafficOutcome(testimony: Testimony, reached: Stage | undefined): Happened {
  const { client, traffic, wire, event } = testimony;
  if (!traffic) return { kind: 'gap', what: ['no proof of traffic was made'] };
  const failing = trafficChecks(traffic, client).filter(({ ok }) => !ok);
  if (failing.length > 0) {
    const shownBy = failing.map(({ check, detail }) => `${check}: ${detail}`).join('; ');
    const silent = !trafficPassed(traffic) && traffic.pingToServer.sent >= 3 && traffic.bytesEachWay === 0;
    const large = silent ? undefined : largePacketsLost(traffic);
    if (large === undefined)
      return { kind: 'stop', stage: 'traffic', reason: silent ? 'no-traffic' : 'unknown', shownBy, reached };
    return {
      kind: 'stop',
      stage: 'traffic',
      // What is lost although it is small is not lost for its size.
      ...(isRefusedToBrowse(traffic)
        ? browsingReason(traffic.browsing, wire)
        : { reason: 'large-packets-lost', shownBy: large }),
      reached,
    };
  }
  if (isRefusedToBrowse(traffic)) {
    return { kind: 'stop', stage: 'traffic', ...browsingReason(traffic.browsing, wire), reached };
  }
  const again = traffic.pingAfterOthers;
  const afterHold = traffic.pingAfterHold;
  if (again && !allAnswered(again)) {
    const shown = holdReason(again, wire);
    const lost = shown.reason === 'no-traffic' ? linkLost(testimony) : undefined;
    return { kind: 'stop', stage: 'hold', ...(lost ?? shown), reached: 'traffic' };
  }
  const byEvent = stoppedByEvent(testimony);
  if (byEvent) return { kind: 'stop', stage: 'hold', ...byEvent, reached: 'traffic' };
  if (afterHold && !allAnswered(afterHold)) {
    return { kind: 'stop', stage: 'hold', ...lostWhileStanding(afterHold), reached: 'traffic' };
  }
  return { kind: 'connect', reached: again || afterHold || event ? 'hold' : 'traffic' };
}

type Browsing = NonNullable<TrafficObservation['browsing']>;

function isRefusedToBrowse(
  traffic: TrafficObservation,
): traffic is TrafficObservation & { browsing: Browsing } {
  return traffic.browsing !== undefined && !allAnswered(traffic.browsing);
}
