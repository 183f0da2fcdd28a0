import { axisDefaults, cell, cellId, parseCellId, peerOf } from '../harness/cell.ts';
import { type CellResult, resultOf } from './pair-state.ts';
import type { CellLine } from './recording.ts';

/** What became of one client against one responder in one placement of NAT, with one setting of the other axes. */
export interface PairResult {
  /** The topology and how many clients dial in it: `hotel-nat`, `shared-nat/clients=2`. */
  readonly placement: string;
  /** The other axes that are not at their default: `p2=3`; empty where all are. */
  readonly setting: string;
  readonly client: string;
  readonly responder: string;
  readonly result: CellResult;
}

/** The cells of a recording as pairs, each once, however often it was played. */
export function pairResults(cells: readonly CellLine[]): PairResult[] {
  const played = Map.groupBy(cells, (line) => line.cell);
  return [...played].flatMap(([id, lines]) => {
    const result = resultOf(lines);
    return result ? [{ ...partsOf(id), result }] : [];
  });
}

function partsOf(id: string): Omit<PairResult, 'result'> {
  const { topology, client, responder, clients, sourceport, ...others } = parseCellId(id);
  return {
    placement: cellId(cell(topology, { clients, sourceport })),
    setting: cellId({ ...axisDefaults, ...others, topology: '' }).slice(1),
    client,
    responder,
  };
}

/** Whether this client or responder is our stack, in whatever clothes. */
export function isOurs(value: string): boolean {
  return peerOf(value).peer === peerOf(axisDefaults.client).peer;
}

/**
 * The control pairs of a pair with our stack on one side: a stranger in its place, everything else alike. Where they
 * fail too, it is not our stack. Those that a peer declares unsupported show nothing and are left out.
 */
export function controlsOf(of: PairResult, all: readonly PairResult[]): PairResult[] {
  const [ours, theirs] = isOurs(of.client)
    ? (['client', 'responder'] as const)
    : (['responder', 'client'] as const);
  if (!isOurs(of[ours]) || isOurs(of[theirs])) return [];
  return all.filter(
    (one) =>
      one.placement === of.placement &&
      one.setting === of.setting &&
      one[theirs] === of[theirs] &&
      !isOurs(one[ours]) &&
      one.result.state !== 'unsupported' &&
      one.result.state !== 'unavailable',
  );
}
