import { expect, test } from 'vitest';
import { fromHex, hex } from '../octets.ts';
import type { IkeInitiatorConfig, Phase1Transform } from './config.ts';
import { startMainMode } from './main-mode-initiator.ts';
import { initiatorConfig } from './testing/configs.ts';

/** Message 1 of a Windows 7 client behind its two cookies, as two published dumps have it (field facts B). */
const published =
  '0110020000000000000001800d0000d40000000100000001000000c801010005030000280101000080010007800e0100' +
  '800200028004001480030001800b0001000c000400007080030000280201000080010007800e00808002000280040013' +
  '80030001800b0001000c000400007080030000280301000080010007800e0100800200028004000e80030001800b0001' +
  '000c000400007080030000240401000080010005800200028004000e80030001800b0001000c00040000708000000024' +
  '0501000080010005800200028004000280030001800b0001000c0004000070800d0000181e2b516905991c7d7c96fcbf' +
  'b587e461000000080d0000144a131c81070358455c5728f20e95452f0d00001490cb80913ebb696e086381b5ec427b1f' +
  '0d0000144048b7d56ebce88525e7de7f00d6c2d30d000014fb1de3cdf341b7ea16b7e5be0855f1200d00001426244d38' +
  'eddb61b3172a36e3d0cfb81900000014e3a5966a76379fe707228231e5ce8652';

const transform = (
  encryption: Phase1Transform['encryption'],
  group: Phase1Transform['group'],
): Phase1Transform => ({ encryption, hash: 'sha1', group, lifetimeSeconds: 28_800 });

const windows7: IkeInitiatorConfig = {
  ...initiatorConfig,
  phase1: [
    transform('aes-cbc-256', 20),
    transform('aes-cbc-128', 19),
    transform('aes-cbc-256', 14),
    transform('3des-cbc', 14),
    transform('3des-cbc', 2),
  ],
  natTraversal: ['rfc3947', 'draft-02n'],
  // MS NT5 ISAKMPOAKLEY 8, RFC 3947, draft-02\\n, FRAGMENTATION, NegotiationDiscovery, Vid-Initial-Contact, CGA.
  vendorIds: [
    '1e2b516905991c7d7c96fcbfb587e46100000008',
    '4a131c81070358455c5728f20e95452f',
    '90cb80913ebb696e086381b5ec427b1f',
    '4048b7d56ebce88525e7de7f00d6c2d3',
    'fb1de3cdf341b7ea16b7e5be0855f120',
    '26244d38eddb61b3172a36e3d0cfb819',
    'e3a5966a76379fe707228231e5ce8652',
  ],
};
const cookies = { initiatorCookie: fromHex('0102030405060708'), responderCookie: new Uint8Array(8) };

test('message 1 of Windows 7 comes out octet for octet', () => {
  const { message } = startMainMode(windows7, cookies);
  expect(hex(message)).toBe(`0102030405060708${'00'.repeat(8)}${published}`);
});

test('another order of transforms is another message', () => {
  const { message } = startMainMode({ ...windows7, phase1: windows7.phase1.toReversed() }, cookies);
  expect(message.length).toBe(16 + published.length / 2);
  expect(hex(message)).not.toContain(published.slice(32));
});
