import { createHash } from 'node:crypto';
import { type Cell, cellId, peerOf } from '../cell.ts';

/** One run of one cell that was asked for. */
export interface PlannedCell {
  readonly cell: Cell;
  /** From 1. */
  readonly repeat: number;
}

/** Cells that share one lab: same topology, same two peers, as many clients. */
export interface Bench {
  readonly topology: string;
  readonly client: string;
  readonly responder: string;
  readonly clients: number;
  readonly cells: readonly [PlannedCell, ...PlannedCell[]];
}

/** Each cell `repeat` times in a row, in the order given. */
export function plan(cells: readonly Cell[], repeat: number): PlannedCell[] {
  return cells.flatMap((cell) => Array.from({ length: repeat }, (_, index) => ({ cell, repeat: index + 1 })));
}

/** The cells in an order that the seed alone decides. */
export function shuffled(cells: readonly PlannedCell[], seed: string): PlannedCell[] {
  const rank = ({ cell, repeat }: PlannedCell) =>
    createHash('sha256')
      .update(`${seed}\n${cellId(cell)}\n${repeat}`)
      .digest('hex');
  return cells
    .map((planned) => ({ planned, rank: rank(planned) }))
    .sort((a, b) => (a.rank < b.rank ? -1 : 1))
    .map(({ planned }) => planned);
}

/**
 * The cells by the lab they share. Topologies, and benches within one, come in the order of their first cell;
 * cells keep their order, so that a lab is brought up once and listed order is run order.
 */
export function benches(cells: readonly PlannedCell[]): Bench[] {
  const topologies = Map.groupBy(cells, ({ cell }) => cell.topology);
  return [...topologies.values()].flatMap((inTopology) => {
    const byPeers = Map.groupBy(
      inTopology,
      ({ cell }) => `${peerOf(cell.client).peer} ${peerOf(cell.responder).peer} ${cell.clients}`,
    );
    return [...byPeers.values()].flatMap(([first, ...others]) => (first ? [benchOf(first, others)] : []));
  });
}

function benchOf(first: PlannedCell, others: readonly PlannedCell[]): Bench {
  const { topology, client, responder, clients } = first.cell;
  return {
    topology,
    client: peerOf(client).peer,
    responder: peerOf(responder).peer,
    clients,
    cells: [first, ...others],
  };
}
