import { expect, test } from 'vitest';
import { ClientEndpoint } from '../../../../stack/endpoint/client.ts';
import { seededRandom } from '../../../../stack/host/random.ts';
import type { Cell } from '../../../cell.ts';
import { profileNames } from './profile-file.ts';
import { compiledClient } from './testing/compiled.ts';
import { readFirstMessage } from './testing/ike-message.ts';
import { vendorIds } from './vendor-id.ts';

function messageOf(profile: string, values: Partial<Cell> = {}): Uint8Array {
  const endpoint = new ClientEndpoint(compiledClient(profile, values), seededRandom('seed'));
  const [sent] = endpoint.connect(0).filter((effect) => effect.effect === 'send-udp');
  expect([sent?.local.port, sent?.peer.port]).toEqual([500, 500]);
  return sent?.payload ?? new Uint8Array();
}

/**
 * Two dumps of a Windows 7 client (pastebin EmQnXqsn and sNyxeA4V) agree on everything behind the cookies: 384 octets,
 * five transforms, seven vendor ids.
 */
const windows7 =
  '0110020000000000000001800d0000d40000000100000001000000c801010005' +
  '030000280101000080010007800e0100800200028004001480030001800b0001000c000400007080' +
  '030000280201000080010007800e0080800200028004001380030001800b0001000c000400007080' +
  '030000280301000080010007800e0100800200028004000e80030001800b0001000c000400007080' +
  '030000240401000080010005800200028004000e80030001800b0001000c000400007080' +
  '000000240501000080010005800200028004000280030001800b0001000c000400007080' +
  '0d0000181e2b516905991c7d7c96fcbfb587e46100000008' +
  '0d0000144a131c81070358455c5728f20e95452f' +
  '0d00001490cb80913ebb696e086381b5ec427b1f' +
  '0d0000144048b7d56ebce88525e7de7f00d6c2d3' +
  '0d000014fb1de3cdf341b7ea16b7e5be0855f120' +
  '0d00001426244d38eddb61b3172a36e3d0cfb819' +
  '00000014e3a5966a76379fe707228231e5ce8652';

test('Windows 7 writes its message 1 as the dumps have it, octet for octet', () => {
  const message = Buffer.from(messageOf('windows-7'));
  expect(message.subarray(8, 16).toString('hex')).toBe('0000000000000000');
  expect(message.subarray(16).toString('hex')).toBe(windows7);
  expect(message).toHaveLength(384);
});

/**
 * Octets of message 1. Seen: Windows 7 (the dumps), Windows 10 (xl2tpd issue 219), XP SP2 (the usual 312, which four
 * vendor ids and transforms of 36 octets give). All others follow from RFC 2408 3.1, 3.4 to 3.6 and 3.16: 28 of the
 * header, 12 of the SA, 8 of the proposal, 4 for each short attribute and 8 for each long one behind 8 of each
 * transform, and 4 before each vendor id.
 */
const sizes: Readonly<Record<string, number>> = {
  'windows-7': 384,
  'windows-10': 408,
  'windows-10-as-installed': 408,
  'windows-vista': 384,
  'windows-xp-sp2': 312,
  'windows-xp-sp1-kb818043': 312,
  'windows-server-2003': 312,
  'windows-2000': 28 + 12 + 8 + 4 * 36 + 24 + 20,
  'windows-xp': 28 + 12 + 8 + 4 * 36 + 24 + 20,
  // Twelve of AES with seven short attributes, two of 3DES with six; ten NAT-T ids, one of 24 octets, DPD.
  macos: 28 + 12 + 8 + 12 * 36 + 2 * 32 + 10 * 20 + 24 + 20,
  'windows-xp-sp2-as-installed': 312,
  android: 28 + 12 + 8 + 6 * 36 + 6 * 32 + 4 * 20 + 12 + 20 + 24 + 20,
  'android-truncating': 28 + 12 + 8 + 6 * 36 + 6 * 32 + 4 * 20 + 12 + 20 + 24 + 20,
  chromeos: 28 + 12 + 8 + 2 * 36 + 2 * 32 + 12 + 3 * 20,
  // A life of one day does not fit into two octets.
  mikrotik: 28 + 12 + 8 + 2 * 40 + 2 * 36 + 12 * 20,
  'cisco-ios': 28 + 12 + 8 + 36 + 4 * 20,
};

test.each(Object.entries(sizes))('%s: message 1 has %i octets', (profile, octets) => {
  const message = messageOf(profile);
  expect(message).toHaveLength(octets);
  expect(readFirstMessage(message)).toMatchObject({ octets, exchange: 2 });
});

test('every profile of the field has its message 1 looked at here', () => {
  const unsized = profileNames('client').filter((name) => sizes[name] === undefined);
  // The neutral clients are nobody's; the first speaks aggressive mode, below, and the last no IKE.
  expect(unsized).toEqual(['android-identifier', 'no-checksums', 'plain', 'without-ipsec']);
});

// RFC 2409 appendix A: Encryption 1 DES, 5 3DES, 7 AES; Hash 1 MD5, 2 SHA, 4 SHA2-256, 6 SHA2-512; Group Description.
const offers: Readonly<Record<string, readonly (readonly number[])[]>> = {
  // Field facts B: [Encryption, Key Length, Hash, Group], in the order of the offer.
  'windows-xp-sp2': [
    [5, 0, 2, 14],
    [5, 0, 2, 2],
    [5, 0, 1, 2],
    [1, 0, 2, 1],
    [1, 0, 1, 1],
  ],
  'windows-2000': [
    [5, 0, 2, 2],
    [5, 0, 1, 2],
    [1, 0, 2, 1],
    [1, 0, 1, 1],
  ],
  'windows-10': [
    [7, 256, 2, 20],
    [7, 128, 2, 19],
    [7, 256, 2, 14],
    [5, 0, 2, 14],
    [5, 0, 2, 2],
  ],
  macos: [
    ...[4, 2, 1, 6].map((hash) => [7, 256, hash, 14]),
    ...[4, 2, 1].map((hash) => [7, 256, hash, 5]),
    ...[4, 2, 1].map((hash) => [7, 256, hash, 2]),
    ...[2, 1].map((hash) => [7, 128, hash, 2]),
    ...[2, 1].map((hash) => [5, 0, hash, 2]),
  ],
  android: [
    ...[4, 2, 1].map((hash) => [7, 256, hash, 2]),
    ...[4, 2, 1].map((hash) => [7, 128, hash, 2]),
    ...[4, 2, 1].map((hash) => [5, 0, hash, 2]),
    ...[4, 2, 1].map((hash) => [1, 0, hash, 2]),
  ],
  chromeos: [
    [7, 128, 4, 15],
    [7, 128, 2, 14],
    [5, 0, 2, 5],
    [5, 0, 2, 2],
  ],
};

test.each(Object.entries(offers))('%s: what it offers, and in which order', (profile, offer) => {
  const { transforms } = readFirstMessage(messageOf(profile));
  const read = transforms.map(({ attributes }) => {
    const values = new Map(attributes);
    expect(values.get(3)).toBe(1); // Authentication Method: pre-shared key
    return [1, 14, 2, 4].map((type) => values.get(type) ?? 0);
  });
  expect(read).toEqual(offer);
  expect(transforms.map(({ number }) => number)).toEqual(offer.map((_, index) => index + 1));
});

test('the order and the form of attributes tells implementations apart', () => {
  const first = (profile: string) => readFirstMessage(messageOf(profile)).transforms[0]?.attributes ?? [];
  const types = (profile: string) => first(profile).map(([type]) => type);
  // The dumps of Windows 7: Encryption, Key Length, Hash, Group, Authentication, Life Type, Life Duration.
  expect(types('windows-10')).toEqual([1, 14, 2, 4, 3, 11, 12]);
  expect(types('windows-xp-sp2')).toEqual([1, 2, 4, 3, 11, 12]);
  // racoon, setph1attr: Life Type, Life Duration, Encryption, Key Length, Authentication, Hash, Group.
  expect(types('android')).toEqual([11, 12, 1, 14, 3, 2, 4]);
  expect(types('macos')).toEqual([11, 12, 1, 14, 3, 2, 4]);
  // Field facts B: 28800 s of Windows and Android, 3600 s of macOS.
  const life = (profile: string) => new Map(first(profile)).get(12);
  expect([life('windows-xp-sp2'), life('windows-7'), life('android')]).toEqual([28800, 28800, 28800]);
  expect(life('macos')).toBe(3600);
});

// Field facts A1, "Order on the wire", and [MS-IKEE] note 6.
const nt5 = (version: number) => `1e2b516905991c7d7c96fcbfb587e461${version.toString(16).padStart(8, '0')}`;
const rfc3947 = '4a131c81070358455c5728f20e95452f';
const draft02n = '90cb80913ebb696e086381b5ec427b1f';
const fragmentation = '4048b7d56ebce88525e7de7f00d6c2d3';
const initialContact = '26244d38eddb61b3172a36e3d0cfb819';
const discovery = 'fb1de3cdf341b7ea16b7e5be0855f120';
const cga = 'e3a5966a76379fe707228231e5ce8652';
const later = [rfc3947, draft02n, fragmentation, discovery, initialContact, cga];
const named: Readonly<Record<string, readonly string[]>> = {
  'windows-xp-sp2': [nt5(4), fragmentation, draft02n, initialContact],
  'windows-server-2003': [nt5(4), fragmentation, draft02n, initialContact],
  'windows-xp-sp1-kb818043': [nt5(3), fragmentation, draft02n, initialContact],
  'windows-vista': [nt5(5), ...later],
  'windows-10': ['01528bbbc00696121849ab9a1c5b2a5100000001', nt5(9), ...later],
  // pastebin vZ8j3tq8: RFC 3947, drafts 02, 02 with line feed and 00, XAUTH, Unity, FRAGMENTATION, DPD.
  android: [
    rfc3947,
    'cd60464335df21f87cfdb2fc68b6a448',
    draft02n,
    '4485152d18b6bbcd0be8a8469579ddcc',
    '09002689dfd6b712',
    '12f5f28c457168a9702d9fe274cc0100',
    `${fragmentation}80000000`,
    'afcad71368a1f1c96b8696fc77570100',
  ],
};

test.each(Object.entries(named))('%s: its vendor ids in the order of the wire', (profile, ids) => {
  expect(readFirstMessage(messageOf(profile)).vendorIds).toEqual(ids);
});

test('clients from before NAT-T name no revision of it', () => {
  const announcing = ['rfc3947', 'draft-00', 'draft-02', 'draft-02n', 'draft-03'].map(
    (name) => vendorIds[name]?.hex,
  );
  for (const profile of ['windows-xp', 'windows-2000']) {
    const { vendorIds: sent } = readFirstMessage(messageOf(profile));
    expect(sent.filter((id) => announcing.includes(id))).toEqual([]);
    expect(sent[0]).toBe(nt5(profile === 'windows-xp' ? 3 : 2));
  }
});

test('an Android with an IPsec identifier begins aggressive mode: group, nonce and identity are in message 1', () => {
  const { exchange, payloads, transforms } = readFirstMessage(messageOf('android-identifier'));
  expect(exchange).toBe(4);
  // RFC 2409 5.4: SA, KE, Ni, IDii; ID_KEY_ID is 11 (RFC 2407 4.6.2.1).
  expect(payloads.slice(0, 4).map(({ type }) => type)).toEqual([1, 4, 10, 5]);
  expect(payloads[1]?.body).toHaveLength(128);
  expect(payloads[3]?.body.readUInt8(0)).toBe(11);
  expect(new Set(transforms.map(({ attributes }) => new Map(attributes).get(4)))).toEqual(new Set([2]));
});
