import { expect, test } from 'vitest';
import { encryptionShapes, goTogether, integrityShapes } from '../esp/algorithms.ts';
import type { Attribute } from '../isakmp/attribute.ts';
import { encodeSecurityAssociation, type SecurityAssociation } from '../isakmp/security-association.ts';
import { hex } from '../octets.ts';
import type { EspEncryption, EspIntegrity } from '../sa.ts';
import type { Phase2Proposal } from './config.ts';
import { choosePhase2, phase2Answer, phase2Offer, readPhase2Offer } from './phase2-proposal.ts';

// RFC 2407 4.5 and RFC 3947 5.1.
const plain = { tunnel: 1, transport: 2 };
const udp = { tunnel: 3, transport: 4 };

function esp(
  encryption: Phase2Proposal['encryption'],
  integrity: Phase2Proposal['integrity'],
): Phase2Proposal {
  return { encryption, integrity, lifetimeSeconds: 3600, lifetimeKilobytes: 250_000 };
}
// The How-To's four SA specifications.
const [sha3des, md5of3des, shaDes, md5Des] = [
  esp('3des-cbc', 'hmac-sha1-96'),
  esp('3des-cbc', 'hmac-md5-96'),
  esp('des-cbc', 'hmac-sha1-96'),
  esp('des-cbc', 'hmac-md5-96'),
];

/** An offer of one proposal, with other attributes. */
function changed(
  offered: Phase2Proposal,
  change: (attributes: readonly Attribute[]) => Attribute[],
): SecurityAssociation {
  const { proposals } = phase2Offer([offered], 0x1000, plain);
  return {
    proposals: proposals.map((proposal) => ({
      ...proposal,
      transforms: proposal.transforms.map((each) => ({ ...each, attributes: change(each.attributes) })),
    })),
  };
}

test('a proposal lies as in RFC 2407 4.5, lifetimes as four octets', () => {
  expect(hex(encodeSecurityAssociation(phase2Offer([sha3des], 0x01020304, plain)))).toBe(
    '0000000100000001' +
      '00000034' +
      '01030401' +
      '01020304' +
      '00000028' +
      '01030000' +
      '80010001' +
      '0002000400000e10' +
      '80010002' +
      '000200040003d090' +
      '80040002' +
      '80050002',
  );
});

const encryptions = Object.keys(encryptionShapes) as EspEncryption[];
const integrities = Object.keys(integrityShapes) as EspIntegrity[];

test('everything this stack speaks is read back from its offer', () => {
  const all = encryptions
    .flatMap((encryption) => integrities.map((integrity) => esp(encryption, integrity)))
    // Cut to 96 bits, HMAC-SHA2-256 looks just as whole: see below.
    .filter((proposal) => goTogether(proposal) && proposal.integrity !== 'hmac-sha2-256-96')
    .flatMap((proposal) => [proposal, { ...proposal, extendedSequenceNumbers: true as const }])
    .flatMap((proposal) => [proposal, { ...proposal, mode: 'tunnel' as const }]);
  const read = readPhase2Offer(phase2Offer(all, 0x1000, udp), udp);
  expect(read.map(({ proposal }) => proposal)).toEqual(all);
  expect(read.map(({ offered }) => offered)).toEqual(all.map((_, index) => index));
});

/** The attributes of an offer of one proposal, by type. */
function attributesOf(proposal: Phase2Proposal, modes = plain): Map<number, unknown> {
  const [transform] = phase2Offer([proposal], 0x1000, modes).proposals[0]?.transforms ?? [];
  return new Map(transform?.attributes.map(({ type, value }) => [type, value]));
}

test('transform and authentication numbers are those of RFC 2407, 3602, 3686, 4106, 4868 and IANA', () => {
  const transformOf = (encryption: EspEncryption) => {
    const integrity = goTogether({ encryption, integrity: 'none' }) ? 'none' : 'hmac-sha1-96';
    const offer = phase2Offer([esp(encryption, integrity)], 0x1000, plain);
    return offer.proposals[0]?.transforms[0]?.transformId;
  };
  expect(Object.fromEntries(encryptions.map((name) => [name, transformOf(name)]))).toEqual({
    null: 11,
    'des-cbc': 2,
    '3des-cbc': 3,
    'aes-cbc-128': 12,
    'aes-cbc-192': 12,
    'aes-cbc-256': 12,
    'aes-ctr-128': 13,
    'aes-ctr-192': 13,
    'aes-ctr-256': 13,
    'aes-gcm-16-128': 20,
    'aes-gcm-16-192': 20,
    'aes-gcm-16-256': 20,
  });
  const numbers = integrities
    .filter((name) => name !== 'none')
    .map((name) => [name, attributesOf(esp('aes-cbc-128', name)).get(5)]);
  expect(Object.fromEntries(numbers)).toEqual({
    'hmac-md5-96': 1,
    'hmac-sha1-96': 2,
    'hmac-sha2-256-96': 5,
    'hmac-sha2-256-128': 5,
    'hmac-sha2-384-192': 6,
    'hmac-sha2-512-256': 7,
  });
});

test('AES names the length of its key without nonce or salt, and GCM no authentication (RFC 3686 5.4, 4106 8.4)', () => {
  expect(attributesOf(esp('aes-ctr-192', 'hmac-sha1-96')).get(6)).toBe(192);
  const gcm = attributesOf(esp('aes-gcm-16-256', 'none'));
  expect(gcm.get(6)).toBe(256);
  expect(gcm.has(5)).toBe(false);
});

test('a combined cipher with authentication beside it, and any other without, is not taken', () => {
  for (const [proposal, change] of [
    [esp('aes-gcm-16-128', 'none'), { form: 'TV', type: 5, value: 2 }],
    [esp('aes-cbc-128', 'hmac-sha1-96'), undefined],
  ] as const) {
    const offer = changed(proposal, (attributes) => [
      ...attributes.filter(({ type }) => type !== 5),
      ...(change === undefined ? [] : [change]),
    ]);
    expect(readPhase2Offer(offer, plain)).toEqual([]);
  }
});

test('HMAC-SHA2-256 cut to 96 bits is what the own list says, for its number is the same (field facts E4)', () => {
  const whole = esp('aes-cbc-128', 'hmac-sha2-256-128');
  const cut = esp('aes-cbc-128', 'hmac-sha2-256-96');
  for (const [offered, own] of [
    [whole, cut],
    [cut, whole],
    [cut, cut],
  ] as const) {
    const chosen = choosePhase2(phase2Offer([offered], 0x1000, plain), [own], 'initiator-order', plain);
    expect(chosen?.proposal).toEqual(own);
  }
});

test('extended sequence numbers are asked for and agreed by attribute 11 (RFC 4304 2)', () => {
  const extended = { ...sha3des, extendedSequenceNumbers: true as const };
  expect(attributesOf(sha3des).has(11)).toBe(false);
  expect(attributesOf(extended).get(11)).toBe(1);
  const choose = (offered: Phase2Proposal, own: Phase2Proposal) =>
    choosePhase2(phase2Offer([offered], 0x1000, plain), [own], 'initiator-order', plain)?.proposal;
  expect(choose(extended, extended)).toEqual(extended);
  expect(choose(extended, sha3des)).toBeUndefined();
  expect(choose(sha3des, extended)).toBeUndefined();
});

test('a transform with another value of attribute 11 is never set up (RFC 4304 3)', () => {
  for (const value of [0, 2]) {
    const offer = changed(sha3des, (attributes) => [...attributes, { form: 'TV', type: 11, value }]);
    expect(readPhase2Offer(offer, plain)).toEqual([]);
  }
});

test('tunnel mode is encapsulation 1, or 3 or 61443 in UDP, and no peer of transport mode takes it', () => {
  const tunnel = { ...sha3des, mode: 'tunnel' as const };
  const draft = { tunnel: 61_443, transport: 61_444 };
  expect([plain, udp, draft].map((modes) => attributesOf(tunnel, modes).get(4))).toEqual([1, 3, 61_443]);
  expect([plain, udp, draft].map((modes) => attributesOf(sha3des, modes).get(4))).toEqual([2, 4, 61_444]);
  for (const modes of [plain, udp, draft]) {
    const choose = (offered: Phase2Proposal, own: Phase2Proposal) =>
      choosePhase2(phase2Offer([offered], 0x1000, modes), [own], 'initiator-order', modes)?.proposal;
    expect(choose(tunnel, tunnel)).toEqual(tunnel);
    expect(choose(tunnel, sha3des)).toBeUndefined();
    expect(choose(sha3des, tunnel)).toBeUndefined();
  }
});

test('the order of the initiator or of the responder decides (rule PROP-1)', () => {
  const offer = phase2Offer([md5Des, shaDes, md5of3des, sha3des], 0x1000, plain);
  const own = [sha3des, md5of3des, shaDes, md5Des];
  expect(choosePhase2(offer, own, 'initiator-order', plain)).toMatchObject({
    offered: 0,
    proposal: md5Des,
  });
  expect(choosePhase2(offer, own, 'responder-order', plain)).toMatchObject({
    offered: 3,
    proposal: sha3des,
  });
});

test("the answer carries the responder's SPI and the proposal's own number", () => {
  const chosen = choosePhase2(
    phase2Offer([md5Des, sha3des], 0x1000, plain),
    [sha3des],
    'initiator-order',
    plain,
  );
  if (chosen === undefined) throw new Error('nothing chosen');
  expect(chosen.spi).toBe(0x1000);
  const [answer, ...more] = phase2Answer(chosen, 0x2000).proposals;
  expect(answer).toMatchObject({ number: 2, spi: Uint8Array.of(0, 0, 0x20, 0) });
  expect(more).toEqual([]);
});

test('an encapsulation of another revision, or of none, is not the same (rule ESP-2)', () => {
  for (const [offered, expected] of [
    [4, 61_444],
    [61_444, 4],
    [2, 4],
    [4, 2],
  ] as const) {
    const offer = phase2Offer([sha3des], 1000, { ...plain, transport: offered });
    const modes = { tunnel: expected - 1, transport: expected };
    expect(choosePhase2(offer, [sha3des], 'initiator-order', modes)).toBeUndefined();
    const alsoRead = { tunnel: offered - 1, transport: offered };
    const tolerant = choosePhase2(offer, [sha3des], 'initiator-order', { ...modes, alsoRead });
    expect(tolerant?.proposal.mode).toBeUndefined();
    // The answer is in the words of the offer.
    expect(tolerant?.wire.transforms).toEqual(offer.proposals[0]?.transforms);
  }
});

test('ESP that goes together with AH under one number is not ESP alone (RFC 2408 4.2), but still counts', () => {
  const offer = phase2Offer([md5Des, sha3des], 0x1000, plain);
  const [first, second] = offer.proposals;
  if (first === undefined || second === undefined) throw new Error('two proposals expected');
  const withAh: SecurityAssociation = {
    proposals: [first, { ...first, protocolId: 2 }, { ...second, number: 2 }],
  };
  expect(readPhase2Offer(withAh, plain).map(({ offered }) => offered)).toEqual([2]);
});

test('a group description asks for PFS: a known group is read, with one that is not there is no transform', () => {
  const asking = (value: number) =>
    changed(sha3des, (attributes) => [...attributes, { form: 'TV', type: 3, value }]);
  expect(readPhase2Offer(asking(19), plain)).toMatchObject([{ group: 19, proposal: sha3des }]);
  expect(readPhase2Offer(asking(17), plain)).toEqual([]);
  expect(readPhase2Offer(phase2Offer([sha3des], 0x1000, plain, 14), plain)).toMatchObject([{ group: 14 }]);
});

test('a transform that asks for PFS is chosen only where its group is taken', () => {
  const offer = phase2Offer([sha3des], 0x1000, plain, 14);
  expect(choosePhase2(offer, [sha3des], 'initiator-order', plain)).toBeUndefined();
  const chosen = choosePhase2(offer, [sha3des], 'initiator-order', plain, (group) => group === 14);
  expect(chosen?.group).toBe(14);
});

test('the shorter lifetimes are used (rule PROP-7)', () => {
  const own = { ...sha3des, lifetimeSeconds: 900 };
  const chosen = choosePhase2(phase2Offer([sha3des], 0x1000, plain), [own], 'initiator-order', plain);
  expect(chosen?.proposal).toEqual({ ...sha3des, lifetimeSeconds: 900 });
  const { lifetimeKilobytes: _, ...timed } = sha3des;
  const untold = choosePhase2(phase2Offer([timed], 0x1000, plain), [timed], 'initiator-order', plain);
  expect(untold?.proposal).toEqual(timed);
});
