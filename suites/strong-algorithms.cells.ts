import { type Cell, cell } from '../harness/cell.ts';

export const tier = 'pull-request';

/** What clients of the field offer beyond group 14 and SHA-256, each alone at the responders that have it. */
const offered: readonly (readonly [client: string, p1: string])[] = [
  ['ts:windows-10', 'aes256-sha1-ecp384'],
  ['ts:windows-10', 'aes128-sha1-ecp256'],
  ['ts:chromeos', 'aes128-sha256-modp3072'],
  ['ts:macos', 'aes256-sha512-modp2048'],
];

export const cells: readonly Cell[] = ['strongswan', 'strongswan-6', 'libreswan', 'libreswan-5'].flatMap(
  (responder) => offered.map(([client, p1]) => cell('hotel-nat', { client, responder, p1 })),
);
