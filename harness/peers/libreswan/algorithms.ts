import type { Cell } from '../../cell.ts';
import { axisDefaults } from '../../cell.ts';
import { phase2Of, type Side, specificationsOf, type UsualProposals } from '../linux/proposals.ts';

/**
 * What libreswan offers, and takes when a cell names nothing: strongest first, down to the least that it has.
 * Its own default would do, too, but is long: 1416 octets of message 1 in release 5.2.
 */
export const usualProposals: UsualProposals = {
  phase1: [
    'aes256-sha256-modp2048',
    'aes128-sha1-modp2048',
    '3des-sha1-modp2048',
    '3des-sha1-modp1536',
    '3des-md5-modp1536',
  ],
  phase2: ['aes256-sha256', 'aes128-sha1', '3des-sha1', '3des-md5'],
};

/**
 * Algorithms of IKEv1 in the list that pluto 4.10 and 5.2 of Debian print when they start: neither is built with
 * DES, nor with a group below 1536 bits.
 */
const ciphers = ['3des', 'aes128', 'aes192', 'aes256'];
const hashes = ['md5', 'sha1', 'sha256', 'sha384', 'sha512'];
const groups = ['modp1536', 'modp2048', 'modp3072', 'modp4096', 'modp6144', 'modp8192', 'ecp256', 'ecp384'];

/** Groups that it names by their numbers. */
export const numberedGroups: Readonly<Record<string, string>> = { ecp256: 'dh19', ecp384: 'dh20' };

/** What of a transform (`3des-sha1-modp1536`, `3des-sha1`) libreswan does not have; `undefined` when it has all. */
export function missingFrom(transform: string): string | undefined {
  const lists = [ciphers, hashes, groups];
  return transform.split('-').find((part, at) => !lists[at]?.includes(part));
}

/** Which of the SA specifications that a cell asks a responder for libreswan does not have. */
export function missingSpecifications({ p2 }: Cell): readonly string[] {
  return specificationsOf(p2).filter((transform) => missingFrom(transform) !== undefined);
}

/**
 * Phase 2 of a side. A cell that leaves the responder's to its default asks for what there is of the How-To's
 * four, and gets those with 3DES; one that names some gets these or is not played.
 */
export function phase2Proposals(side: Side): readonly string[] {
  const asked = phase2Of(side, usualProposals);
  return side.cell.p2 === axisDefaults.p2
    ? asked.filter((transform) => missingFrom(transform) === undefined)
    : asked;
}
