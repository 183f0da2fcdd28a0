import type { EmbeddedNetwork } from '../../fabric/embedded/embedded-network.ts';
import { addressOf, containsAddress } from '../../subnet.ts';
import type { Topology } from '../../topology.ts';
import { enoughTransmissions } from '../../verdict/evidence.ts';
import { signsOfLife } from '../signs-of-life.ts';
import { Pinger } from './pinger.ts';

/** Sends what the captures have to show where a client says that nothing left it. */
export function sendSignsOfLife(network: EmbeddedNetwork, topology: Topology, client: number): void {
  for (const { node, target } of signsOfLife(topology, client)) {
    const interfaces = Object.values(topology.nodes[node]?.interfaces ?? {});
    const nearest = interfaces.find((cidr) => containsAddress(cidr, target)) ?? interfaces[0] ?? '';
    new Pinger(network.node(node), network.time, addressOf(nearest), 1).ping(target, enoughTransmissions);
  }
}
