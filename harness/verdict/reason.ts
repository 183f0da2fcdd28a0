import type { PeerObservation, TrafficObservation, WireObservation } from '../observation.ts';
import type { Reason, Stage } from '../stage.ts';
import { clearSilence, dialsInTheClear } from './clear-l2tp.ts';
import { enoughTransmissions, espCrossing, isReplaced, stopOf, type Testimony } from './evidence.ts';
import { nothingSentReason, saysNothingLeft } from './nothing-sent.ts';

/** A reason and what shows it. `unknown` says what was lacking. */
export interface ShownReason {
  readonly reason: Reason;
  readonly shownBy: string;
}

/** Reasons that only a peer which refuses can give: its word is the evidence. */
const explicitReasons: readonly Reason[] = [
  'no-proposal-chosen',
  'auth-failed',
  'id-mismatch',
  'no-policy',
  'no-key',
  'nat-refused',
  'deleted-by-peer',
  'bad-icv',
  'bad-checksum',
  'tunnel-id-taken',
  'ppp-refused',
  'ppp-auth-failed',
  'pool-exhausted',
];

export function isExplicit(reason: Reason): boolean {
  return explicitReasons.includes(reason);
}

/**
 * Why the connection stopped at this stage, as far as the evidence shows it: an explicit refusal by a peer,
 * or the same message sent three times with its loss or silence seen on the wire. All else is `unknown`.
 */
export function reasonAt(stage: Stage, testimony: Testimony): ShownReason {
  if (stage === 'reach' && saysNothingLeft(testimony.client)) return nothingSentReason(testimony);
  const isInTheClear = dialsInTheClear(testimony.client);
  if (isInTheClear && (stage === 'reach' || stage === 'l2tp-tunnel')) return clearSilence(testimony);
  if (stage === 'esp') {
    const esp = espReason(testimony);
    // Who gives up an SA that carries nothing deletes it: the one explains the other.
    return esp.reason === 'unknown' ? (explicitRefusal(stage, testimony) ?? esp) : esp;
  }
  const short = stage === 'phase1' ? shortPublicValue(testimony) : undefined;
  if (short) return short;
  const refusal = explicitRefusal(stage, testimony);
  if (refusal) return refusal;
  const lacking = stage === 'ppp-lcp' ? dataPlaneReason(testimony) : undefined;
  if (lacking) return lacking;
  if (stage === 'reach' || stage === 'phase1') return phase1Silence(testimony);
  if (stage === 'phase2') return silence('quick mode', testimony);
  const shared = sharedSa(testimony);
  if (shared) return shared;
  const fallenSilent = laterSilence(stage, testimony);
  if (fallenSilent) return fallenSilent;
  if (stage === 'l2tp-tunnel' || stage === 'l2tp-session') return l2tpSilence(testimony);
  return { reason: 'unknown', shownBy: `no peer says why it stopped at ${stage}` };
}

/** RFC 2409 5: a public value is padded to the length of the prime; a peer may refuse one that is not. */
function shortPublicValue({ wire: { shortPublicValues } }: Testimony): ShownReason | undefined {
  const [short] = shortPublicValues ?? [];
  if (!short) return undefined;
  const shownBy = `the ${short.from}'s public value has ${short.octets} octets, the length of no group`;
  return { reason: 'short-public-value', shownBy };
}

function explicitRefusal(stage: Stage, { client, responder }: Testimony): ShownReason | undefined {
  for (const [who, peer] of [
    ['responder', responder],
    ['client', client],
  ] as const) {
    const stop = stopOf(peer);
    if (stop?.stage === stage && stop.reason !== undefined && isExplicit(stop.reason)) {
      return { reason: stop.reason, shownBy: `the ${who}'s own word${stop.detail && `: ${stop.detail}`}` };
    }
  }
  return undefined;
}

/** Nobody answers the last message of aggressive mode: that it was lost shows in the quick mode that its client begins behind it. */
function phase1Silence(testimony: Testimony): ShownReason {
  const { aggressiveModeMessages = 0 } = testimony.wire;
  if (aggressiveModeMessages === 0) return silence('main mode', testimony);
  const own = silence('aggressive mode', testimony);
  return own.reason === 'unknown' ? silence('quick mode', testimony) : own;
}

function silence(exchange: string, { wire, boxDrops }: Testimony): ShownReason {
  const open = wire.unanswered.filter(({ what }) => what.startsWith(exchange));
  const longest = open.toSorted((a, b) => b.transmissions - a.transmissions)[0];
  if (!longest)
    return { reason: 'unknown', shownBy: `the captures show no ${exchange} message without answer` };
  const { what, transmissions } = longest;
  if (transmissions < enoughTransmissions) {
    return { reason: 'unknown', shownBy: `${what} was sent only ${times(transmissions)} before the end` };
  }
  const shownBy = [
    `${what} sent ${times(transmissions)}, ${whereLost(longest, wire)}`,
    ...dropsText(boxDrops),
  ];
  return { reason: 'no-answer', shownBy: shownBy.join('; ') };
}

/** Where a message stopped, or that it arrived and nothing came back. */
function whereLost(
  { from, seenOn }: WireObservation['unanswered'][number],
  { path }: WireObservation,
): string {
  const [last, destination] = from === 'client' ? [seenOn.at(-1), path.at(-1)] : [seenOn[0], path[0]];
  return last === destination ? `seen on ${last} and not answered` : `not seen beyond ${last}`;
}

function espReason({ client, wire, boxDrops }: Testimony): ShownReason {
  const { upSent, upArrived, downSent, downArrived } = espCrossing(wire);
  if (upSent === 0) {
    return stopOf(client)?.stage === 'esp'
      ? { reason: 'esp-never-sent', shownBy: 'the client gave up without one ESP packet on its segment' }
      : {
          reason: 'unknown',
          shownBy: 'the client sent no ESP, and does not say that it gave up there',
        };
  }
  for (const [way, sent, arrived] of [
    ['toward the responder', upSent, upArrived],
    ['toward the client', downSent, downArrived],
  ] as const) {
    if (sent >= enoughTransmissions && arrived === 0) {
      const shownBy = [`${sent} ESP packets ${way}, none of them arrived`, ...dropsText(boxDrops)];
      return { reason: 'esp-dropped', shownBy: shownBy.join('; ') };
    }
  }
  return { reason: 'unknown', shownBy: 'ESP crossed, and no peer says what became of it' };
}

/** L2TP is inside ESP: the client's count of its own message, and ESP that went up without any coming down. */
function l2tpSilence({ client, wire }: Testimony): ShownReason {
  const repeated = client.unanswered.filter(isL2tp).toSorted((a, b) => b.transmissions - a.transmissions)[0];
  const { upArrived, downSent } = espCrossing(wire);
  if (!repeated || repeated.transmissions < enoughTransmissions) {
    return { reason: 'unknown', shownBy: 'the client names no L2TP message that it sent three times' };
  }
  if (upArrived < enoughTransmissions || downSent > 0) {
    return { reason: 'unknown', shownBy: `${repeated.what} unanswered, but the captures show no silence` };
  }
  const arrived = `${upArrived} ESP packets on the responder's segment and none back`;
  return {
    reason: 'no-answer',
    shownBy: `${repeated.what} sent ${times(repeated.transmissions)}, ${arrived}`,
  };
}

/** A responder that had answered before: the client's own word, and ESP that went up after the last that came down. */
function laterSilence(stage: Stage, { client, wire }: Testimony): ShownReason | undefined {
  const stop = stopOf(client);
  const { espUnanswered = 0 } = wire;
  if (stop?.stage !== stage || stop.reason !== 'no-answer' || espUnanswered < enoughTransmissions) {
    return undefined;
  }
  const shownBy = `the client's own word: ${stop.detail}; ${espUnanswered} ESP packets on the responder's segment since its last`;
  return { reason: 'no-answer', shownBy };
}

/** Of a tunnel, a call in it and its end (RFC 2661 5.1, 5.2.1, 5.6): SCCRQ, SCCCN, ICRQ, ICCN and CDN; SCCRP and ICRP. */
const fewestOfL2tp = { up: 5, down: 2 } as const;

/**
 * A client without a data plane says so and hangs up. That is believed when the responder had its CDN, and when as
 * much crossed as an L2TP call takes.
 */
function dataPlaneReason({ client, responder, wire }: Testimony): ShownReason | undefined {
  const stop = stopOf(client);
  if (stop?.reason !== 'no-data-plane') return undefined;
  const { callEnd } = responder;
  if (client.callEnd?.by !== 'self' || callEnd?.by !== 'peer') {
    return {
      reason: 'unknown',
      shownBy: 'the client says it has no data plane, but not both ends that it hung up',
    };
  }
  const { upArrived, downArrived } = espCrossing(wire);
  if (upArrived < fewestOfL2tp.up || downArrived < fewestOfL2tp.down) {
    const crossed = `${upArrived} ESP packets arrived at the responder, ${downArrived} at the client`;
    return { reason: 'unknown', shownBy: `${crossed}: no L2TP call has so few` };
  }
  const code = callEnd.resultCode === undefined ? '' : ` with result ${callEnd.resultCode}`;
  const shownBy = `the client's own word: ${stop.detail}; the responder had its CDN${code}, by ESP that crossed both ways`;
  return { reason: 'no-data-plane', shownBy };
}

/**
 * A client that got ESP from the responder, but never its connection, since its SA took the place of another's: what
 * the responder sends to both goes to this one.
 */
function sharedSa({ wire, company }: Testimony): ShownReason | undefined {
  const replaced = company.before.findIndex((other) => other.wire && isReplaced(other.wire));
  if (replaced === -1 || espCrossing(wire).downSent === 0) return undefined;
  return {
    reason: 'sa-replaced',
    shownBy: `its SA took the place of client ${replaced + 1}'s, to which no more ESP went`,
  };
}

type Pings = NonNullable<TrafficObservation['pingAfterOthers']>;

/** Why a connection that passed traffic stopped doing so when other clients had dialled. */
export function holdReason({ sent, received }: Pings, wire: WireObservation): ShownReason {
  const answers = `${received} of ${sent} answers after other clients had dialled`;
  // A link that loses some packets stands.
  if (received > 0 || sent < enoughTransmissions) return { reason: 'unknown', shownBy: answers };
  if (!isReplaced(wire)) return { reason: 'no-traffic', shownBy: answers };
  const arrived = `${wire.espAfterOthers?.toResponder ?? 0} ESP packets arrived since`;
  return {
    reason: 'sa-replaced',
    shownBy: `${answers}; ${arrived} the responder first sent ESP to a later client, and none went back`,
  };
}

/** Why a connection that passed traffic stopped doing so after what happened to it while it stood. */
export function lostWhileStanding({ sent, received }: Pings): ShownReason {
  const shownBy = `${received} of ${sent} answers after what happened to the connection while it stood`;
  const isSilent = received === 0 && sent >= enoughTransmissions;
  return { reason: isSilent ? 'no-traffic' : 'unknown', shownBy };
}

/** The names of L2TP's control messages that wait for an answer (RFC 2661 3.2). */
function isL2tp({ what }: PeerObservation['unanswered'][number]): boolean {
  return /\b(SCCRQ|SCCRP|SCCCN|ICRQ|ICRP|ICCN)\b/i.test(what);
}

function dropsText(drops: Testimony['boxDrops']): string[] {
  return drops
    .filter(({ packets }) => packets > 0)
    .map(({ box, rule, packets }) => `${box} dropped ${packets} by ${rule}`);
}

function times(count: number): string {
  return count === 1 ? 'once' : `${count} times`;
}
