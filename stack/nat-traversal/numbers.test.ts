import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { chooseRevision, revisionNumbers } from './numbers.ts';

test('the vendor ids are the MD5 of the documents names', () => {
  const md5 = (text: string) => createHash('md5').update(text).digest('hex');
  expect(revisionNumbers.rfc3947.vendorId).toBe(md5('RFC 3947'));
  expect(revisionNumbers['draft-02n'].vendorId).toBe(md5('draft-ietf-ipsec-nat-t-ike-02\n'));
});

test('payload and attribute numbers are those of RFC 3947 and of [MS-IKEE] 2.2.1 and 2.2.2', () => {
  expect(revisionNumbers.rfc3947).toMatchObject({ natD: 20, natOa: 21, udpTunnel: 3, udpTransport: 4 });
  expect(revisionNumbers['draft-02n']).toMatchObject({
    natD: 130,
    natOa: 131,
    udpTunnel: 61443,
    udpTransport: 61444,
  });
});

test('the best revision that both sides name is chosen, whatever the order', () => {
  const rfc = revisionNumbers.rfc3947.vendorId;
  const draft = revisionNumbers['draft-02n'].vendorId;
  expect(chooseRevision(['draft-02n', 'rfc3947'], [draft, rfc])).toBe('rfc3947');
  expect(chooseRevision(['rfc3947', 'draft-02n'], [draft])).toBe('draft-02n');
  expect(chooseRevision(['draft-02n'], [rfc, draft])).toBe('draft-02n');
  expect(chooseRevision(['draft-02n'], [rfc])).toBeUndefined();
  expect(chooseRevision([], [rfc, draft])).toBeUndefined();
});
