import { z } from 'zod';
import type { Topology } from '../../topology.ts';
import { stateMark } from './wiring.ts';

const linksSchema = z.array(
  z.object({
    ifname: z.string(),
    flags: z.array(z.string()),
    addr_info: z.array(z.object({ local: z.string(), prefixlen: z.number() })),
  }),
);
const routesSchema = z.array(
  z.object({ dst: z.string(), gateway: z.string().optional(), dev: z.string().optional() }),
);

/**
 * What in the nodes differs from the topology, in words; empty when every node has exactly its interfaces,
 * addresses and routes. No node may have a path out: a lab that leaks proves nothing and harms others.
 * @param printed the end of the wiring script's output: per node a mark, then `ip -j address` and `ip -j route`
 */
export function leaks(topology: Topology, printed: string): string[] {
  const states = new Map<string, string[]>();
  for (const part of printed.split(stateMark).slice(1)) {
    const [name = '', ...json] = part.split('\n').filter(Boolean);
    states.set(name, json);
  }
  return Object.keys(topology.nodes).flatMap((name) => {
    const [links, routes] = states.get(name) ?? [];
    if (links === undefined || routes === undefined) return [`${name}: its state was not read`];
    const complaints = [...linkLeaks(topology, name, links), ...routeLeaks(topology, name, routes)];
    return complaints.map((complaint) => `${name}: ${complaint}`);
  });
}

function* linkLeaks(topology: Topology, name: string, json: string): Generator<string> {
  const wanted = topology.nodes[name]?.interfaces ?? {};
  const links = linksSchema.parse(JSON.parse(json));
  for (const { ifname, flags, addr_info } of links) {
    const expected = ifname === 'lo' ? '127.0.0.1/8' : wanted[ifname];
    const addresses = addr_info.map(({ local, prefixlen }) => `${local}/${prefixlen}`);
    // Tunnel modules put a device that is down into every namespace (tunl0, sit0, gre0): no path.
    if (expected === undefined && flags.includes('UP')) yield `interface ${ifname} is not the topology's`;
    else if (expected !== undefined && addresses.join() !== expected) {
      yield `interface ${ifname} has ${addresses.join(', ') || 'no address'}, not ${expected}`;
    }
  }
  for (const missing of Object.keys(wanted).filter((want) => !links.some(({ ifname }) => ifname === want))) {
    yield `interface ${missing} is missing`;
  }
}

function* routeLeaks(topology: Topology, name: string, json: string): Generator<string> {
  const node = topology.nodes[name];
  // `ip` prints a route to one host without its prefix length.
  const wanted = new Set(node?.routes.map(({ to, via }) => `${to.replace(/\/32$/, '')} via ${via}`));
  if (node?.gateway !== undefined) wanted.add(`default via ${node.gateway}`);
  for (const { dst, gateway } of routesSchema.parse(JSON.parse(json))) {
    // A route without a gateway is the kernel's own, for an interface's subnet.
    if (gateway !== undefined && !wanted.delete(`${dst} via ${gateway}`)) {
      yield `route ${dst} via ${gateway} is not the topology's`;
    }
    if (gateway === undefined && dst === 'default') yield 'a default route without a gateway';
  }
  for (const missing of wanted) yield `route ${missing} is missing`;
}
