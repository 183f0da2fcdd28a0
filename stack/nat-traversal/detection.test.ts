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

test('a peer may name several own addresses, and one match is enough', () => {
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

/*
 * A capture of Openswan behind NAT, messages 3 and 4 of main mode with MD5 (Openswan tests/unit/libpluto,
 * lp107-v1rwnatN3/v1rwnatM2.pcap and lp108-v1rwnatQI1/v1rwnatN2.pcap).
 */
const captured = natDetectionHash(
  (...parts) => {
    const md5 = createHash('md5');
    for (const part of parts) md5.update(part);
    return new Uint8Array(md5.digest());
  },
  fromHex('8001020304050607'),
  fromHex('640a06435c7c4b31'),
);
const capturedResponder = { ip: '192.168.0.2', port: 500 };
const capturedInitiator = { ip: '93.184.216.34', port: 55044 };

test('captured NAT-D of an Openswan initiator shows it behind NAT', () => {
  const received = ['aa5b8bc1f9fc616bed1ca429491500ca', '4c7663df1a9c8855cff61737059d5050'].map(fromHex);
  expect(detectNat(captured, received, capturedResponder, capturedInitiator)).toEqual({
    localBehindNat: false,
    peerBehindNat: true,
  });
});

test('the answer captured from an Openswan responder is what this stack would send', () => {
  expect(natDetectionToSend(captured, capturedResponder, capturedInitiator).map(hex)).toEqual([
    '1c611296eb162d56d498f1a01bb04390',
    'aa5b8bc1f9fc616bed1ca429491500ca',
  ]);
});

test('more than two: a match among the later ones, wherever it stands, and none among them', () => {
  const others = ['10.0.0.1', '10.0.0.2', '10.0.0.3'].map((ip) => hash({ ip, port: 500 }));
  const [first = new Uint8Array(), own = new Uint8Array()] = natDetectionToSend(hash, inside, responder);
  for (const place of [0, 1, 2, 3]) {
    const later = others.toSpliced(place, 0, own);
    expect(detectNat(hash, [first, ...later], responder, inside)).toMatchObject({ peerBehindNat: false });
  }
  expect(detectNat(hash, [first, ...others], responder, inside)).toMatchObject({ peerBehindNat: true });
});

test('in the wrong order, as Mac OS X sends them under the unnumbered revision, they say the same', () => {
  const see = (from: typeof inside, to: typeof inside, received: Uint8Array[]) =>
    detectNat(hash, received, to, from, 'own-first');
  const sent = natDetectionToSend(hash, inside, responder, 'own-first');
  expect(sent.map(hex)).toEqual(natDetectionToSend(hash, inside, responder).map(hex).reverse());
  expect(see(inside, responder, sent)).toEqual({ localBehindNat: false, peerBehindNat: false });
  expect(see(outside, responder, sent)).toEqual({ localBehindNat: false, peerBehindNat: true });
  expect(see(inside, { ip: '10.1.0.1', port: 500 }, sent)).toEqual({
    localBehindNat: true,
    peerBehindNat: false,
  });
  // A peer that has repaired its order is understood as well.
  const repaired = natDetectionToSend(hash, inside, responder);
  expect(see(outside, responder, repaired)).toEqual({ localBehindNat: false, peerBehindNat: true });
});

test('in the wrong order under any revision: no NAT is seen as no NAT, and a NAT is not overlooked', () => {
  const sent = natDetectionToSend(hash, inside, responder, 'own-first');
  expect(detectNat(hash, sent, responder, inside)).toEqual({ localBehindNat: false, peerBehindNat: false });
  expect(detectNat(hash, sent, responder, outside)).toMatchObject({ peerBehindNat: true });
});

test('equal private addresses at both ends are no wrong order', () => {
  // Each at 192.168.1.10 behind a NAT of its own; what the responder has is also the initiator's own.
  const received = natDetectionToSend(hash, inside, responder);
  expect(detectNat(hash, received, inside, outside)).toEqual({ localBehindNat: true, peerBehindNat: true });
});

test('a disguised source is seen as a NAT, and never a disguised destination', () => {
  const disguise = new Uint8Array(20).fill(1);
  const sent = natDetectionToSend(hash, inside, responder, 'peer-first', disguise);
  expect(detectNat(hash, sent, responder, inside)).toEqual({ localBehindNat: false, peerBehindNat: true });
});

test('a payload of another length than the hash matches nothing', () => {
  const [ours = new Uint8Array(), theirs = new Uint8Array()] = natDetectionToSend(hash, inside, responder);
  for (const cut of [
    theirs.subarray(1),
    theirs.subarray(0, 19),
    Uint8Array.of(...theirs, 0),
    new Uint8Array(),
  ]) {
    expect(detectNat(hash, [ours, cut], responder, inside)).toMatchObject({ peerBehindNat: true });
  }
});
