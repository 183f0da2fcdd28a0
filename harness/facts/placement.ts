import type { Cell } from '../cell.ts';
import { CrossnatError } from '../error.ts';
import type { Placement } from '../oracle/facts.ts';
import { suggestion } from '../suggestion.ts';
import type { NatRules, Topology } from '../topology.ts';

/**
 * Where a cell's client and responder stand: the NAT gateways on the topology's path, seen from each
 * end, with the forwards of the cell's variant of its boxes.
 */
export function placementOf(cell: Cell, topology: Topology): Placement {
  const boxes = { ...ownRules(topology), ...variantRules(cell, topology) };
  const along = topology.path.flatMap((name, at) => {
    const nat = boxes[name];
    return nat ? [{ at, nat }] : [];
  });
  // A gateway that hides behind a segment further along the path hides the client; the others the responder.
  const hidesClient = ({ at, nat }: { at: number; nat: NatRules }) => topology.path.indexOf(nat.outside) > at;
  const atResponder = along.filter((one) => !hidesClient(one)).map(({ nat }) => nat);
  const forwarded = (protocol: 'udp' | 'esp', port?: number) =>
    atResponder.every((nat) =>
      nat.forwards.some((forward) => forward.protocol === protocol && forward.port === port),
    );
  return {
    clientNats: along.filter(hidesClient).length,
    // Real iptables: masquerading maps protocol 50 by its addresses (field facts F).
    clientNatEsp: 'mapped',
    ...(atResponder.length > 0 && {
      responderNat: { udp500: forwarded('udp', 500), udp4500: forwarded('udp', 4500), esp: forwarded('esp') },
    }),
  };
}

function ownRules(topology: Topology): Record<string, NatRules> {
  return Object.fromEntries(
    Object.entries(topology.nodes).flatMap(([name, { nat }]) => (nat ? [[name, nat]] : [])),
  );
}

function variantRules({ nat }: Cell, topology: Topology): Record<string, NatRules> {
  if (nat === 'default') return {};
  const variant = topology.variants[nat];
  if (variant) return variant.boxes;
  throw new CrossnatError('usage', {
    doing: `choosing the NAT kind of topology ${topology.name}`,
    found: `there is no variant ${JSON.stringify(nat)}`,
    remedy: suggestion(nat, ['default', ...Object.keys(topology.variants)]),
  });
}
