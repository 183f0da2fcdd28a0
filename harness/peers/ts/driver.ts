import type { Cell } from '../../cell.ts';
import { peerOf } from '../../cell.ts';
import { whyNoEvent } from '../../cell-event.ts';
import { clientPlaces, outerAddress } from '../../client-places.ts';
import type { LabNode } from '../../fabric/fabric.ts';
import { readImpair } from '../../impairment.ts';
import { loadTopology } from '../../topologies.ts';
import type { Peer, PeerContext, PeerDriver } from '../peer.ts';
import { AgentConnection } from './agent-connection.ts';
import { unsupportedByAlliedWare } from './alliedware/edits.ts';
import { TsClient } from './client.ts';
import { unsupportedByPlain } from './plain/axes.ts';
import { loadClientProfile } from './profiles/client-profile.ts';
import { profileNames } from './profiles/profile-file.ts';
import { loadResponderProfile } from './profiles/responder-profile.ts';
import { TsResponder } from './responder.ts';
import { agentProgram, copyStackInto, stackHash } from './stack-sources.ts';

/** Our own stack, as any client profile, as the AlliedWare model with the How-To's script, or as a plain responder. */
export const tsDriver: PeerDriver = {
  name: 'ts',
  roles: ['client', 'responder'],
  image: 'ts',
  unsupported,
  start,
};

function unsupported(cell: Cell, role: 'client' | 'responder'): string | undefined {
  const impair = cell.impair === 'none' ? undefined : readImpair(cell.impair);
  if (typeof impair === 'string') return impair;
  const noEvent = whyNoEvent(cell);
  if (noEvent !== undefined) return noEvent;
  const { profile = '' } = peerOf(cell[role]);
  if (!profileNames(role).includes(profile)) return `there is no ${role} profile ${JSON.stringify(profile)}`;
  if (role === 'client') return inTheClear(cell, profile);
  const bySetUp = { script: unsupportedByAlliedWare, profile: unsupportedByPlain };
  return bySetUp[loadResponderProfile(profile).setUpBy](cell) ?? oneForTheResponder(cell);
}

/** In the clear there is one port: the responder is asked there, and answers there. */
function inTheClear({ sourceport, impair }: Cell, profile: string): string | undefined {
  if (loadClientProfile(profile).ipsec?.value !== false) return undefined;
  if (sourceport !== '1701') return 'without IPsec its L2TP comes from port 1701';
  return impair === 'none' ? undefined : 'without IPsec there is no IKE that could misbehave';
}

/**
 * Clients that say one name at one address are one peer to our responder (`stack/ike/path.ts`) where no NAT traversal
 * tells it that a NAT stands between them: what one negotiates takes the place of the other's.
 */
function oneForTheResponder({ topology, client, clients, natt }: Cell): string | undefined {
  const { peer, profile = '' } = peerOf(client);
  if (clients === 1 || natt === 'both' || peer !== 'ts') return undefined;
  if (!profileNames('client').includes(profile)) return undefined;
  if (loadClientProfile(profile).identity.value === 'local-address') return undefined;
  if (comeFromOwnAddresses(topology, clients)) return undefined;
  return 'without NAT traversal clients with one identity at one address are one peer to our responder';
}

function comeFromOwnAddresses(name: string, clients: number): boolean {
  const topology = loadTopology(name);
  const places = clientPlaces(topology).slice(0, clients);
  return new Set(places.map((place) => outerAddress(topology, place))).size === places.length;
}

async function start(node: LabNode, context: PeerContext): Promise<Peer> {
  await copyStackInto(node);
  // The agent outlives this call: it ends with its input, or with its container.
  const process = await node.spawn(['node', agentProgram], new AbortController().signal);
  const agent = new AgentConnection(process, node.name);
  try {
    const runtime = await agent.ready(context.signal);
    const version = `stack ${stackHash()} on Node ${runtime}`;
    return context.role === 'client'
      ? new TsClient(agent, node, context, version)
      : new TsResponder(agent, node, context, version);
  } catch (error) {
    await agent.stop();
    throw error;
  }
}
