import { addressOf, containsAddress, isHostAddress } from '../subnet.ts';
import type { Topology } from '../topology.ts';

/** An address that a host of this subnet can have. */
export function isOn(subnet: string, address: string): boolean {
  return containsAddress(subnet, address) && isHostAddress(subnet, address);
}

/** True when a node other than `asking` has this address on this segment. */
export function ownerOn({ nodes }: Topology, segment: string, address: string, asking: string): boolean {
  return Object.entries(nodes).some(([name, node]) => {
    const cidr = node.interfaces[segment];
    return name !== asking && cidr !== undefined && addressOf(cidr) === address;
  });
}
