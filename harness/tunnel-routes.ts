import type { Cell } from './cell.ts';
import { clientHasOfficeSubnet } from './client-lan.ts';
import type { Topology } from './topology.ts';

type Setting = Pick<Cell, 'gateway'>;

/**
 * What the client that stands at `place` routes into its tunnel while that stands: everything, where two halves win
 * over the default route without touching it, or the office's LAN alone. A LAN of its own with the office's subnet
 * wins over that (rule NAT-9).
 */
export function tunnelRoutes({ gateway }: Setting, topology: Topology, place: string): readonly string[] {
  if (gateway === 'remote') return ['0.0.0.0/1', '128.0.0.0/1'];
  const { segments, path } = topology;
  const office = segments[path.at(-2) ?? '']?.subnet;
  return office === undefined || clientHasOfficeSubnet(topology, place) ? [] : [office];
}

/**
 * Whether the way to the office is what a proof of traffic asks about, so that it goes by the client's routes; elsewhere
 * it is bound to the tunnel, and no other way can answer.
 */
export function asksForRoutes({ gateway }: Setting, topology: Topology, place: string): boolean {
  return gateway === 'local' || clientHasOfficeSubnet(topology, place);
}
