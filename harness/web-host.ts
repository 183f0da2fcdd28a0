import type { Cell } from './cell.ts';
import { remembered } from './remembered.ts';
import { addressOf } from './subnet.ts';
import type { Topology } from './topology.ts';

/** The topology without its host on the Internet where none of these cells browses: a node that no cell needs is not started. */
export function withWebHostFor(topology: Topology, cells: readonly Pick<Cell, 'browse'>[]): Topology {
  if (topology.web === undefined || cells.some(({ browse }) => browse === 'internet')) return topology;
  return withoutWebHost(topology);
}

const withoutWebHost = remembered(({ web, nodes, ...rest }: Topology): Topology => {
  return { ...rest, nodes: Object.fromEntries(Object.entries(nodes).filter(([name]) => name !== web)) };
});

/** Where the host on the Internet stands that a cell's clients browse. */
export interface WebHost {
  readonly name: string;
  readonly segment: string;
  readonly address: string;
}

export function webHostOf({ web, nodes }: Pick<Topology, 'web' | 'nodes'>): WebHost | undefined {
  const [[segment, cidr] = []] = Object.entries(nodes[web ?? '']?.interfaces ?? {});
  if (web === undefined || segment === undefined || cidr === undefined) return undefined;
  return { name: web, segment, address: addressOf(cidr) };
}

/** Why a cell cannot be played in this topology as far as its browsing goes; `undefined` where it can. */
export function nothingToBrowse(
  { browse }: Pick<Cell, 'browse'>,
  { name, web }: Pick<Topology, 'name' | 'web'>,
): string | undefined {
  return browse === 'internet' && web === undefined ? `${name} has no host on the Internet` : undefined;
}
