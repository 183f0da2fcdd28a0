import { expect, test } from 'vitest';
import { type Cell, cell } from '../../cell.ts';
import { loadTopology } from '../../topologies.ts';
import type { CellSettings } from '../peer.ts';
import { exampleSettings } from '../testing/settings.ts';
import { libreswanFiles } from './ipsec-conf.ts';
import { type Release, release4, release5 } from './release.ts';

interface Case {
  readonly topology?: string;
  readonly values?: Partial<Cell>;
  readonly changed?: Partial<CellSettings>;
  readonly release?: Release;
}

function files(role: 'client' | 'responder', given: Case = {}) {
  const { values = {}, changed = {}, release = release4 } = given;
  const topology = loadTopology(given.topology ?? 'direct');
  const settings = { ...exampleSettings(topology.dial), clientPreSharedKey: 'other', ...changed };
  const plan = { role, cell: cell(topology.name, values), settings };
  const [conf, secrets] = libreswanFiles(release, topology, plan);
  return { conf: conf?.text ?? '', secrets: secrets?.text ?? '' };
}

test('a responder waits for anybody, with its own key, for L2TP alone', () => {
  const { conf, secrets } = files('responder');
  for (const line of ['right=%any', 'rightprotoport=17/%any', 'leftprotoport=17/1701', 'type=transport']) {
    expect(conf).toContain(`\n  ${line}\n`);
  }
  expect(conf).not.toContain('rightid');
  expect(secrets).toBe(': PSK "abc123"\n');
});

test("a client dials, with the client's key and port", () => {
  const { conf, secrets } = files('client', { changed: { l2tpPort: 17011 } });
  for (const line of ['right=198.18.2.10', 'rightprotoport=17/1701', 'leftprotoport=17/17011']) {
    expect(conf).toContain(`\n  ${line}\n`);
  }
  expect(secrets).toBe(': PSK "other"\n');
});

// Addresses from the topology files: the responder's on the way to the client.
test.each([
  ['direct', {}, '198.18.2.10'],
  ['hotel-nat', {}, '198.18.2.10'],
  ['office-nat', {}, '10.0.0.2'],
  ['both-nat', {}, '10.0.0.2'],
  ['office-nat', { responder: 'softether' }, '0x00000000'],
])('in %s with %j a client expects %s', (topology, values, identity) => {
  expect(files('client', { topology, values }).conf).toContain(`\n  rightid=${identity}\n`);
});

test("the responder's axes are the responder's; the default leaves DES out", () => {
  const values = { p1: '3des-sha1-modp1536+aes128-sha1-modp2048', p2: '2-1' };
  expect(files('responder', { values }).conf).toContain('\n  ike=3des-sha1;modp1536,aes128-sha1;modp2048\n');
  expect(files('responder', { values }).conf).toContain('\n  esp=3des-md5,3des-sha1\n');
  expect(files('client', { values })).toEqual(files('client'));
  expect(files('responder').conf).toContain('\n  esp=3des-sha1,3des-md5\n');
});

test.each([
  ['both', 'both', 'both'],
  ['client-off', 'none', 'both'],
  ['responder-off', 'both', 'none'],
  ['off', 'none', 'none'],
] as const)('natt=%s: NAT-T %s at a client, %s at a responder', (natt, client, responder) => {
  const values = { natt };
  expect(files('client', { values }).conf).toContain(`\n  nat-ikev1-method=${client}\n`);
  expect(files('responder', { values }).conf).toContain(`\n  nat-ikev1-method=${responder}\n`);
});

test('each release is told in its own words to speak IKEv1', () => {
  expect(files('client').conf).toContain('\n  ikev2=no\n');
  expect(files('client', { release: release5 }).conf).toContain('\n  keyexchange=ikev1\n');
});

test('pluto gives up as much sooner as timers are shortened', () => {
  expect(files('client', { changed: { timerFactor: 0.25 } }).conf).toContain('\n  retransmit-timeout=15s\n');
});

test('an end replaces SAs where the cell says so; a responder does not of itself', () => {
  const lifetimes = {
    phase1Seconds: 12,
    phase2Seconds: 9,
    marginSeconds: 4,
    replacedBy: 'responder',
  } as const;
  const lines = ['ikelifetime=12s', 'salifetime=9s', 'rekeymargin=4s', 'rekeyfuzz=0%'];
  for (const [role, rekey] of [
    ['client', 'no'],
    ['responder', 'yes'],
  ] as const) {
    const { conf } = files(role, { changed: { lifetimes } });
    for (const line of [...lines, `rekey=${rekey}`]) expect(conf).toContain(`\n  ${line}\n`);
  }
  expect(files('responder').conf).toContain('\n  rekey=no\n');
  expect(files('client').conf).not.toContain('rekey');
});

test('a group of an elliptic curve is named by its number', () => {
  expect(files('responder', { values: { p1: 'aes256-sha384-ecp384+aes128-sha256-ecp256' } }).conf).toContain(
    '\n  ike=aes256-sha384;dh20,aes128-sha256;dh19\n',
  );
});
