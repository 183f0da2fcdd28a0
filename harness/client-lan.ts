import { pathFrom } from './client-places.ts';
import { overlaps } from './subnet.ts';
import type { Topology } from './topology.ts';

/**
 * The own LAN of the client that stands at `place` has the subnet of the office: what is for the office goes by the on-link route (rule NAT-9).
 * A proof of traffic then leaves the way to the client's routes; elsewhere it is bound to the tunnel, so that no other
 * way can answer.
 */
export function clientHasOfficeSubnet(topology: Topology, place: string): boolean {
  const { segments } = topology;
  const path = pathFrom(topology, place);
  const [home, office] = [segments[path[1] ?? ''], segments[path.at(-2) ?? '']];
  return (
    home !== undefined && office !== undefined && home !== office && overlaps(home.subnet, office.subnet)
  );
}
