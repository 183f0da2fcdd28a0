import { addressOf } from '../subnet.ts';
import type { Topology } from '../topology.ts';
import type { Complaint } from './complaint.ts';

/** As many as the AlliedWare How-To's script has users. */
const mostClients = 5;

/** Who is there: clients, one responder, and the server that answers into the tunnel. */
export function* roleComplaints({ nodes, server }: Topology): Generator<Complaint> {
  for (const [kind, most, count] of [
    ['client', mostClients, `1 to ${mostClients} nodes`],
    ['responder', 1, 'exactly one node'],
  ] as const) {
    const found = Object.keys(nodes).filter((name) => nodes[name]?.kind === kind);
    if (found.length === 0 || found.length > most) {
      const message = `${count} of kind ${kind}, found ${found.join(', ') || 'none'}`;
      yield { path: ['nodes'], message };
    }
  }
  for (const [name, { kind, gateway }] of Object.entries(nodes)) {
    if (kind === 'responder' && gateway === undefined) {
      const message = `${name} has no gateway: it must have one toward its clients, whose address it does not know`;
      yield { path: ['nodes', name], message };
    }
  }
  const host = nodes[server];
  const path = ['server'];
  if (host?.kind !== 'host') {
    yield { path, message: `${server} is no node of kind host` };
  } else {
    const responder = Object.values(nodes).find((node) => node.kind === 'responder');
    const addresses = Object.keys(host.interfaces).map((segment) => responder?.interfaces[segment]);
    if (!addresses.some((cidr) => cidr !== undefined && addressOf(cidr) === host.gateway)) {
      yield { path, message: `${server} must have the responder as its gateway: it answers into the tunnel` };
    }
  }
}

/** What is dialled is the responder, or a NAT gateway that forwards something to it. */
export function* dialComplaints({ nodes, dial }: Topology): Generator<Complaint> {
  const responder = Object.values(nodes).find((node) => node.kind === 'responder');
  const own = Object.values(responder?.interfaces ?? {}).map(addressOf);
  const forwarding = Object.values(nodes)
    .filter((node) => node.nat?.forwards.some(({ to }) => own.includes(to)))
    .map((node) => addressOf(node.interfaces[node.nat?.outside ?? ''] ?? ''));
  if (![...own, ...forwarding].includes(dial)) {
    const message = `${dial} is neither the responder's nor that of a NAT gateway that forwards to it`;
    yield { path: ['dial'], message };
  }
}
