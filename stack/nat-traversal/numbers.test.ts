import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { chooseRevision, commonRevisions, everyRevision, revisionNumbers } from './numbers.ts';

const vendorIdOf = (revision: keyof typeof revisionNumbers) => revisionNumbers[revision].vendorId;
const earliest = ['draft-00', 'draft-01'] as const;
const latest = ['draft-04', 'draft-05', 'draft-06', 'draft-07', 'draft-08', 'apple'] as const;

test('the vendor ids are the MD5 of the documents names', () => {
  const md5 = (text: string) => createHash('md5').update(text).digest('hex');
  expect(vendorIdOf('rfc3947')).toBe(md5('RFC 3947'));
  expect(vendorIdOf('draft-02n')).toBe(md5('draft-ietf-ipsec-nat-t-ike-02\n'));
  const numbered = everyRevision.filter((revision) => /^draft-\d\d$/.test(revision));
  expect(numbered).toHaveLength(9);
  for (const revision of numbered)
    expect(vendorIdOf(revision)).toBe(md5(`draft-ietf-ipsec-nat-t-ike-${revision.slice(-2)}`));
  // The document's name without a number, which no published draft has (field facts A1).
  expect(vendorIdOf('apple')).toBe(md5('draft-ietf-ipsec-nat-t-ike'));
});

test('payload and attribute numbers are those of RFC 3947 and of [MS-IKEE] 2.2.1 and 2.2.2', () => {
  expect(revisionNumbers.rfc3947).toMatchObject({ natD: 20, natOa: 21, udpTunnel: 3, udpTransport: 4 });
  for (const revision of ['draft-02', 'draft-02n', 'draft-03'] as const) {
    expect(revisionNumbers[revision]).toMatchObject({
      natD: 130,
      natOa: 131,
      udpTunnel: 61443,
      udpTransport: 61444,
      floats: true,
    });
  }
});

// Field facts A2, from racoon and from Apple's copy of it.
test('drafts 00 and 01 have the numbers of draft 02 and stay on port 500', () => {
  for (const revision of earliest) {
    const { vendorId, ...numbers } = revisionNumbers['draft-02'];
    expect(revisionNumbers[revision]).toMatchObject({ ...numbers, floats: false });
  }
});

test('drafts 04 to 08 have the modes of the RFC under payloads 15 and 16, the Apple one no NAT-OA', () => {
  for (const revision of latest) {
    expect(revisionNumbers[revision]).toMatchObject({
      natD: 15,
      udpTunnel: 3,
      udpTransport: 4,
      floats: true,
    });
    expect(revisionNumbers[revision].natOa).toBe(revision === 'apple' ? undefined : 16);
  }
  expect(everyRevision.filter((revision) => revisionNumbers[revision].natDOrder === 'own-first')).toEqual([
    'apple',
  ]);
});

test('the best revision that both sides name is chosen: RFC 3947 whatever the order', () => {
  const rfc = vendorIdOf('rfc3947');
  const draft = vendorIdOf('draft-02n');
  expect(chooseRevision(['draft-02n', 'rfc3947'], [draft, rfc])).toBe('rfc3947');
  expect(chooseRevision(['rfc3947', 'draft-02n'], [draft])).toBe('draft-02n');
  expect(chooseRevision(['draft-02n'], [rfc, draft])).toBe('draft-02n');
  expect(chooseRevision(['draft-02n'], [rfc])).toBeUndefined();
  expect(chooseRevision([], [rfc, draft])).toBeUndefined();
});

test('among the drafts the own order decides', () => {
  const named = everyRevision.map(vendorIdOf);
  expect(commonRevisions(['draft-08', 'draft-03', 'rfc3947', 'draft-02'], named)).toEqual([
    'rfc3947',
    'draft-08',
    'draft-03',
    'draft-02',
  ]);
  expect(chooseRevision(['draft-03', 'draft-08'], named)).toBe('draft-03');
});
