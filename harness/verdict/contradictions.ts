import type { WireObservation } from '../observation.ts';
import { type Stage, stageIndex } from '../stage.ts';
import { betweenPeers, peers } from './between-peers.ts';
import { againstTheClear } from './clear-l2tp.ts';
import { espCrossing, espOn, furthest, ikeAtResponder, says, stopOf, type Testimony } from './evidence.ts';
import { againstNothingSent } from './nothing-sent.ts';
import { trafficPassed } from './traffic-checks.ts';

/**
 * Where the pieces of evidence exclude each other, in words. Evidence in conflict is never a pass: somebody
 * is wrong, and it may be the one whose word would have met the expectation.
 */
export function contradictions(testimony: Testimony): string[] {
  return [
    ...againstTheClear(testimony),
    ...againstNothingSent(testimony),
    ...againstIke(testimony),
    ...againstEsp(testimony),
    ...betweenPeers(testimony),
    ...againstTraffic(testimony),
  ];
}

/** What a whole main mode, aggressive mode and quick mode take at least (RFC 2409 5.4, 5.5). */
const fewest = { mainMode: 6, aggressiveMode: 3, phase2: 3 } as const;

/** What the captures show of a phase 1 that is not whole; `undefined` where one is. */
function partOfPhase1({ mainModeMessages, aggressiveModeMessages = 0 }: WireObservation): string | undefined {
  if (mainModeMessages >= fewest.mainMode || aggressiveModeMessages >= fewest.aggressiveMode)
    return undefined;
  if (aggressiveModeMessages > 0) {
    return `${aggressiveModeMessages} aggressive mode messages of ${fewest.aggressiveMode}`;
  }
  return `${mainModeMessages} main mode messages of ${fewest.mainMode}`;
}

/**
 * A client in aggressive mode is done with phase 1 once it has sent message 3 (RFC 2409 5.4), and goes on although that
 * was lost; its quick mode then is lost as well.
 */
function quickModeWasLost({ aggressiveModeMessages = 0, unanswered, path }: WireObservation): boolean {
  const responderSegment = path.at(-1) ?? '';
  return (
    aggressiveModeMessages > 0 &&
    unanswered.some(({ what, seenOn }) => what.startsWith('quick mode') && !seenOn.includes(responderSegment))
  );
}

function* againstIke({ client, responder, wire }: Testimony): Generator<string> {
  const arrived = ikeAtResponder(wire);
  const phase1 = partOfPhase1(wire);
  for (const [who, peer] of peers({ client, responder })) {
    const claims = (stage: Stage) => says(peer, stage) === 'done';
    if (claims('reach') && arrived.toResponder === 0) {
      yield `${who} says that IKE reached the responder, its segment shows none`;
    }
    if (claims('phase1') && phase1 !== undefined) {
      yield `${who} says phase 1 is done, the captures show ${phase1}`;
    }
    if (claims('phase2') && wire.quickModeMessages < fewest.phase2) {
      yield `${who} says phase 2 is done, the captures show ${wire.quickModeMessages} quick mode messages of ${fewest.phase2}`;
    }
    const stop = stopOf(peer)?.stage;
    const sawQuickMode = wire.quickModeMessages > 0 && (peer === client || !quickModeWasLost(wire));
    if (stop !== undefined && stageIndex(stop) <= stageIndex('phase1') && sawQuickMode) {
      yield `${who} says it stopped at ${stop}, the captures show quick mode`;
    }
  }
  if (says(responder, 'reach') === 'stopped' && arrived.toClient > 0) {
    yield 'the responder says that nothing reached it, its segment shows its IKE answers';
  }
}

function* againstEsp({ client, responder, wire }: Testimony): Generator<string> {
  const { upSent, upArrived, downArrived } = espCrossing(wire);
  const esp = stageIndex('esp');
  if (furthest(client) >= esp && downArrived === 0) {
    yield 'the client says that ESP came, its segment shows none toward it';
  }
  if (furthest(responder) >= esp && upArrived === 0) {
    yield 'the responder says that ESP came, its segment shows none toward it';
  }
  const clientStop = stopOf(client)?.stage;
  if (clientStop !== undefined && stageIndex(clientStop) < esp && upSent > 0) {
    yield `the client says it stopped at ${clientStop}, its segment shows ESP from it`;
  }
  for (const [who, { sas }, arrived] of [
    ['the client', client, downArrived],
    ['the responder', responder, upArrived],
  ] as const) {
    const counted = (sas ?? []).reduce(
      (sum, { direction, packets }) => sum + (direction === 'in' ? (packets ?? 0) : 0),
      0,
    );
    if (counted > 0 && arrived === 0) {
      yield `${who} counted ${counted} packets on its inbound SAs, its segment shows no ESP toward it`;
    }
  }
  const seen = Object.values(wire.segments).reduce(
    (sum, { espInUdp, espNative }) => ({
      udp: sum.udp + espInUdp.toResponder + espInUdp.toClient,
      none: sum.none + espNative.toResponder + espNative.toClient,
    }),
    { udp: 0, none: 0 },
  );
  for (const [who, { encapsulation }] of peers({ client, responder })) {
    const other = encapsulation === 'udp' ? 'none' : 'udp';
    if (encapsulation !== undefined && seen[encapsulation] === 0 && seen[other] > 0) {
      const words = { udp: 'ESP in UDP', none: 'ESP as protocol 50' };
      yield `${who} says ${words[encapsulation]}, the captures show ${words[other]} only`;
    }
  }
}

function* againstTraffic({ client, traffic, wire }: Testimony): Generator<string> {
  if (!traffic || !trafficPassed(traffic)) return;
  if (says(client, 'ppp-ipcp') !== 'done')
    yield 'traffic passed, and the client does not say it is connected';
  for (const segment of wire.path) {
    const { toResponder, toClient } = espOn(wire, segment);
    if (toResponder === 0 || toClient === 0) yield `traffic passed, and ${segment} shows no ESP both ways`;
  }
}
