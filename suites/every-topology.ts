import { type Cell, cell } from '../harness/cell.ts';

/**
 * What every placement of NAT has to show: the How-To's four SA specifications in its own order and each alone,
 * phase 1 as its script leaves it and as set by name, an address from the user database (`dialin1`) and from the
 * pool (`dialin2`), and that a wrong pre-shared key does not connect.
 */
export function everyTopology(topology: string): Cell[] {
  return [
    cell(topology),
    ...['1', '2', '3', '4'].map((p2) => cell(topology, { p2 })),
    cell(topology, { p1: '3des-sha1-modp1024' }),
    cell(topology, { user: 'dialin2' }),
    cell(topology, { psk: 'wrong' }),
  ];
}
