import { expect, test } from 'vitest';
import { encodeSecurityAssociation, type SecurityAssociation } from '../isakmp/security-association.ts';
import { hex } from '../octets.ts';
import type { Phase2Proposal } from './config.ts';
import { choosePhase2, phase2Answer, phase2Offer, readPhase2Offer } from './phase2-proposal.ts';

const transport = 2;
const udpTransport = 4;

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

test('a proposal lies as in RFC 2407 4.5, lifetimes as four octets', () => {
  expect(hex(encodeSecurityAssociation(phase2Offer([sha3des], 0x01020304, transport)))).toBe(
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

test('everything this stack speaks is read back from its offer', () => {
  const all = (['null', 'des-cbc', '3des-cbc', 'aes-cbc-128', 'aes-cbc-192', 'aes-cbc-256'] as const).flatMap(
    (encryption) =>
      (['hmac-md5-96', 'hmac-sha1-96', 'hmac-sha2-256-128'] as const).map((integrity) =>
        esp(encryption, integrity),
      ),
  );
  const read = readPhase2Offer(phase2Offer(all, 0x1000, udpTransport), udpTransport);
  expect(read.map(({ proposal }) => proposal)).toEqual(all);
  expect(read.map(({ offered }) => offered)).toEqual(all.map((_, index) => index));
});

test('the order of the initiator or of the responder decides (rule PROP-1)', () => {
  const offer = phase2Offer([md5Des, shaDes, md5of3des, sha3des], 0x1000, transport);
  const own = [sha3des, md5of3des, shaDes, md5Des];
  expect(choosePhase2(offer, own, 'initiator-order', transport)).toMatchObject({
    offered: 0,
    proposal: md5Des,
  });
  expect(choosePhase2(offer, own, 'responder-order', transport)).toMatchObject({
    offered: 3,
    proposal: sha3des,
  });
});

test("the answer carries the responder's SPI and the proposal's own number", () => {
  const chosen = choosePhase2(
    phase2Offer([md5Des, sha3des], 0x1000, transport),
    [sha3des],
    'initiator-order',
    transport,
  );
  if (chosen === undefined) throw new Error('nothing chosen');
  expect(chosen.spi).toBe(0x1000);
  const [answer, ...more] = phase2Answer(chosen, 0x2000).proposals;
  expect(answer).toMatchObject({ number: 2, spi: Uint8Array.of(0, 0, 0x20, 0) });
  expect(more).toEqual([]);
});

test('transport and UDP-encapsulated transport are not the same (rule ESP-2)', () => {
  for (const [offered, expected] of [
    [4, 61_444],
    [61_444, 4],
    [2, 4],
    [4, 2],
    [1, 2],
  ] as const) {
    expect(
      choosePhase2(phase2Offer([sha3des], 1000, offered), [sha3des], 'initiator-order', expected),
    ).toBeUndefined();
  }
});

test('ESP that goes together with AH under one number is not ESP alone (RFC 2408 4.2), but still counts', () => {
  const offer = phase2Offer([md5Des, sha3des], 0x1000, transport);
  const [first, second] = offer.proposals;
  if (first === undefined || second === undefined) throw new Error('two proposals expected');
  const withAh: SecurityAssociation = {
    proposals: [first, { ...first, protocolId: 2 }, { ...second, number: 2 }],
  };
  expect(readPhase2Offer(withAh, transport).map(({ offered }) => offered)).toEqual([2]);
});

test('a group description asks for PFS, which is not done', () => {
  const [proposal] = phase2Offer([sha3des], 0x1000, transport).proposals;
  if (proposal === undefined) throw new Error('no proposal');
  const transforms = proposal.transforms.map((transform) => ({
    ...transform,
    attributes: [...transform.attributes, { form: 'TV', type: 3, value: 2 } as const],
  }));
  expect(readPhase2Offer({ proposals: [{ ...proposal, transforms }] }, transport)).toEqual([]);
});

test('the shorter lifetimes are used (rule PROP-7)', () => {
  const own = { ...sha3des, lifetimeSeconds: 900 };
  const chosen = choosePhase2(phase2Offer([sha3des], 0x1000, transport), [own], 'initiator-order', transport);
  expect(chosen?.proposal).toEqual({ ...sha3des, lifetimeSeconds: 900 });
  const { lifetimeKilobytes: _, ...timed } = sha3des;
  const untold = choosePhase2(phase2Offer([timed], 0x1000, transport), [timed], 'initiator-order', transport);
  expect(untold?.proposal).toEqual(timed);
});
