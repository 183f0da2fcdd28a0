import { axisDefaults, type Cell, peerOf } from '../../cell.ts';
import {
  excludedBy,
  type Limit,
  noEvents,
  noImpairments,
  noSettingOfOurs,
  noWindowsRule,
} from '../limits.ts';
import { missingFrom, missingSpecifications } from './algorithms.ts';
import type { Release } from './release.ts';

const algorithmList = 'the algorithms that pluto of Debian lists when it starts, 4.10 and 5.2 alike';

/** What libreswan or this driver cannot do. */
const limits: readonly Limit<Release>[] = [
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
  noWindowsRule,
  ...noSettingOfOurs,
  ...noEvents,
  ...noImpairments,
];

/** Why libreswan cannot play a cell in this role; undefined when it can. */
export function unsupported(release: Release, cell: Cell, role: 'client' | 'responder'): string | undefined {
  const { profile } = peerOf(cell[role]);
  if (profile !== undefined) return `libreswan has no profile ${JSON.stringify(profile)}`;
  return excludedBy(limits, cell, role, release);
}
