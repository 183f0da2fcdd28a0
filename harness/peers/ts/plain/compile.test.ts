import { expect, test } from 'vitest';
import { type Cell, cell } from '../../../cell.ts';
import { loadTopology } from '../../../topologies.ts';
import { exampleSettings } from '../../testing/settings.ts';
import { firewallRules } from '../forwarding.ts';
import { loadPlainProfile } from '../profiles/responder-profile.ts';
import { phase1Text, phase2Text } from '../transform-text.ts';
import { compilePlainEndpoint, compilePlainHost } from './compile.ts';

const profile = loadPlainProfile('plain');
const settings = exampleSettings('198.18.2.10');

const compiled = (values: Partial<Cell> = {}, topology = 'office-nat') =>
  compilePlainEndpoint(
    profile,
    cell(topology, { responder: 'ts:plain', ...values }),
    loadTopology(topology),
    settings,
  );
const phase1 = (values: Partial<Cell>) => compiled(values).ike.phase1.map(phase1Text);
const phase2 = (values: Partial<Cell>) =>
  compiled(values).ike.policies.flatMap(({ proposals }) => proposals.map(phase2Text));

test('office-nat: the addresses of the topology, and the callers, pool and name server of its office', () => {
  const { localAddress, ppp, users, pool } = compiled();
  expect(localAddress).toBe('10.0.0.2');
  expect(ppp).toMatchObject({ localAddress: '192.168.2.1', dns: ['192.168.2.10'] });
  // The AlliedWare How-To: add user=dialin1 password=friend1 ip=192.168.8.50, and the example of a pool.
  expect(users).toEqual([{ name: 'dialin1', password: 'friend1', address: '192.168.8.50' }]);
  expect(pool).toEqual({ first: '192.168.8.1', last: '192.168.8.254' });
  expect(compiled({}, 'direct').localAddress).toBe('198.18.2.10');
});

test('the office knows another password than a client whose own is wrong', () => {
  expect(compiled({ password: 'wrong' }).users[0]?.password).not.toBe(settings.password);
});

test('where the cell names none it takes every transform that the stack has, single DES after all others', () => {
  const hashes = ['sha512', 'sha384', 'sha256', 'sha1', 'md5'];
  const ciphers = ['aes256', 'aes192', 'aes128', '3des', 'des'];
  const pairs = ciphers.flatMap((cipher) => hashes.map((hash) => `${cipher}-${hash}`));
  // RFC 2409 6.1 and 6.2, RFC 3526, RFC 5903.
  const groups = ['modp768', 'modp1024', 'modp1536', 'modp2048', 'modp3072', 'modp4096', 'ecp256', 'ecp384'];
  const all = groups.flatMap((group) => pairs.map((pair) => `${pair}-${group}`));
  expect(phase1({}).toSorted()).toEqual(all.toSorted());
  const counter = ['aes128ctr', 'aes192ctr', 'aes256ctr'].flatMap((one) =>
    hashes.map((hash) => `${one}-${hash}`),
  );
  const combined = ['aes128gcm16', 'aes192gcm16', 'aes256gcm16'];
  expect(phase2({}).toSorted()).toEqual([...pairs, ...counter, ...combined].toSorted());
  for (const order of [phase1({}), phase2({})]) {
    const weak = order.map((text) => text.startsWith('des-'));
    expect(weak.lastIndexOf(false)).toBeLessThan(weak.indexOf(true));
  }
});

test('the cell names transforms of phase 1, and SA specifications of the How-To, in its order', () => {
  expect(phase1({ p1: 'des-md5-modp768+aes128-sha256-modp2048' })).toEqual([
    'des-md5-modp768',
    'aes128-sha256-modp2048',
  ]);
  expect(phase2({ p2: '4-1' })).toEqual(['des-md5', '3des-sha1']);
});

test('quick mode is for port 1701 here and any port there, and L2TP comes out of IPsec or not at all', () => {
  const { ike, admission, clearPolicies } = compiled();
  expect(ike.policies).toMatchObject([{ protocol: 17, localPort: 1701 }]);
  expect(ike.policies[0]).not.toHaveProperty('peerPort');
  expect(admission.map(({ address, port, onlyFromIpsec }) => [address, port, onlyFromIpsec])).toEqual([
    ['10.0.0.2', 500, false],
    ['10.0.0.2', 4500, false],
    ['10.0.0.2', 1701, true],
  ]);
  expect(clearPolicies.map(({ localPort }) => localPort)).toEqual([500, 4500]);
});

test('NAT-T off at the responder leaves no vendor id of it', () => {
  expect(compiled().ike.natTraversal).toEqual(['rfc3947', 'draft-02n']);
  for (const natt of ['responder-off', 'off'] as const) {
    expect(compiled({ natt }).ike).toMatchObject({ natTraversal: [], vendorIds: [] });
  }
});

test('what it cannot play it refuses to be set up for', () => {
  expect(() => compiled({ ports: 'rport' })).toThrow(/port setting is AlliedWare's/);
  expect(() => compiled({ p1: '3des-sha1-modp1024+3des-sha1-modp8192' })).toThrow(/3des-sha1-modp8192/);
});

test('the host forwards between tunnel and office, and lets no address of a caller outside', () => {
  const host = compilePlainHost(loadTopology('office-nat'));
  expect(firewallRules(host, 'tun0').split('\n')).toEqual([
    '*filter',
    ':FORWARD DROP [0:0]',
    '-A FORWARD -m iprange --dst-range 192.168.8.1-192.168.8.254 ! -o tun0 -j DROP',
    '-A FORWARD -m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT',
    '-A FORWARD -i office -j ACCEPT',
    '-A FORWARD -i tun0 -j ACCEPT',
    'COMMIT',
    '*mangle',
    ':FORWARD ACCEPT [0:0]',
    '-A FORWARD -i tun0 -o interconn -j MARK --set-mark 1',
    'COMMIT',
    '*nat',
    ':POSTROUTING ACCEPT [0:0]',
    '-A POSTROUTING -o interconn -m mark --mark 1 -j MASQUERADE',
    'COMMIT',
    '',
  ]);
});
