import { expect, test } from 'vitest';
import { everyRevision, otherEncapsulation, revisionNumbers } from './numbers.ts';

// RFC 3947 5.1 assigns 3 and 4; the early drafts took 61443 and 61444 of the private range.
test('each revision has one pair of numbers, and the other one is the other pair', () => {
  const pairs = everyRevision.map((revision) => {
    const { udpTunnel, udpTransport } = revisionNumbers[revision];
    const other = otherEncapsulation(revision);
    return [udpTunnel, udpTransport, other.udpTunnel, other.udpTransport].join(' ');
  });
  expect(new Set(pairs)).toEqual(new Set(['3 4 61443 61444', '61443 61444 3 4']));
  expect(otherEncapsulation('rfc3947')).toMatchObject({ udpTransport: 61_444 });
  expect(otherEncapsulation('draft-02n')).toMatchObject({ udpTransport: 4 });
});
