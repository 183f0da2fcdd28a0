import { CrossnatError } from '../../error.ts';
import type { IkePlan } from '../linux/ike-daemon.ts';

/**
 * What strongSwan offers, and takes when a cell names nothing: strongest first, down to what the AlliedWare
 * How-To's router has. strongSwan's own default has neither 3DES nor a group below 2048 bits, and would meet
 * no Windows XP.
 */
export const usualPhase1: readonly string[] = [
  'aes256-sha256-modp2048',
  'aes128-sha1-modp2048',
  'aes128-sha1-modp1024',
  '3des-sha1-modp2048',
  '3des-sha1-modp1024',
  '3des-md5-modp1024',
  'des-sha1-modp768',
  'des-md5-modp768',
];
export const usualPhase2: readonly string[] = [
  'aes256-sha256',
  'aes128-sha1',
  '3des-sha1',
  '3des-md5',
  'des-sha1',
  'des-md5',
];

/** The How-To's SA specifications by number. */
const saSpecifications: Readonly<Record<string, string>> = {
  '1': '3des-sha1',
  '2': '3des-md5',
  '3': 'des-sha1',
  '4': 'des-md5',
};

/** Phase 1 of a side: the axis is the responder's. */
export function phase1Of({ role, cell }: Pick<IkePlan, 'role' | 'cell'>): readonly string[] {
  return role === 'client' || cell.p1 === 'script' ? usualPhase1 : cell.p1.split('+');
}

/** Phase 2 of a side: the axis is the responder's. */
export function phase2Of({ role, cell }: Pick<IkePlan, 'role' | 'cell'>): readonly string[] {
  if (role === 'client') return usualPhase2;
  return cell.p2.split('-').map((number) => {
    const transform = saSpecifications[number];
    if (transform !== undefined) return transform;
    throw new CrossnatError('usage', {
      doing: 'setting strongSwan up',
      found: `the How-To has no SA specification ${number}`,
      remedy: `Name some of ${Object.keys(saSpecifications).join(', ')}`,
    });
  });
}

/**
 * Ciphers, hashes and groups of phase 1 that were seen to establish an SA and to carry data, one at a time,
 * between two strongSwan 5.9.8 of Debian 12 (DES and 3DES by its gcrypt plugin).
 */
const ciphers = ['des', '3des', 'aes128', 'aes256'];
const hashes = ['md5', 'sha1', 'sha256'];
const groups = ['modp768', 'modp1024', 'modp1536', 'modp2048'];

/** What of a phase 1 transform is not among the proven; `undefined` when all is. */
export function unprovenPhase1(transform: string): string | undefined {
  const [cipher = '', hash = '', group = '', ...rest] = transform.split('-');
  const parts = [
    [ciphers, cipher],
    [hashes, hash],
    [groups, group],
  ] as const;
  const unknown = parts.find(([known, part]) => !known.includes(part))?.[1];
  return unknown ?? rest[0];
}
