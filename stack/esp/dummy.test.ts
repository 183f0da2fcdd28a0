import { expect, test } from 'vitest';
import { fromHex } from '../octets.ts';
import { noNextHeader } from './packet.ts';
import { counter, sequenceNumber } from './record.ts';
import { allAlgorithms, newSa, opened, sealed } from './testing/sealed.ts';

test('a dummy packet is made and told apart by next header 59, and counted apart (RFC 4303 2.6)', () => {
  for (const algorithms of allAlgorithms) {
    const [sender, receiver] = [newSa(algorithms), newSa(algorithms)];
    // Its payload need not be well-formed.
    const dummy = sealed(sender, fromHex('ffffffffffff'), noNextHeader);
    expect(opened(receiver, dummy)).toMatchObject({ nextHeader: 59 });
    for (const { record } of [sender, receiver]) {
      expect(counter(record, 'dummies')).toBe(1);
      expect(counter(record, 'packets')).toBe(0);
      expect(counter(record, 'octets')).toBe(0);
      expect(sequenceNumber(record)).toBe(1);
    }
  }
});

test('a dummy packet is replayed, forged and padded badly like any other', () => {
  const [sender, receiver] = [newSa(), newSa()];
  const dummy = sealed(sender, fromHex('00'), noNextHeader);
  const forged = Uint8Array.from(dummy);
  forged[20] = (forged[20] ?? 0) ^ 1;
  expect(opened(receiver, forged)).toBe('bad-icv');
  expect(opened(receiver, dummy)).toMatchObject({ nextHeader: 59 });
  expect(opened(receiver, dummy)).toBe('replayed');
  expect(counter(receiver.record, 'dummies')).toBe(1);
});
