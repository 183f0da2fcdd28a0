import { expect, test } from 'vitest';
import type { Attribute } from '../isakmp/attribute.ts';
import { encodeSecurityAssociation } from '../isakmp/security-association.ts';
import { fromHex, hex } from '../octets.ts';
import type { Phase1Transform } from './config.ts';
import { groupNumbers } from './diffie-hellman.ts';
import { choosePhase1, phase1Offer, readPhase1Offer } from './phase1-proposal.ts';

const strong: Phase1Transform = { encryption: '3des-cbc', hash: 'sha1', group: 2, lifetimeSeconds: 28_800 };
const aes: Phase1Transform = { encryption: 'aes-cbc-256', hash: 'sha1', group: 14, lifetimeSeconds: 28_800 };
const weak: Phase1Transform = { encryption: 'des-cbc', hash: 'md5', group: 1, lifetimeSeconds: 3600 };

test('transforms are written as a Windows 7 client writes them', () => {
  // Transforms 3 and 5 of the published message 1 (field facts B), renumbered 1 and 2.
  const windows =
    '0000000100000001' +
    '00000054' +
    '01010002' +
    '03000028' +
    '01010000' +
    '80010007800e0100800200028004000e80030001800b0001000c000400007080' +
    '00000024' +
    '02010000' +
    '80010005800200028004000280030001800b0001000c000400007080';
  expect(hex(encodeSecurityAssociation(phase1Offer([aes, strong])))).toBe(windows);
});

test('every transform this stack speaks is read back from its offer', () => {
  const all = (['des-cbc', '3des-cbc', 'aes-cbc-128', 'aes-cbc-192', 'aes-cbc-256'] as const).flatMap(
    (encryption) =>
      (['md5', 'sha1', 'sha2-256', 'sha2-384', 'sha2-512'] as const).flatMap((hash) =>
        groupNumbers.map((group) => ({ encryption, hash, group, lifetimeSeconds: 28_800 })),
      ),
  );
  expect(readPhase1Offer(phase1Offer(all)).map(({ transform }) => transform)).toEqual(all);
});

test('the order of the initiator or of the responder decides (rule PROP-1)', () => {
  const offer = phase1Offer([aes, weak, strong]);
  expect(choosePhase1(offer, [strong, weak], 'initiator-order')).toMatchObject({
    offered: 1,
    transform: weak,
  });
  expect(choosePhase1(offer, [strong, weak], 'responder-order')).toMatchObject({
    offered: 2,
    transform: strong,
  });
});

test('the answer is the one transform with its number and attributes untouched', () => {
  const chosen = choosePhase1(phase1Offer([aes, strong]), [strong], 'initiator-order');
  const [proposal] = chosen?.answer.proposals ?? [];
  expect(proposal?.transforms).toEqual([phase1Offer([aes, strong]).proposals[0]?.transforms[1]]);
});

test('nothing in common is nothing chosen (rule PROP-2)', () => {
  expect(choosePhase1(phase1Offer([aes]), [strong, weak], 'initiator-order')).toBeUndefined();
  expect(choosePhase1(phase1Offer([]), [strong], 'responder-order')).toBeUndefined();
});

test('the shorter lifetime is used (rule PROP-7)', () => {
  const chosen = choosePhase1(
    phase1Offer([strong]),
    [{ ...strong, lifetimeSeconds: 600 }],
    'initiator-order',
  );
  expect(chosen?.transform.lifetimeSeconds).toBe(600);
});

test.each<[string, (attributes: readonly Attribute[]) => readonly Attribute[]]>([
  [
    'signatures instead of a pre-shared key',
    (all) => all.map((each) => (each.type === 3 ? { ...each, form: 'TV', value: 3 } : each)),
  ],
  [
    'a group it does not have',
    (all) => all.map((each) => (each.type === 4 ? { ...each, form: 'TV', value: 17 } : each)),
  ],
  ['AES without key length', (all) => all.filter((each) => each.type !== 14)],
  ['no hash', (all) => all.filter((each) => each.type !== 2)],
  ['no group', (all) => all.filter((each) => each.type !== 4)],
  ['no cipher', (all) => all.filter((each) => each.type !== 1)],
  ['no authentication method', (all) => all.filter((each) => each.type !== 3)],
  ['two groups', (all) => [...all, { form: 'TV', type: 4, value: 2 }]],
])('a transform with %s is not chosen', (_, change) => {
  const [proposal] = phase1Offer([aes]).proposals;
  if (proposal === undefined) throw new Error('no proposal');
  const transforms = proposal.transforms.map((each) => ({ ...each, attributes: change(each.attributes) }));
  expect(readPhase1Offer({ proposals: [{ ...proposal, transforms }] })).toEqual([]);
});

test('an attribute that is repeated in other words, and one of no known type, change nothing', () => {
  const [proposal] = phase1Offer([aes]).proposals;
  const [transform] = proposal?.transforms ?? [];
  if (proposal === undefined || transform === undefined) throw new Error('no transform');
  const attributes: Attribute[] = [
    ...transform.attributes,
    { form: 'TLV', type: 4, value: fromHex('0000000e') },
    { form: 'TV', type: 16384, value: 1 },
  ];
  const offer = { proposals: [{ ...proposal, transforms: [{ ...transform, attributes }] }] };
  expect(readPhase1Offer(offer)).toMatchObject([{ transform: aes }]);
});

test('an SPI in a proposal of phase 1 is ignored, the cookies are it (RFC 2408 3.5)', () => {
  const [proposal] = phase1Offer([strong]).proposals;
  if (proposal === undefined) throw new Error('no proposal');
  const offer = { proposals: [{ ...proposal, spi: fromHex('0102030405060708') }] };
  expect(choosePhase1(offer, [strong], 'initiator-order')?.transform).toEqual(strong);
});

test('a lifetime is understood in the short form, and without one eight hours are meant', () => {
  const [proposal] = phase1Offer([strong]).proposals;
  if (proposal === undefined) throw new Error('no proposal');
  const [transform] = proposal.transforms;
  if (transform === undefined) throw new Error('no transform');
  const withLife = (life: Attribute[]) => ({
    proposals: [
      {
        ...proposal,
        transforms: [
          { ...transform, attributes: [...transform.attributes.filter(({ type }) => type < 11), ...life] },
        ],
      },
    ],
  });
  const short = withLife([
    { form: 'TV', type: 11, value: 1 },
    { form: 'TV', type: 12, value: 3600 },
  ]);
  expect(readPhase1Offer(short)[0]?.transform.lifetimeSeconds).toBe(3600);
  expect(readPhase1Offer(withLife([]))[0]?.transform.lifetimeSeconds).toBe(28_800);
  const kilobytes = withLife([
    { form: 'TV', type: 11, value: 2 },
    { form: 'TLV', type: 12, value: fromHex('00000001') },
  ]);
  expect(readPhase1Offer(kilobytes)[0]?.transform.lifetimeSeconds).toBe(28_800);
});
