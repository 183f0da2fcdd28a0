import { type Cell, peerOf } from '../../cell.ts';
import {
  excludedBy,
  type Limit,
  noEvents,
  noImpairments,
  noSettingOfOurs,
  noWindowsRule,
} from '../limits.ts';
import { unprovenPhase1 } from './algorithms.ts';
import { connmarkProfile } from './connmark.ts';

/** What strongSwan, 5.9.8 and 6.0.1 alike, or this driver cannot do. */
const limits: readonly Limit[] = [
  {
    roles: ['responder'],
    excludes: ({ p1 }) => {
      const unproven = p1 === 'script' ? undefined : p1.split('+').map(unprovenPhase1).find(Boolean);
      return unproven === undefined ? undefined : `strongSwan was not seen to do ${unproven} in phase 1`;
    },
    source: 'probed: one proposal at a time, two strongSwan 5.9.8, and two 6.0.1',
  },
  {
    roles: ['client'],
    excludes: ({ natt }) =>
      natt === 'client-off' || natt === 'off' ? 'strongSwan has no setting to do without NAT-T' : undefined,
    source: 'its IKEv1 vendor ID table (isakmp_vendor.c) names RFC 3947 and draft 02n unconditionally',
  },
  {
    roles: ['responder'],
    excludes: ({ natt }) =>
      natt === 'responder-off' || natt === 'off'
        ? 'strongSwan has no setting to do without NAT-T'
        : undefined,
    source: 'its IKEv1 vendor ID table (isakmp_vendor.c) answers any revision it knows',
  },
  {
    roles: ['responder'],
    excludes: ({ ports }) =>
      ports === 'lport' ? undefined : "strongSwan narrows selectors; the port setting is AlliedWare's",
    source: 'RFC 7296 2.9, which its IKEv1 follows too (quick_mode.c, select_ts)',
  },
  noWindowsRule,
  ...noSettingOfOurs,
  ...noEvents,
  ...noImpairments,
];

/** Why strongSwan cannot play a cell in this role; undefined when it can. */
export function unsupported(cell: Cell, role: 'client' | 'responder'): string | undefined {
  const { peer, profile } = peerOf(cell[role]);
  if (profile !== undefined && (profile !== connmarkProfile || role === 'client')) {
    return `strongSwan has no profile ${JSON.stringify(profile)} as a ${role}`;
  }
  if (profile !== undefined && peer === 'strongswan') {
    return 'marks help nobody on Linux 6.1: what comes from one address and port goes to one tunnel (probed)';
  }
  return excludedBy(limits, cell, role, undefined);
}
