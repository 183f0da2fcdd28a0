import { expect, test } from 'vitest';
import { EncapsulationMode } from '../isakmp/ipsec-doi.ts';
import { encodeSecurityAssociation } from '../isakmp/security-association.ts';
import { hex } from '../octets.ts';
import type { Phase1Transform, Phase2Proposal, TransformStyle } from './config.ts';
import { phase1Offer, readPhase1Offer } from './phase1-proposal.ts';
import { phase2Offer, readPhase2Offer } from './phase2-proposal.ts';
import { windowsStyle } from './transform-style.ts';

const aes: Phase1Transform = { encryption: 'aes-cbc-256', hash: 'sha1', group: 2, lifetimeSeconds: 3600 };
const des: Phase1Transform = { encryption: '3des-cbc', hash: 'md5', group: 2, lifetimeSeconds: 86_400 };

/** racoon, and with it macOS and Android: `setph1attr` of its ipsec_doi.c writes in this order. */
const racoon: TransformStyle = {
  phase1Attributes: ['lifetime', 'encryption', 'key-length', 'authentication', 'hash', 'group'],
  phase2Attributes: ['lifetime', 'encapsulation', 'key-length', 'integrity', 'group'],
  lifetimeForm: 'TV',
  firstTransform: 1,
  phase2Offer: 'transforms',
};

const written = (transforms: readonly Phase1Transform[], style: TransformStyle) =>
  hex(encodeSecurityAssociation(phase1Offer(transforms, style)));

test('transforms are written as racoon writes them: the lifetime first, in the short form where it fits', () => {
  // RFC 2408 3.3 to 3.6 by hand: life type, life duration, cipher, key length, method, hash, group.
  expect(written([aes, des], racoon)).toBe(
    '0000000100000001' +
      '00000050' +
      '01010002' +
      '03000024' +
      '01010000' +
      '800b0001800c0e1080010007800e0100800300018002000280040002' +
      '00000024' +
      '02010000' +
      '800b0001000c00040001518080010005800300018002000180040002',
  );
});

test('proposals of phase 2 are written as racoon writes them: the transforms of one proposal', () => {
  const proposals: Phase2Proposal[] = [
    { encryption: 'aes-cbc-256', integrity: 'hmac-sha1-96', lifetimeSeconds: 3600 },
    { encryption: '3des-cbc', integrity: 'hmac-md5-96', lifetimeSeconds: 3600 },
  ];
  const offer = phase2Offer(proposals, 0x01020304, EncapsulationMode, 2, racoon);
  // RFC 2407 4.5 by hand: life type, life duration, transport, key length, HMAC, group.
  expect(hex(encodeSecurityAssociation(offer))).toBe(
    '0000000100000001' +
      '00000048' +
      '0103040201020304' +
      '03000020' +
      '010c0000' +
      '8001000180020e10800400028006010080050002' +
      '80030002' +
      '0000001c' +
      '02030000' +
      '8001000180020e108004000280050001' +
      '80030002',
  );
  expect(readPhase2Offer(offer, EncapsulationMode).map(({ proposal }) => proposal)).toEqual(proposals);
});

test('transforms can be counted from 0', () => {
  const [proposal] = phase1Offer([aes, des], { ...racoon, firstTransform: 0 }).proposals;
  expect(proposal?.transforms.map(({ number }) => number)).toEqual([0, 1]);
});

test('an attribute that a style does not name comes last and is not lost', () => {
  const style: TransformStyle = { ...windowsStyle, phase1Attributes: ['hash', 'group'] };
  const offer = phase1Offer([aes], style);
  expect(offer.proposals[0]?.transforms[0]?.attributes.map(({ type }) => type)).toEqual([
    2, 4, 1, 14, 3, 11, 12,
  ]);
});

test('whatever the style, the same is read', () => {
  for (const style of [windowsStyle, racoon, { ...racoon, firstTransform: 0 as const }]) {
    expect(readPhase1Offer(phase1Offer([aes, des], style)).map(({ transform }) => transform)).toEqual([
      aes,
      des,
    ]);
  }
});
