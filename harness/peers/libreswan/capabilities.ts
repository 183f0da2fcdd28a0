import { axisDefaults, type Cell, peerOf } from '../../cell.ts';
import { missingFrom, missingSpecifications } from './algorithms.ts';
import type { Release } from './release.ts';

/** One thing that libreswan, or this driver, cannot do, and how that is known. */
interface Limit {
  readonly roles: readonly ('client' | 'responder')[];
  /** Why a cell cannot be played, or undefined when this limit does not touch it. */
  readonly excludes: (cell: Cell, release: Release) => string | undefined;
  readonly source: string;
}

const both = ['client', 'responder'] as const;
const algorithmList = 'the algorithms that pluto of Debian lists when it starts, 4.10 and 5.2 alike';

const limits: readonly Limit[] = [
  {
    roles: ['responder'],
    excludes: ({ p1 }) => {
      const missing = p1 === 'script' ? undefined : p1.split('+').map(missingFrom).find(Boolean);
      return missing === undefined ? undefined : `libreswan has no ${missing} in phase 1`;
    },
    source: algorithmList,
  },
  {
    roles: ['responder'],
    excludes: (cell) => {
      const missing = cell.p2 === axisDefaults.p2 ? [] : missingSpecifications(cell);
      return missing.length === 0 ? undefined : `libreswan has no ${missing.join(' and no ')}`;
    },
    source: algorithmList,
  },
  {
    roles: ['responder'],
    excludes: ({ natt }, release) =>
      (natt === 'responder-off' || natt === 'off') && !release.responderCanDoWithoutNatTraversal
        ? 'its responder answers any revision of NAT-T, whatever is set'
        : undefined,
    source: 'set_nat_traversal in ikev1_nat.c of 4.10',
  },
  {
    roles: ['responder'],
    excludes: ({ ports }) =>
      ports === 'lport' ? undefined : "the port setting is AlliedWare's; libreswan has both ends' in one",
    source: 'ipsec.conf(5), leftprotoport and rightprotoport',
  },
  {
    roles: ['client'],
    excludes: ({ rule, reading }) =>
      rule === '2' && reading === 'none' ? undefined : 'the rule about NATed responders is that of Windows',
    source: 'KB 885407',
  },
  {
    roles: both,
    excludes: ({ impair }) => (impair === 'none' ? undefined : 'impairments are not built yet'),
    source: 'the driver',
  },
];

/** Why libreswan cannot play a cell in this role; undefined when it can. */
export function unsupported(release: Release, cell: Cell, role: 'client' | 'responder'): string | undefined {
  const { profile } = peerOf(cell[role]);
  if (profile !== undefined) return `libreswan has no profile ${JSON.stringify(profile)}`;
  for (const { roles, excludes, source } of limits) {
    const why = roles.includes(role) ? excludes(cell, release) : undefined;
    if (why !== undefined) return `${why} (${source})`;
  }
  return undefined;
}
