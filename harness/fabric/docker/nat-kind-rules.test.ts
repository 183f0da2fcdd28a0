import { expect, test } from 'vitest';
import { loadNatKind } from '../../nat-kinds.ts';
import { networkSettings } from '../../network-settings.ts';
import { loadTopology } from '../../topologies.ts';
import { beyondContainers, insideHostOf, natVersions, realisation } from './nat-kind-rules.ts';

const how = (kind: string, hosts = 1) => realisation(loadNatKind(kind), hosts).how;

test('what netfilter is by itself it is for any number of hosts', () => {
  for (const kind of [
    'linux',
    'linux-esp',
    'symmetric',
    'port-restricted',
    'short-timeout',
    'very-short-timeout',
  ]) {
    expect([how(kind), how(kind, 2)]).toEqual(['exact', 'exact']);
  }
});

test('wider filtering, pass-through and helpers are approximated for one host, and refused for more', () => {
  for (const kind of [
    'full-cone',
    'address-restricted',

    'esp-passthrough',
    'ike-helper',
  ]) {
    expect([how(kind), how(kind, 2)]).toEqual(['approximated', 'unavailable']);
  }
});

test('what netfilter cannot be is said in words', () => {
  const why = (kind: string) => realisation(loadNatKind(kind), 1);
  expect(why('carrier-grade')).toMatchObject({
    why: expect.stringContaining('no mapping that is endpoint-independent where ports are random'),
  });
  expect(why('hairpin')).toMatchObject({
    why: expect.stringContaining('renews its timers by packets of either'),
  });
  expect(why('symmetric-sequential')).toMatchObject({ why: expect.stringContaining('by chance') });
});

test('only a box beside the clients has as many inside hosts as there are clients', () => {
  const beyond = (name: string, nat: string, clients: number) => {
    const topology = loadTopology(name);
    return beyondContainers(topology, networkSettings(topology, nat), clients);
  };
  expect(beyond('shared-nat', 'full-cone', 1)).toBeUndefined();
  expect(beyond('shared-nat', 'full-cone', 2)).toMatch(
    /^hotel-nat cannot be full-cone in containers: .* there are 2$/,
  );
  expect(beyond('both-nat', 'office-nat:full-cone', 1)).toBeUndefined();
  // One stands behind each.
  expect(beyond('sales-people', 'full-cone', 5)).toBeUndefined();
});

test('wires that lose packets are for the embedded fabric alone, others need the kernel to have netem', () => {
  const topology = loadTopology('hotel-nat');
  const beyond = (nat: string) => beyondContainers(topology, networkSettings(topology, nat), 1);
  expect(beyond('lossy')).toMatch(/^internet cannot lose packets/);
  for (const nat of ['jittery', 'narrow', 'small-mtu', 'black-hole', 'fragment-dropping']) {
    expect(beyond(nat)).toBeUndefined();
  }
});

test('the inside host of a box is its neighbour away from its outside', () => {
  const topology = loadTopology('both-nat');
  expect(insideHostOf(topology, 'hotel-nat')).toBe('192.168.1.10');
  expect(insideHostOf(topology, 'office-nat')).toBe('10.0.0.2');
  expect(insideHostOf(loadTopology('sales-people'), 'fair-nat')).toBe('192.168.1.10');
});

test('a record names every box that is not the usual one, and by which means', () => {
  const topology = loadTopology('both-nat');
  const named = (nat: string) => natVersions(topology, networkSettings(topology, nat), 1);
  expect(named('default')).toEqual({});
  expect(named('symmetric')).toEqual({ 'NAT box hotel-nat': 'symmetric' });
  expect(named('office-nat:full-cone')['NAT box office-nat']).toMatch(
    /^full-cone, approximated: for one inside host/,
  );
});
