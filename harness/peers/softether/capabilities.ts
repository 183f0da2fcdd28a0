import { type Cell, peerOf } from '../../cell.ts';
import { excludedBy, type Limit, noEvents, noImpairments, noSettingOfOurs } from '../limits.ts';

/**
 * What this responder cannot play. It takes DES, 3DES and AES with MD5 or SHA-1 in both phases, MODP groups
 * 1, 2, 5, 14 and 16 and, in phase 1 only, SHA-2 (probed with strongSwan 5.9.8 that offered one proposal at
 * a time; ESP with SHA-2 it refuses); but it has no setting to take less than all of that.
 */
const limits: readonly Limit[] = [
  {
    roles: ['responder'],
    excludes: ({ p1 }) =>
      p1 === 'script' ? undefined : 'SoftEther takes all its phase 1 transforms, none can be left out',
    source: 'vpncmd IPsecEnable has no such parameter',
  },
  {
    roles: ['responder'],
    excludes: ({ p2 }) =>
      p2 === '1-2-3-4' ? undefined : 'SoftEther takes all its phase 2 transforms, none can be left out',
    source: 'vpncmd IPsecEnable has no such parameter',
  },
  {
    roles: ['responder'],
    excludes: ({ natt }) => (natt === 'both' ? undefined : 'SoftEther does nothing without NAT-T'),
    source: 'probed: it floats with no NAT in the path, and refuses a message 1 without a NAT-T vendor ID',
  },
  {
    roles: ['responder'],
    excludes: ({ ports }) =>
      ports === 'lport' ? undefined : "SoftEther compares no ports; the setting is AlliedWare's",
    source: 'vpncmd IPsecEnable has no such parameter',
  },
  ...noSettingOfOurs,
  ...noEvents,
  ...noImpairments,
];

/** Why SoftEther cannot play a cell in this role; undefined when it can. */
export function unsupported(cell: Cell, role: 'client' | 'responder'): string | undefined {
  if (role === 'client') return 'SoftEther is a responder only: it has no L2TP/IPsec client';
  const { profile } = peerOf(cell.responder);
  if (profile !== undefined) return `SoftEther has no profile ${JSON.stringify(profile)}`;
  return excludedBy(limits, cell, 'responder', undefined);
}
