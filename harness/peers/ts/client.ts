import { type Cell, peerOf } from '../../cell.ts';
import { CrossnatError } from '../../error.ts';
import { addressOf } from '../../subnet.ts';
import { tunnelRoutes } from '../../tunnel-routes.ts';
import type { CellSettings, PeerContext } from '../peer.ts';
import { AgentPeer } from './agent-peer.ts';
import { alive } from './alive.ts';
import { ConnectionEnd } from './connection-end.ts';
import { withLifetimes } from './lifetimes.ts';
import { completedStage } from './observe.ts';
import { compileClient, loadClientProfile } from './profiles/client-profile.ts';

/** Our stack as a client, in its node. */
export class TsClient extends AgentPeer {
  override async configure(cell: Cell, settings: CellSettings, signal: AbortSignal): Promise<void> {
    const { profile = '' } = peerOf(cell.client);
    const place = this.context.topology.nodes[this.context.nodeName];
    const [address] = Object.values(place?.interfaces ?? {});
    if (place === undefined || address === undefined) throw noPlace(this.context);
    await this.setup.apply(routeToResponder(settings.dial, place.gateway), signal);
    const compiled = compileClient(loadClientProfile(profile), cell, settings, addressOf(address));
    const endpoint = withLifetimes(compiled, settings.lifetimes);
    const routes = tunnelRoutes(cell, this.context.topology, this.context.nodeName);
    await this.startEndpoint({ endpoint, seed: `${settings.seed}/client`, tunnelRoutes: routes }, signal);
  }

  override connect(signal: AbortSignal, progress: (stage: string) => void): Promise<void> {
    const end = new ConnectionEnd();
    const { promise: decided, resolve, reject } = Promise.withResolvers<void>();
    // It can be given up before anybody waits for it: while the agent's answer is on its way.
    decided.catch(() => {});
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
    const stopListening = this.agent.listen((event) => {
      if (event.event === 'link') return event.up ? resolve() : undefined;
      const stage = completedStage(event.fact);
      if (stage !== undefined) progress(stage);
      if (end.decides(event.fact)) resolve();
    });
    return this.agent
      .request({ request: 'connect' }, signal)
      .then(() => Promise.race([decided, this.agent.death]))
      .finally(stopListening);
  }

  override async disconnect(signal: AbortSignal): Promise<void> {
    await this.agent.request({ request: 'disconnect' }, signal);
  }

  override async remains(signal: AbortSignal): Promise<readonly string[]> {
    const status = await this.agent.request({ request: 'status' }, signal);
    return alive(status.alive);
  }
}

/** What carries the tunnel must not go into the tunnel once everything else does. */
function routeToResponder(dial: string, gateway: string | undefined): string {
  return gateway === undefined ? '' : `ip route replace ${dial}/32 via ${gateway}\n`;
}

function noPlace({ nodeName, topology }: PeerContext): CrossnatError {
  return new CrossnatError('bad-data', {
    doing: `placing our stack in topology ${topology.name}`,
    found: `node ${nodeName} has no interface`,
    remedy: 'Give it an interface in the topology file',
  });
}
