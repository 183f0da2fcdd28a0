import type { PeerObservation } from '../observation.ts';
import { type Reason, stageIndex } from '../stage.ts';
import { onTheWire } from '../transform-on-the-wire.ts';
import { furthest, says, spiText, stopOf, type Testimony } from './evidence.ts';
import { isExplicit } from './reason.ts';

/** What the two ends of one connection say, and cannot both have seen. */
export function* betweenPeers(testimony: Testimony): Generator<string> {
  yield* aboutStops(testimony);
  yield* aboutSas(testimony);
  yield* aboutAgreements(testimony);
}

function* aboutStops({ client, responder, wire }: Testimony): Generator<string> {
  for (const [who, peer, otherName, other] of [
    ['the client', client, 'the responder', responder],
    ['the responder', responder, 'the client', client],
  ] as const) {
    const stop = stopOf(peer)?.stage;
    const reached = furthest(other);
    if (stop !== undefined && reached > stageIndex(stop)) {
      yield `${who} says it stopped at ${stop}, ${otherName} says a later step is done`;
    }
  }
  // Message 6 is the responder's: a client that has it has it from a responder that was done. In aggressive mode the last is its own.
  const endsWithResponder = (wire.aggressiveModeMessages ?? 0) === 0;
  if (endsWithResponder && says(client, 'phase1') === 'done' && says(responder, 'phase1') === 'stopped') {
    yield 'the client says phase 1 is done, the responder says it stopped there';
  }
  const explicit = [stopOf(client), stopOf(responder)].map((stop) =>
    stop?.reason !== undefined && isExplicit(stop.reason) ? stop : undefined,
  );
  const [clientStop, responderStop] = explicit;
  if (
    clientStop &&
    responderStop &&
    clientStop.stage === responderStop.stage &&
    clientStop.reason !== responderStop.reason &&
    !knowsLess(clientStop.reason, responderStop.reason)
  ) {
    yield `the client names ${clientStop.reason} at ${clientStop.stage}, the responder ${responderStop.reason}`;
  }
}

/** With the commit bit a fourth message ends it (RFC 2409 5.5, RFC 2408 3.1). */
const mostOfOneQuickMode = 4;

function* aboutSas({ client, responder, wire }: Testimony): Generator<string> {
  // After several quick modes each end may name another one's SA: they are not asked in the same moment.
  const ofOneQuickMode = wire.quickModeMessages <= mostOfOneQuickMode;
  for (const [way, ofSender, ofReceiver] of [
    ['toward the responder', client.spis?.outbound, responder.spis?.inbound],
    ['toward the client', responder.spis?.outbound, client.spis?.inbound],
  ] as const) {
    if (ofOneQuickMode && ofSender !== undefined && ofReceiver !== undefined && ofSender !== ofReceiver) {
      yield `the SPI ${way}: its sender says ${spiText(ofSender)}, its receiver ${spiText(ofReceiver)}`;
    }
  }
  for (const [who, { phase2, sas }] of peers({ client, responder })) {
    const other = sas?.find(({ algorithms }) => !isSameTransform(algorithms, phase2));
    if (other) yield `${who} agreed on ${phase2}, and its SA has ${other.algorithms}`;
  }
}

/** What was agreed on, or told: both ends have the same word for it. */
function* aboutAgreements({ client, responder }: Testimony): Generator<string> {
  for (const [ended, told] of [
    [client.callEnd, responder.callEnd],
    [responder.callEnd, client.callEnd],
  ]) {
    if (ended?.by !== 'self' || told?.by !== 'peer') continue;
    const [sent, received] = [ended.resultCode, told.resultCode];
    if (sent !== undefined && received !== undefined && sent !== received) {
      yield `the CDN's result code: its sender says ${sent}, its receiver ${received}`;
    }
  }
  for (const [what, ofClient, ofResponder] of [
    ['phase 1', client.phase1, responder.phase1],
    ['phase 2', asOffered(client.phase2), asOffered(responder.phase2)],
    ["the client's inner address", client.innerAddress, responder.peerInnerAddress],
  ]) {
    if (ofClient !== undefined && ofResponder !== undefined && ofClient !== ofResponder) {
      yield `${what}: the client says ${ofClient}, the responder ${ofResponder}`;
    }
  }
}

/**
 * The client names what its responder's refusal sounds like, and cannot know better: no address was left, which PPP has
 * no word for; no policy has these ports, for which INVALID-ID-INFORMATION is the word as well as for addresses; there
 * is no key, and AUTHENTICATION-FAILED does not say why.
 */
function knowsLess(client: Reason | undefined, responder: Reason | undefined): boolean {
  return (
    (client === 'ppp-refused' && responder === 'pool-exhausted') ||
    (client === 'id-mismatch' && responder === 'no-policy') ||
    (client === 'auth-failed' && responder === 'no-key')
  );
}

/** Each end knows how it cuts HMAC-SHA2-256 itself, and neither was told how the other does (rule ESP-1). */
function asOffered(transform: string | undefined): string | undefined {
  return transform && onTheWire(transform);
}

/** True where one of them is not known. */
function isSameTransform(one: string | undefined, other: string | undefined): boolean {
  return one === undefined || other === undefined || onTheWire(one) === onTheWire(other);
}

/** Each end, with the words for it. */
export function peers({
  client,
  responder,
}: Pick<Testimony, 'client' | 'responder'>): [string, PeerObservation][] {
  return [
    ['the client', client],
    ['the responder', responder],
  ];
}
