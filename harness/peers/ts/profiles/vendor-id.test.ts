import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { revisionNumbers } from '../../../../stack/nat-traversal/numbers.ts';
import { vendorIdName, vendorIds, vendorIdsOf } from './vendor-id.ts';

test.each(Object.entries(vendorIds))('%s begins with the MD5 of its text', (name, { hex, md5Of }) => {
  // [MS-IKEE]: KEY_MODS is the one whose octets are not the MD5 of the name that the document gives.
  if (md5Of === undefined) return expect(name).toBe('ms-key-mods-authip');
  const digest = createHash('md5').update(md5Of).digest('hex');
  // RFC 3706 5.1 and Cisco Unity: the last two octets are a version; XAUTH is cut at eight octets.
  const kept = { dpd: 28, 'cisco-unity': 28, xauth: 16 }[name] ?? 32;
  expect(hex.slice(0, kept)).toBe(digest.slice(0, kept));
});

test('an id that announces a revision has the octets that the stack looks for', () => {
  for (const [revision, { vendorId }] of Object.entries(revisionNumbers)) {
    expect(vendorIds[revision]?.hex).toBe(vendorId);
  }
});

test('an end without NAT traversal leaves the ids that announce it out, and keeps the order of the others', () => {
  const names = ['ms-nt5-4', 'ms-fragmentation', 'draft-02n', 'ms-vid-initial-contact'];
  expect(vendorIdsOf(names, true)).toHaveLength(4);
  expect(vendorIdsOf(names, false)).toEqual([
    '1e2b516905991c7d7c96fcbfb587e46100000004',
    '4048b7d56ebce88525e7de7f00d6c2d3',
    '26244d38eddb61b3172a36e3d0cfb819',
  ]);
});

test('a name that is in no list is refused with the nearest', () => {
  expect(vendorIdName.safeParse('ms-nt5-9').success).toBe(true);
  const refused = vendorIdName.safeParse('ms-nt5-99');
  expect(refused.error?.issues[0]?.message).toContain(
    'there is no vendor id "ms-nt5-99". Did you mean ms-nt5-9',
  );
  expect(vendorIdName.safeParse('toString').success).toBe(false);
});
