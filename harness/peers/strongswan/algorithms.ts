import type { UsualProposals } from '../linux/proposals.ts';

/**
 * What strongSwan offers, and takes when a cell names nothing: strongest first, down to what the AlliedWare
 * How-To's router has. Its own default (proposal.c of 5.9.8 and 6.0.1) has neither DES nor MD5 nor a group below
 * 2048 bits in phase 1, and nothing but AES in phase 2: it would meet no Windows XP.
 */
export const usualProposals: UsualProposals = {
  phase1: [
    'aes256-sha256-modp2048',
    'aes128-sha1-modp2048',
    'aes128-sha1-modp1024',
    '3des-sha1-modp2048',
    '3des-sha1-modp1024',
    '3des-md5-modp1024',
    'des-sha1-modp768',
    'des-md5-modp768',
  ],
  phase2: ['aes256-sha256', 'aes128-sha1', '3des-sha1', '3des-md5', 'des-sha1', 'des-md5'],
};

/**
 * Ciphers, hashes and groups of phase 1 that were seen to establish an SA and to carry data, one at a time,
 * between two strongSwan 5.9.8 of Debian bookworm, and every combination of them between two 6.0.1 of trixie
 * (DES and 3DES by the gcrypt plugin of both). AES-192, SHA-384 and SHA-512, and groups above 2048 bits or of elliptic
 * curves (by OpenSSL) were seen of both with our stack as the client.
 */
const ciphers = ['des', '3des', 'aes128', 'aes192', 'aes256'];
const hashes = ['md5', 'sha1', 'sha256', 'sha384', 'sha512'];
const groups = ['modp768', 'modp1024', 'modp1536', 'modp2048', 'modp3072', 'modp4096', 'ecp256', 'ecp384'];

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
