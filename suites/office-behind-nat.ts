import { type Cell, cell } from '../harness/cell.ts';

/**
 * What is tried wherever the office stands behind a NAT gateway: its pinholes missing, and value 0 of the
 * Windows client's AssumeUDPEncapsulationContextOnSendRule, in both readings of what XP SP2 does then.
 */
export function officeBehindNat(topology: string): Cell[] {
  return [
    cell(topology, { nat: 'no-forwards' }),
    cell(topology, { nat: 'only-500' }),
    cell(topology, { rule: '0', reading: 'a' }),
    cell(topology, { rule: '0', reading: 'b' }),
  ];
}
