import { type Cell, cell } from '../harness/cell.ts';

/** The one transform of phase 1 that the How-To's router shares with clients of every age. */
const p1 = '3des-sha1-modp1024';

/**
 * The clients of the field at the How-To's router: one of each kind that connects, and two that must not. The rest,
 * over every placement, is in `profiles-in-full.cells.ts`.
 */
export const cells: readonly Cell[] = [
  cell('office-nat', { client: 'ts:windows-7', p1 }),
  cell('both-nat', { client: 'ts:windows-10', p1 }),
  cell('office-nat', { client: 'ts:windows-10', p1, rule: '0' }),
  cell('office-nat', { client: 'ts:windows-xp-sp1-kb818043', rule: '0' }),
  cell('direct', { client: 'ts:windows-xp', ports: 'rport' }),
  cell('office-nat', { client: 'ts:macos', p1 }),
  cell('hotel-nat', { client: 'ts:android', p1 }),
  cell('direct', { client: 'ts:windows-10' }),
];
