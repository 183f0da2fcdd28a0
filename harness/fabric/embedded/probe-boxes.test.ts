import { expect, test } from 'vitest';
import type { NatKind } from '../../nat-kind.ts';
import { loadNatKind, natKindNames } from '../../nat-kinds.ts';
import { type NetworkSettings, natValues, networkSettings } from '../../network-settings.ts';
import { loadTopology, topologyNames } from '../../topologies.ts';
import { filterProbe } from '../probe/filter-probe.ts';
import { natProbe } from '../probe/nat-probe.ts';
import { probeSite } from '../probe/probe-site.ts';
import { misbehaving, plannedProbes } from '../probe/probes.ts';
import { EmbeddedNetwork } from './embedded-network.ts';
import { probeBox, probeEmbeddedBoxes } from './probe-boxes.ts';

const topology = loadTopology('hotel-nat');

/** Probes a box that behaves as `is` where `declared` is what it says of itself. */
function probed(declared: NatKind, is: NatKind): string[] {
  const at = (kind: NatKind): NetworkSettings => ({
    ...networkSettings(topology, 'default'),
    nats: { 'hotel-nat': { outside: 'access', forwards: [], kind } },
  });
  const nat = { outside: 'access', forwards: [], kind: declared };
  const site = {
    ...probeSite(topology, 'hotel-nat', nat),
    nat,
    insideHosts: 2,
    timers: 'by-waiting' as const,
  };
  const network = new EmbeddedNetwork(topology, at(is), 'seed');
  return probeBox(network, site, natProbe(site)).map(({ property }) => property);
}

test.each(natKindNames())('%s has every property that it declares', (name) => {
  expect(probed(loadNatKind(name), loadNatKind(name))).toEqual([]);
});

// Every property, changed alone, is found by its own question.
const full = loadNatKind('full-cone');
const symmetric = loadNatKind('symmetric');
test.each<[property: string, declared: NatKind, is: Partial<NatKind>]>([
  ['mapping', { ...full, ports: 'random' }, { mapping: 'address-dependent' }],
  ['mapping', full, { mapping: 'address-dependent' }],
  ['filtering', full, { filtering: 'address-dependent' }],
  ['filtering', full, { filtering: 'address-and-port-dependent' }],
  ['filtering', loadNatKind('port-restricted'), { filtering: 'endpoint-independent' }],
  ['ports', symmetric, { ports: 'sequential' }],
  ['ports', symmetric, { ports: 'preserved' }],
  ['ports', full, { ports: 'random' }],
  ['hairpin', full, { hairpin: true }],
  ['hairpin', loadNatKind('hairpin'), { hairpin: false }],
  ['UDP timer', full, { udpSeconds: 299 }],
  ['UDP timer', full, { udpSeconds: 301 }],
  ['refresh', full, { refresh: 'outbound' }],
  ['refresh', loadNatKind('hairpin'), { refresh: 'either-way' }],
  ['esp', full, { esp: 'out-only' }],
  ['esp', loadNatKind('esp-passthrough'), { esp: 'by-addresses' }],
  ['esp', loadNatKind('linux-esp'), { esp: 'one-host' }],
  ['esp', loadNatKind('esp-out-only'), { esp: 'dropped' }],
  ['ike', loadNatKind('ike-helper'), { ike: 'like-any-udp' }],
  ['ike', loadNatKind('esp-passthrough'), { ike: 'keeps-port-500' }],
  ['fragments', full, { fragments: 'dropped' }],
  ['fragments', symmetric, { fragments: 'dropped' }],
  ['fragments', loadNatKind('fragment-dropping'), { fragments: 'forwarded' }],
])('%s that is another is found', (property, declared, is) => {
  expect(probed(declared, { ...declared, ...is })).toContain(property);
});

test.each(topologyNames())('every box of %s is what it is declared to be, however it is set', (name) => {
  const whole = loadTopology(name);
  for (const nat of natValues(whole)) {
    expect(() => probeEmbeddedBoxes(whole, networkSettings(whole, nat))).not.toThrow();
  }
});

test('a pinhole that leads elsewhere, is missing or is one too many is found', () => {
  const office = loadTopology('office-nat');
  const settings = networkSettings(office, 'default');
  const nat = settings.nats['office-nat'];
  if (!nat) throw new Error('office-nat has no NAT box of its name');
  const found = (told: readonly number[], has: readonly number[]) => {
    const forwards = (ports: readonly number[]) =>
      ports.map((port) => ({ protocol: 'udp' as const, port, to: '10.0.0.2' }));
    const declared = { ...nat, forwards: forwards(told) };
    const site = {
      ...probeSite(office, 'office-nat', declared),
      nat: declared,
      insideHosts: 2,
      timers: 'by-waiting' as const,
    };
    const nats = { 'office-nat': { ...nat, forwards: forwards(has) } };
    const network = new EmbeddedNetwork(office, { ...settings, nats }, 'seed');
    return probeBox(network, site, natProbe(site)).map(({ property }) => property);
  };
  expect(found([500, 4500], [500, 4500])).toEqual([]);
  expect(found([500, 4500], [500])).toEqual(['forward of UDP 4500']);
  expect(found([500], [500, 4500])).toEqual(['UDP 4500 from outside']);
});

test('a permit that is missing, or one too many, is found', () => {
  const gateway = loadTopology('filtering-gateway');
  const found = (told: string, has: string) => {
    const filter = networkSettings(gateway, told).filters.gateway;
    if (!filter) throw new Error('filtering-gateway has no filter of its name');
    const site = { ...probeSite(gateway, 'gateway', filter), filter };
    const network = new EmbeddedNetwork(gateway, networkSettings(gateway, has), 'seed');
    return probeBox(network, site, filterProbe(site)).map(({ property, found: is }) => `${property} ${is}`);
  };
  expect(found('default', 'default')).toEqual([]);
  expect(found('default', 'pinholes')).toEqual(['esp refused']);
  expect(found('tcp-50', 'default')).toEqual(['udp 1701 refused', 'tcp 50 refused', 'esp permitted']);
});

test('a box that is not as declared ends the cell before it begins, with the property by name', () => {
  expect(
    misbehaving(topology, 'hotel-nat', [{ property: 'filtering', declared: 'a', found: 'b' }]),
  ).toMatchObject({
    code: 'broken',
    found: 'filtering is declared a and is b',
  });
});

test('every box of every place is measured, also those that only more clients need', () => {
  const whole = loadTopology('sales-people');
  const settings = networkSettings(whole, 'default');
  const planned = plannedProbes(
    whole,
    settings,
    () => 2,
    () => 'by-waiting',
  );
  expect(planned.map(({ site }) => [site.box, site.inside.segment, site.inside.hosts[0]])).toEqual(
    ['hotel', 'home', 'cafe', 'airport', 'fair'].map((place) => [`${place}-nat`, place, '192.168.1.10']),
  );
  expect(() => probeEmbeddedBoxes(whole, settings)).not.toThrow();
});

test.each<[string, string, readonly string[]]>([
  ['small-mtu', 'default', ['MTU outside', '"too big"']],
  ['small-mtu', 'black-hole', ['"too big"']],
  ['black-hole', 'small-mtu', ['"too big"']],
  ['black-hole', 'black-hole', []],
])('an outside that is declared %s and is %s is found', (told, is, found) => {
  const [declared] = plannedProbes(
    topology,
    networkSettings(topology, told),
    () => 2,
    () => 'by-waiting',
  );
  if (!declared) throw new Error('hotel-nat has no NAT box');
  const network = new EmbeddedNetwork(topology, networkSettings(topology, is), 'seed');
  expect(probeBox(network, declared.site, declared.probe()).map(({ property }) => property)).toEqual(found);
});
