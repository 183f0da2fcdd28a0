import { CrossnatError } from '../../error.ts';
import { addressOf } from '../../subnet.ts';
import type { Topology } from '../../topology.ts';
import { fixedAddresses } from '../office-users.ts';
import type { LnsNetwork } from './xl2tpd.ts';

/** The How-To's example of a pool. */
const pool = { first: '192.168.8.1', last: '192.168.8.254' };

/** What a responder at this place gives to its callers: the office's own addresses, as the How-To's router does. */
export function officeNetwork(topology: Topology, nodeName: string): LnsNetwork & { readonly dns: string } {
  const [[office = '', server = ''] = []] = Object.entries(topology.nodes[topology.server]?.interfaces ?? {});
  const own = topology.nodes[nodeName]?.interfaces[office];
  if (own === undefined) {
    throw new CrossnatError('bad-data', {
      doing: `placing a Linux responder in topology ${topology.name}`,
      found: `node ${nodeName} has no interface in the server's segment`,
      remedy: 'Give it one in the topology file',
    });
  }
  return {
    // PPP links borrow the office side's address, as unnumbered ones do.
    localAddress: addressOf(own),
    dns: addressOf(server),
    pool,
    reserved: fixedAddresses,
  };
}
