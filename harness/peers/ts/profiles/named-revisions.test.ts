import { expect, test } from 'vitest';
import { namingRevisions } from './named-revisions.ts';
import { loadResponderProfile } from './responder-profile.ts';

test('a cell that says nothing leaves a responder what it names itself', () => {
  const profile = loadResponderProfile('setup-ipsec-vpn');
  expect(namingRevisions(profile, { revision: 'own' })).toEqual(profile);
});

test('a responder names the revisions of the cell, in its order, and announces no other', () => {
  const profile = loadResponderProfile('setup-ipsec-vpn');
  const { natTraversal, vendorIds } = namingRevisions(profile, { revision: 'draft-02+rfc3947' });
  expect(natTraversal.value).toEqual(['draft-02', 'rfc3947']);
  expect(vendorIds.value).not.toContain('draft-03');
  // What announces no NAT-T stays.
  const others = profile.vendorIds.value.filter((name) => !/^(rfc3947|draft-)/.test(name));
  expect(vendorIds.value).toEqual(expect.arrayContaining(others));
});
