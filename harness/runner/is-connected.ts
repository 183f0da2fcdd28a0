import type { PeerObservation } from '../observation.ts';
import { stageIndex } from '../stage.ts';

/** Every step before traffic is behind the client: the moment for the proof. */
export function isConnected(client: PeerObservation): boolean {
  const negotiated = client.stages.filter(({ stage }) => stageIndex(stage) < stageIndex('traffic'));
  return (
    negotiated.some(({ stage, state }) => stage === 'ppp-ipcp' && state === 'done') &&
    negotiated.every(({ state }) => state !== 'stopped')
  );
}
