import type { EndsSeen } from '../expectation.ts';
import type { PeerObservation } from '../observation.ts';
import { type Evidence, says } from './evidence.ts';

type NatSeen = NonNullable<PeerObservation['natSeen']>;

/**
 * What each end tells of NAT against where the ends stand. An end that cannot tell is left out; where none does,
 * nothing may have been detected: phase 1 is not done.
 */
export function natSeenFinding(
  byClient: EndsSeen,
  byResponder: EndsSeen,
  { client, responder }: Pick<Evidence, 'client' | 'responder'>,
): { readonly ok: boolean; readonly detail: string } {
  const seen = [
    ...seenBy('client', byClient, client?.natSeen, (nat) => [nat.localBehindNat, nat.peerBehindNat]),
    ...seenBy('responder', byResponder, responder?.natSeen, (nat) => [nat.peerBehindNat, nat.localBehindNat]),
  ];
  if (seen.length === 0) {
    const isDone = client !== undefined && says(client, 'phase1') === 'done';
    return { ok: !isDone, detail: isDone ? 'nobody tells' : 'nobody tells, and phase 1 is not done' };
  }
  return { ok: seen.every(({ ok }) => ok), detail: seen.map(({ words }) => words).join(', ') };
}

/** @param ends of what it tells: whether the client is behind NAT, and whether the responder is */
function seenBy(
  who: 'client' | 'responder',
  wanted: EndsSeen,
  told: NatSeen | undefined,
  ends: (told: NatSeen) => readonly [client: boolean, responder: boolean],
): { ok: boolean; words: string }[] {
  if (told === undefined) return [];
  const [client, responder] = ends(told);
  const seen = client ? (responder ? 'both' : 'client') : responder ? 'responder' : 'neither';
  return [{ ok: wanted === 'any' || seen === wanted, words: `the ${who} sees ${seen} behind NAT` }];
}
