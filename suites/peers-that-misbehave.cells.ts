import { type Cell, cell } from '../harness/cell.ts';

/** One end misbehaves: what a connection survives, and where it stops for which reason. The nightly has them all. */
export const cells: readonly Cell[] = [
  'service-stopped',
  'drop:main-mode:5',
  'duplicate:main-mode:6',
  'encapsulation-number',
  'bad-padding',
  'l2tp-wrong-tunnel-id',
  'wrong-hash',
  'silent-at:l2tp-tunnel',
].map((impair) => cell('office-nat', { impair }));
