import { expect, test } from 'vitest';
import { type Cell, cell } from '../../cell.ts';
import { tsDriver } from './driver.ts';

const plain = { responder: 'ts:plain' };
const declined = (values: Parameters<typeof cell>[1], role: 'client' | 'responder' = 'responder') =>
  tsDriver.unsupported(cell('direct', values), role);

test('each responder declares its own limits: a script names one transform, a profile any that the stack speaks', () => {
  expect(declined({ p1: 'aes256-sha256-modp2048' })).toContain('sha256');
  expect(declined({ ...plain, p1: 'aes256-sha256-modp2048+3des-sha1-modp1024' })).toBeUndefined();
  // RFC 3526 has group 18, and the stack has not.
  expect(declined({ ...plain, p1: '3des-sha1-modp8192' })).toContain('3des-sha1-modp8192');
  expect(declined({ ...plain, p1: '3des-sha1-modp1024+' })).toContain('(none)');
});

test("the port setting is the script's alone", () => {
  expect(declined({ ports: 'rport' })).toBeUndefined();
  expect(declined({ ...plain, ports: 'rport' })).toContain('port setting');
  expect(declined({ ...plain, ports: 'rport' }, 'client')).toBeUndefined();
});

test('a client without IPsec has one port, and no IKE to misbehave with', () => {
  const clear = { client: 'ts:without-ipsec' };
  expect(declined(clear, 'client')).toBeUndefined();
  expect(declined({ ...clear, sourceport: 'distinct' }, 'client')).toContain('from port 1701');
  expect(declined({ ...clear, impair: 'wrong-hash' }, 'client')).toContain('no IKE that could misbehave');
  expect(
    declined({ client: 'ts:plain', sourceport: 'distinct', impair: 'wrong-hash' }, 'client'),
  ).toBeUndefined();
});

test('a responder is a responder profile, and none other', () => {
  expect(declined({ responder: 'ts:windows-xp-sp2' })).toBe('there is no responder profile "windows-xp-sp2"');
  expect(declined({ responder: 'ts' })).toContain('no responder profile');
});

test('clients with one name at one address are told apart by NAT traversal alone', () => {
  const two = { client: 'ts:android-identifier', clients: 2 } as const;
  const why = (values: Partial<Omit<Cell, 'topology'>>, topology = 'shared-nat') =>
    tsDriver.unsupported(cell(topology, { ...two, ...values }), 'responder');
  expect(why({ natt: 'client-off' })).toContain('one peer to our responder');
  expect(why({})).toBeUndefined();
  expect(why({ natt: 'client-off', clients: 1 })).toBeUndefined();
  expect(why({ natt: 'client-off', client: 'ts:windows-7' })).toBeUndefined();
  // Each comes from an address of its own.
  expect(why({ natt: 'client-off' }, 'sales-people')).toBeUndefined();
});
