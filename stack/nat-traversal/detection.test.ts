import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { fromHex, hex } from '../octets.ts';
import { detectNat, natDetectionHash, natDetectionToSend } from './detection.ts';

const sha1 = (...parts: readonly Uint8Array[]) => {
  const hash = createHash('sha1');
  for (const part of parts) hash.update(part);
  return new Uint8Array(hash.digest());
};
const cookies = [fromHex('1111111111111111'), fromHex('2222222222222222')] as const;
const hash = natDetectionHash(sha1, ...cookies);
const inside = { ip: '192.168.1.10', port: 500 };
const outside = { ip: '198.18.0.1', port: 61000 };
const responder = { ip: '198.18.0.2', port: 500 };

test('the hash covers CKY-I, CKY-R, address and port (RFC 3947 3.2)', () => {
  const input = Buffer.from('11111111111111112222222222222222' + 'c0a8010a' + '01f4', 'hex');
  expect(hex(hash(inside))).toBe(createHash('sha1').update(input).digest('hex'));
});

test('without translation neither side is behind NAT', () => {
  const received = natDetectionToSend(hash, inside, responder);
  expect(detectNat(hash, received, responder, inside)).toEqual({
    localBehindNat: false,
    peerBehindNat: false,
  });
});

test('a translated source puts the peer behind NAT, and this side at the other end', () => {
  const toResponder = natDetectionToSend(hash, inside, responder);
  expect(detectNat(hash, toResponder, responder, outside)).toEqual({
    localBehindNat: false,
    peerBehindNat: true,
  });
  const toInitiator = natDetectionToSend(hash, responder, outside);
  expect(detectNat(hash, toInitiator, inside, responder)).toEqual({
    localBehindNat: true,
    peerBehindNat: false,
  });
});

test('a changed port alone is a translation', () => {
  const received = natDetectionToSend(hash, inside, responder);
  expect(detectNat(hash, received, responder, { ...inside, port: 501 })).toMatchObject({
    peerBehindNat: true,
  });
});

test('a peer may name several own addresses; one match is enough', () => {
  const received = [
    ...natDetectionToSend(hash, outside, responder),
    hash(inside),
    hash({ ip: '10.0.0.1', port: 500 }),
  ];
  expect(detectNat(hash, received, responder, inside)).toMatchObject({ peerBehindNat: false });
});

test('one octet changed in either hash shows a NAT that is not there', () => {
  const [ours = new Uint8Array(), theirs = new Uint8Array()] = natDetectionToSend(hash, inside, responder);
  const flip = (bytes: Uint8Array) => bytes.map((octet, index) => (index === 0 ? octet ^ 1 : octet));
  expect(detectNat(hash, [flip(ours), theirs], responder, inside)).toMatchObject({ localBehindNat: true });
  expect(detectNat(hash, [ours, flip(theirs)], responder, inside)).toMatchObject({ peerBehindNat: true });
});

test('fewer than two payloads tell nothing', () => {
  expect(detectNat(hash, [], responder, inside)).toBeUndefined();
  expect(detectNat(hash, [hash(responder)], responder, inside)).toBeUndefined();
});
