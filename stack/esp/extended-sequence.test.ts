import { expect, test } from 'vitest';
import { fromHex } from '../octets.ts';
import type { EspAlgorithms } from '../sa.ts';
import { lastSequenceNumber } from './packet.ts';
import { counter, sequenceNumber, setSequenceNumber } from './record.ts';
import { failuresBeforeResynchronisation, upperHalvesTried } from './resynchronisation.ts';
import { newSa, opened, sealed } from './testing/sealed.ts';

const payload = fromHex('0102030405');
const cbc: EspAlgorithms = {
  encryption: 'aes-cbc-128',
  integrity: 'hmac-sha1-96',
  extendedSequenceNumbers: true,
};
const gcm: EspAlgorithms = {
  encryption: 'aes-gcm-16-128',
  integrity: 'none',
  extendedSequenceNumbers: true,
};
const { extendedSequenceNumbers: _, ...plain } = cbc;

/** A sender and a receiver that have come to this number. */
function pairAt(algorithms: EspAlgorithms, sent: number, received = sent) {
  const [sender, receiver] = [newSa(algorithms), newSa(algorithms)];
  setSequenceNumber(sender.record, sent);
  setSequenceNumber(receiver.record, received);
  return { sender, receiver };
}

const lowOf = (packet: Uint8Array) => new DataView(packet.buffer, packet.byteOffset).getUint32(4);

test.each([cbc, gcm])('extended sequence numbers go on across 2^32, in any order: %o', (algorithms) => {
  const { sender, receiver } = pairAt(algorithms, 2 ** 32 - 4);
  const packets = Array.from({ length: 8 }, () => sealed(sender, payload));
  expect(packets.map(lowOf)).toEqual([2 ** 32 - 3, 2 ** 32 - 2, 2 ** 32 - 1, 0, 1, 2, 3, 4]);
  for (const packet of [...packets].reverse()) expect(opened(receiver, packet)).toMatchObject({ payload });
  for (const packet of packets) expect(opened(receiver, packet)).toBe('replayed');
  expect(sequenceNumber(receiver.record)).toBe(2 ** 32 + 4);
});

test.each([cbc, gcm])('the upper half is under the ICV: %o', (algorithms) => {
  const { sender, receiver } = pairAt(algorithms, 5 * 2 ** 32, 2 ** 32);
  expect(opened(receiver, sealed(sender, payload))).toBe('bad-icv');
});

test('both ends must agree on extended numbers, or no packet has an ICV that holds', () => {
  expect(opened(newSa(plain), sealed(newSa(cbc), payload))).toBe('bad-icv');
  expect(opened(newSa(cbc), sealed(newSa(plain), payload))).toBe('bad-icv');
});

test('a loss of 2^32 packets and more is overcome after so many failures in a row (RFC 4303 A3)', () => {
  const { sender, receiver } = pairAt(cbc, 3 * 2 ** 32 + 1000, 2 ** 32 + 1000);
  for (let failed = 1; failed < failuresBeforeResynchronisation; failed += 1) {
    expect(opened(receiver, sealed(sender, payload))).toBe('bad-icv');
  }
  expect(opened(receiver, sealed(sender, payload))).toMatchObject({ payload });
  expect(sequenceNumber(receiver.record)).toBe(sequenceNumber(sender.record));
  expect(opened(receiver, sealed(sender, payload))).toMatchObject({ payload });
});

test('a packet that holds ends the row of failures (RFC 4303 A3.1)', () => {
  const lost = pairAt(cbc, 2 ** 33 + 1000, 2 ** 32 + 1000);
  const alive = pairAt(cbc, 2 ** 32 + 1000).sender;
  for (let failed = 1; failed < 3 * failuresBeforeResynchronisation; failed += 1) {
    expect(opened(lost.receiver, sealed(lost.sender, payload))).toBe('bad-icv');
    if (failed % 8 === 0) expect(opened(lost.receiver, sealed(alive, payload))).toMatchObject({ payload });
  }
});

test('what is further ahead than the upper halves tried stays lost, and tries are few (RFC 4303 A3.2)', () => {
  const { sender, receiver } = pairAt(cbc, (2 + upperHalvesTried) * 2 ** 32 + 1000, 2 ** 32 + 1000);
  let computed = 0;
  const counting = {
    ...receiver,
    crypto: {
      ...receiver.crypto,
      open: (...packet: Parameters<typeof receiver.crypto.open>) => {
        computed += 1;
        return receiver.crypto.open(...packet);
      },
    },
  };
  for (let failed = 0; failed < failuresBeforeResynchronisation; failed += 1) {
    expect(opened(counting, sealed(sender, payload))).toBe('bad-icv');
  }
  expect(computed).toBe(failuresBeforeResynchronisation + upperHalvesTried);
  expect(counter(receiver.record, 'badIcv')).toBe(failuresBeforeResynchronisation);
});

test('without extended numbers nothing is tried again', () => {
  const { sender, receiver } = pairAt(plain, 1000, 1000);
  const forged = sealed(sender, payload);
  forged[forged.length - 1] = (forged.at(-1) ?? 0) ^ 1;
  for (let failed = 0; failed < 2 * failuresBeforeResynchronisation; failed += 1) {
    expect(opened(receiver, forged)).toBe('bad-icv');
  }
});

test('an extended number does not cycle either, and ends far below 2^64 (RFC 4303 3.3.3)', () => {
  const { sender } = pairAt(cbc, Number.MAX_SAFE_INTEGER - 1);
  expect(lastSequenceNumber(sender)).toBe(Number.MAX_SAFE_INTEGER);
  expect(lowOf(sealed(sender, payload))).toBe(0xffffffff);
  expect(() => sealed(sender, payload)).toThrow('sequence-exhausted');
});

test('the IV of a counter mode is the sequence number, and so never comes twice (RFC 3686 2.1, 4106 3.1)', () => {
  const { sender } = pairAt(gcm, 7 * 2 ** 32 - 2);
  const ivs = [1, 2, 3].map(() => {
    const packet = sealed(sender, payload);
    return new DataView(packet.buffer, packet.byteOffset).getBigUint64(8);
  });
  const two32 = 2n ** 32n;
  expect(ivs).toEqual([7n * two32 - 1n, 7n * two32, 7n * two32 + 1n]);
});
