import type { Topology } from '../topology.ts';

/** The pool of the AlliedWare script; users with an address of their own lie in it too. */
const poolPrefix = '192.168.8.0/24';

/** Whose addresses must not show outside a tunnel: the LAN behind the responder, and the pool of VPN users. */
export function innerPrefixes({ nodes, segments, server }: Topology): string[] {
  const office = Object.keys(nodes[server]?.interfaces ?? {}).map(
    (segment) => segments[segment]?.subnet ?? '',
  );
  return [...office, poolPrefix];
}
