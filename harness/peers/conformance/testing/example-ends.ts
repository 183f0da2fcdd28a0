import type { PeerObservation } from '../../../observation.ts';
import { connectionSteps } from '../../../stage.ts';
import type { Role } from './opposite.ts';

/** What an end of this name and version `1` shows that nobody has called. */
export function quietEnd(peer: string): PeerObservation {
  return { peer, version: '1', stages: [], dns: [], unanswered: [], warnings: [] };
}

/** What an end shows of the connection with this number. */
export function connectedEnd(peer: string, role: Role, number: number): PeerObservation {
  const [up, down] = [1000 + number, 2000 + number];
  const isClient = role === 'client';
  const [inbound, outbound] = isClient ? [down, up] : [up, down];
  const [tunnelId, peerTunnelId] = isClient ? [1, 2] : [2, 1];
  const [innerAddress, peerInnerAddress] = isClient
    ? ['192.168.8.50', '192.168.2.1']
    : ['192.168.2.1', '192.168.8.50'];
  return {
    ...quietEnd(peer),
    stages: connectionSteps.map((stage, atMs) => ({ stage, state: 'done', atMs, detail: '' })),
    phase1: '3des-sha1-modp1024',
    phase2: '3des-sha1',
    encapsulation: 'none',
    spis: { inbound, outbound },
    sas: [
      { direction: 'in', spi: inbound, packets: 3 },
      { direction: 'out', spi: outbound, packets: 3 },
    ],
    l2tp: { tunnelId, peerTunnelId },
    innerAddress,
    peerInnerAddress,
  };
}

/** What an end shows of a client whose key is wrong. */
export function refusedEnd(peer: string): PeerObservation {
  return {
    ...quietEnd(peer),
    stages: [
      { stage: 'reach', state: 'done', atMs: 0, detail: '' },
      { stage: 'phase1', state: 'stopped', reason: 'auth-failed', detail: '' },
    ],
  };
}
