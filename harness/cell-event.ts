import { type Cell, peerOf } from './cell.ts';
import { networkSettings } from './network-settings.ts';
import { profileNames } from './peers/ts/profiles/profile-file.ts';
import { loadResponderProfile } from './peers/ts/profiles/responder-profile.ts';
import { loadTopology } from './topologies.ts';

/**
 * Why nothing of its axis `event` can happen in a cell: what would come of it would be something else's, too. `undefined`
 * where it can, or nothing is to happen.
 */
export function whyNoEvent({ topology, nat, clients, event, impair }: Cell): string | undefined {
  if (event === 'none') return undefined;
  if (clients > 1) return `${event} happens to a client that is alone`;
  if (impair !== 'none') return `${event} happens to ends that do nothing wrong of themselves`;
  const { hold, nats, links } = networkSettings(loadTopology(topology), nat);
  if (hold) return `${event} happens where nothing else does: in ${topology} something happens at the NAT`;
  if (Object.values(links).some(({ loss = 0 }) => loss > 0)) return `${event} happens where nothing is lost`;
  const short = Object.values(nats).find(({ kind }) => kind.udpSeconds < longestSilence);
  return short && `${event} outlasts the UDP mappings of ${short.kind.name}`;
}

/**
 * Why nobody waits in containers for what happens in a cell: SAs with a silent client end by dead peer detection after
 * minutes. `undefined` where it does not come to that.
 */
export function tooLongForContainers({ event, responder }: Cell): string | undefined {
  const { peer, profile = '' } = peerOf(responder);
  if (event !== 'client-power-cut' || peer !== 'ts' || !profileNames('responder').includes(profile)) {
    return undefined;
  }
  const detection = loadResponderProfile(profile).deadPeerDetection.value;
  if (detection === 'none' || detection.mode !== 'both') return undefined;
  const seconds = detection.idleSeconds + detection.retrySeconds * detection.attempts;
  return `${responder} takes ${seconds} s to find a silent client dead`;
}

/** What passes between the signs of life of any two ends at most: an echo interval of the How-To. Seconds. */
const longestSilence = 40;
