import type { Planted } from '../runner/embedded/planted.ts';

/** One defect of a peer, a NAT box or a topology, as a person would name it, and where it must show. */
export interface Mutation {
  /** Readable, and unique. */
  readonly name: string;
  /** Cells that pass as they are, and of which at least one must not with this defect. */
  readonly cells: readonly [string, ...string[]];
  readonly planted: Sown;
}

export interface Sown extends Planted {
  /** The cell is over: what was changed beyond its own objects is as it was. */
  readonly lifted?: () => void;
}
