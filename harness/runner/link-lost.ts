import type { PeerObservation } from '../observation.ts';

/** What a peer said of its connection when that was proved, with what it says later of the link's end. */
export function knowingOfLoss(
  saw: PeerObservation | undefined,
  later: PeerObservation | undefined,
): PeerObservation | undefined {
  return saw && later?.linkLost ? { ...saw, linkLost: later.linkLost } : saw;
}
