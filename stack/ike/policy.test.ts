import { expect, test } from 'vitest';
import type { IpsecPolicy } from './config.ts';
import { findPolicy } from './policy.ts';

const lport: IpsecPolicy = { name: 'lport', protocol: 17, localPort: 1701, proposals: [] };
const rport: IpsecPolicy = { name: 'rport', protocol: 17, peerPort: 1701, proposals: [] };
const udp = (port: number) => ({ ip: '198.18.0.1', protocol: 17, port });

// The rule table: PORT-1 to PORT-5. Legacy client: IDci 1701, IDcr any. Updated client: IDci any or 1701, IDcr 1701.
test.each([
  ['PORT-1 lport, updated client, any to 1701', lport, udp(0), udp(1701), 'lport'],
  ['PORT-1 lport, updated client, 1701 to 1701', lport, udp(1701), udp(1701), 'lport'],
  ['PORT-2 rport, updated client, any to 1701', rport, udp(0), udp(1701), undefined],
  ['PORT-3 rport, legacy client', rport, udp(1701), udp(0), 'rport'],
  ['PORT-4 lport, legacy client', lport, udp(1701), udp(0), undefined],
  ['PORT-5 rport, 1701 to 1701 (disputed; exact comparison takes it)', rport, udp(1701), udp(1701), 'rport'],
])('%s', (_, policy, idci, idcr, expected) => {
  expect(findPolicy([policy], idci, idcr)?.name).toBe(expected);
});

test("the protocol must be the policy's on both sides, and 0 takes any", () => {
  const tcp = { ...udp(1701), protocol: 6 };
  expect(findPolicy([lport], tcp, udp(1701))).toBeUndefined();
  expect(findPolicy([lport], udp(1701), tcp)).toBeUndefined();
  expect(findPolicy([{ name: 'all', protocol: 0, proposals: [] }], tcp, udp(9))?.name).toBe('all');
});

test('the first policy that takes it decides', () => {
  expect(findPolicy([rport, lport], udp(1701), udp(1701))?.name).toBe('rport');
});
