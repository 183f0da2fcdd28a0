import type { Check } from '../expectation.ts';
import type { EventObservation, PeerObservation } from '../observation.ts';
import type { CheckResult } from './checks.ts';
import { type Evidence, enoughTransmissions, type Testimony } from './evidence.ts';
import { lostWhileStanding, type ShownReason } from './reason.ts';
import { allAnswered } from './traffic-checks.ts';

/** Why a connection, or the dialling after it, did not come through what the cell had happen; `undefined` where it did. */
export function stoppedByEvent(testimony: Testimony): ShownReason | undefined {
  const { event } = testimony;
  switch (event?.event) {
    case 'rekey-by-client':
    case 'rekey-by-responder':
      return neverReplaced(testimony) ?? linkLost(testimony) ?? lostDuring(event);
    case 'responder-restart':
      return staleEspAnswered(testimony, event) ?? redialFailed(event);
    case 'client-power-cut':
      return keptOrDropped(event) ?? redialFailed(event) ?? otherAddress(testimony, event);
    default:
      return undefined;
  }
}

/** Both ends tell of it in both phases, and the wire shows new cookies and new SPIs. */
function neverReplaced({ client, responder, wire }: Testimony): ShownReason | undefined {
  const missing = [
    ...notTold('the client', client),
    ...notTold('the responder', responder),
    ...((wire.isakmpSas ?? 1) < 2 ? ['the captures show one ISAKMP SA'] : []),
    ...(wire.espSpis === undefined || Math.min(wire.espSpis.toResponder, wire.espSpis.toClient) < 2
      ? ['the captures show ESP under one SPI each way']
      : []),
  ];
  return missing.length > 0 ? { reason: 'no-rekey', shownBy: missing.join('; ') } : undefined;
}

function notTold(who: string, { replaced }: PeerObservation): string[] {
  return ([1, 2] as const).flatMap((phase) => {
    const told = replaced?.[`phase${phase}`];
    return told && told.bySelf + told.byPeer > 0 ? [] : [`${who} tells of no new SA of phase ${phase}`];
  });
}

/** The link ended while both ends were there, by their own word. */
export function linkLost({ client, responder }: Testimony): ShownReason | undefined {
  const lost = [
    ...(client.linkLost ?? []).map((what) => `the client: ${what}`),
    ...(responder.linkLost ?? []).map((what) => `the responder: ${what}`),
  ];
  return lost.length > 0 ? { reason: 'link-lost', shownBy: lost.join('; ') } : undefined;
}

function lostDuring({ during }: EventObservation): ShownReason | undefined {
  if (during === undefined) return { reason: 'unknown', shownBy: 'nothing was sent meanwhile' };
  return allAnswered(during) ? undefined : lostWhileStanding(during);
}

function staleEspAnswered({ wire }: Testimony, { during }: EventObservation): ShownReason | undefined {
  if (during !== undefined && during.received > 0) {
    const shownBy = `${during.received} of ${during.sent} answers through SAs that the responder had lost`;
    return { reason: 'stale-esp-answered', shownBy };
  }
  const { esp = 0, otherAnswers = 0 } = wire.silenceBefore ?? {};
  if (otherAnswers > 0) {
    const shownBy = `${otherAnswers} packets from the responder after ${esp} of ESP under SPIs that it had lost`;
    return { reason: 'stale-esp-answered', shownBy };
  }
  if (esp >= enoughTransmissions) return undefined;
  return {
    reason: 'unknown',
    shownBy: `the captures show ${esp} ESP packets without an answer before the client dialled again`,
  };
}

function redialFailed({ redial }: EventObservation): ShownReason | undefined {
  if (redial === undefined) return { reason: 'unknown', shownBy: 'nobody dialled again' };
  const { connected, detail, pings = { sent: 0, received: 0 } } = redial;
  if (!connected) return { reason: 'redial-failed', shownBy: detail };
  if (allAnswered(pings)) return undefined;
  const shownBy = `${pings.received} of ${pings.sent} answers through the new connection`;
  return { reason: 'redial-failed', shownBy };
}

type Held = NonNullable<EventObservation['held']>[number];

/**
 * What a client has of a responder beside its SAs. The tunnel lasts until the responder has said in vain often enough that
 * the call in it is over (RFC 2661 5.8).
 */
const ofTheCall = ['links', 'sessions', 'leases'];
const ofTheLink = [...ofTheCall, 'tunnels'];
const ofIpsec = ['phase1', 'phase2'];

function parts({ counts }: Held, names = ofTheLink): string[] {
  return names.filter((name) => (counts[name] ?? 0) > 0).map((name) => `${counts[name]} ${name}`);
}

/** When the responder had let go of these, and what it held then. */
function freed({ held = [] }: EventObservation, names = ofTheLink): Held | undefined {
  return held.find((one) => one.atSeconds >= 0 && parts(one, names).length === 0);
}

function keptOrDropped(event: EventObservation): ShownReason | undefined {
  const { held = [] } = event;
  const early = held.find((one) => one.atSeconds < 0 && parts(one).length < ofTheLink.length);
  if (early) {
    const shownBy = `${-early.atSeconds} s before the power was cut the responder held ${parts(early).join(', ') || 'nothing'}`;
    return { reason: 'link-lost', shownBy };
  }
  const last = held.at(-1);
  if (last === undefined) return { reason: 'unknown', shownBy: 'nobody asked what the responder held' };
  if (freed(event)) return undefined;
  const shownBy = `${last.atSeconds} s after the power was cut the responder held ${parts(last).join(', ')}`;
  return { reason: 'state-left-behind', shownBy };
}

function otherAddress({ client }: Testimony, { redial }: EventObservation): ShownReason | undefined {
  const [before, after] = [client.innerAddress, redial?.innerAddress];
  if (before !== undefined && before === after) return undefined;
  const shownBy = `the next caller got ${after ?? 'no address'}, and not ${before ?? 'one'} again`;
  return { reason: 'state-left-behind', shownBy };
}

export type EventCheck = Extract<
  Check,
  {
    readonly check:
      | 'replaced-by'
      | 'old-sas-accepted'
      | 'old-spi-unanswered'
      | 'freed-within'
      | 'sas-outlive-link'
      | 'sas-end-between';
  }
>;

type Finding = Pick<CheckResult, 'ok' | 'detail'>;
const notObserved: Finding = { ok: false, detail: 'not observed' };

/** What comes of a check that is about what happened to a standing connection. */
export function eventFinding(check: EventCheck, evidence: Evidence): Finding {
  const { event, client, responder, wire } = evidence;
  if (!event || !client || !responder) return notObserved;
  switch (check.check) {
    case 'replaced-by': {
      const [own, other] = check.end === 'client' ? [client, responder] : [responder, client];
      return replacedBy(own, other);
    }
    case 'old-sas-accepted': {
      const stray = (client.strayEsp ?? 0) + (responder.strayEsp ?? 0);
      return { ok: stray === 0, detail: `${stray} packets for SAs that were gone` };
    }
    case 'old-spi-unanswered': {
      const { silenceBefore } = wire ?? {};
      if (!silenceBefore) return notObserved;
      const { esp, invalidSpi, otherAnswers } = silenceBefore;
      const detail = `${esp} ESP packets, ${invalidSpi} times INVALID-SPI, ${otherAnswers} other answers`;
      return { ok: esp > 0 && otherAnswers === 0, detail };
    }
    case 'freed-within': {
      const { echoSeconds } = event;
      const at = freed(event, ofTheCall)?.atSeconds;
      if (at === undefined || echoSeconds === undefined) return notObserved;
      const detail = `${at} s after the power was cut, with an echo each ${echoSeconds} s`;
      // An interval that has begun is not over: whoever asks sees it a little later than it was.
      return { ok: Math.floor(at / echoSeconds) <= check.intervals, detail };
    }
    case 'sas-outlive-link': {
      const counts = freed(event)?.counts;
      if (!counts) return notObserved;
      const left = ofIpsec.map((name) => `${counts[name] ?? 0} ${name}`);
      return { ok: left.every((text) => !text.startsWith('0 ')), detail: left.join(', ') };
    }
    case 'sas-end-between': {
      const { atSeconds: at } = freed(event, ofIpsec) ?? {};
      if (at === undefined) return { ok: false, detail: 'not while anybody watched' };
      // What is looked at each second is seen up to one later than it was.
      const isDue = at >= check.fromSeconds && at <= check.toSeconds + 1;
      return { ok: isDue, detail: `${at} s after the power was cut` };
    }
  }
}

/** Each phase at least once, by the one end's word and the other's. */
function replacedBy({ replaced: own }: PeerObservation, { replaced: other }: PeerObservation): Finding {
  if (!own || !other) return notObserved;
  const phases = (['phase1', 'phase2'] as const).map((phase) => ({ own: own[phase], other: other[phase] }));
  const right = (one: (typeof phases)[number]) =>
    one.own.bySelf > 0 && one.own.byPeer === 0 && one.other.byPeer > 0 && one.other.bySelf === 0;
  const detail = phases
    .map((one, index) => `phase ${index + 1}: ${one.own.bySelf} by it, ${one.own.byPeer} by the other end`)
    .join('; ');
  return { ok: phases.every(right), detail };
}
