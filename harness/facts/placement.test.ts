import { expect, test } from 'vitest';
import { type Cell, cell } from '../cell.ts';
import { withClients } from '../client-places.ts';
import { loadTopology } from '../topologies.ts';
import { placementOf } from './placement.ts';

const placement = (topology: string, values: Partial<Cell> = {}) => {
  const played = cell(topology, values);
  return placementOf(played, withClients(loadTopology(topology), played.clients), 0);
};

test.each([1, 2, 5])('%i clients in the hotel are placed as the one of hotel-nat', (clients) => {
  const there = placement('shared-nat', { clients });
  // The boxes of the containers let no protocol 50 through, and are Linux otherwise, with its timer.
  expect(there).toEqual({ clientNats: 1, clientNatEsp: 'dropped', clientNatUdpSeconds: 120 });
  expect(there).toEqual(placement('hotel-nat'));
});

test('a kind says what becomes of ESP, whose it is, how long UDP lives and whether port 500 stays', () => {
  expect(placement('hotel-nat', { nat: 'esp-out-only' })).toMatchObject({ clientNatEsp: 'out-only' });
  const one = placement('hotel-nat', { nat: 'esp-passthrough' });
  expect(one).toEqual({ clientNats: 1, clientNatEsp: 'mapped', clientNatUdpSeconds: 180 });
  const several = (nat: string) => placement('shared-nat', { nat, clients: 2 });
  expect(several('esp-passthrough').clientNatEspOf).toBe('last');
  expect(several('linux-esp').clientNatEspOf).toBe('first');
  expect(several('linux').clientNatEspOf).toBeUndefined();
  expect(placement('hotel-nat', { nat: 'ike-helper' }).clientNatKeepsPort500).toBe(true);
  expect(placement('hotel-nat', { nat: 'short-timeout' }).clientNatUdpSeconds).toBe(35);
});

test('the kind of the gateway at the office says nothing of the client', () => {
  expect(placement('both-nat', { nat: 'office-nat:linux-esp' })).toEqual(placement('both-nat'));
  expect(placement('office-nat')).toEqual({
    clientNats: 0,
    clientNatEsp: 'mapped',
    responderNat: { udp500: true, udp4500: true, esp: false },
  });
});

test('a way is as narrow as its narrowest wire, and its wires lose or disorder packets where one of them does', () => {
  const ofWires = (nat: string) => {
    const { narrowest, wires, dropsFragments } = placement('hotel-nat', { nat });
    return { narrowest, wires, dropsFragments };
  };
  const perfect = { narrowest: undefined, wires: undefined, dropsFragments: undefined };
  expect(ofWires('default')).toEqual(perfect);
  expect(ofWires('small-mtu')).toEqual({ ...perfect, narrowest: { mtu: 1400, tooBig: 'told' } });
  expect(ofWires('black-hole+fragment-dropping')).toEqual({
    ...perfect,
    narrowest: { mtu: 1400, tooBig: 'lost' },
    dropsFragments: true,
  });
  expect(ofWires('lossy')).toEqual({ ...perfect, wires: 'lose-some' });
  expect(ofWires('doubling')).toEqual({ ...perfect, wires: 'disorder-some' });
  expect(ofWires('jittery')).toEqual({ ...perfect, wires: 'disorder-some' });
  expect(ofWires('narrow')).toEqual(perfect);
  // The office's gateway is on the way, too.
  expect(placement('both-nat', { nat: 'office-nat:fragment-dropping' }).dropsFragments).toBe(true);
});

test('the host on the Internet sees the outermost gateway of either end, or the end itself', () => {
  const browsing = (topology: string, values: Partial<Cell> = {}) =>
    placement(topology, { browse: 'internet', ...values }).browsing;
  // The addresses in topologies/*.yaml: the hotel's gateway and the client without one are 198.18.1.10.
  const seen = { clientAddress: '198.18.1.10', officeAddress: '198.18.2.10' };
  for (const topology of ['direct', 'hotel-nat', 'office-nat', 'both-nat', 'shared-nat']) {
    expect(browsing(topology), topology).toEqual(seen);
    expect(browsing(topology, { browse: 'office' }), topology).toBeUndefined();
  }
  expect(browsing('carrier-nat')).toBeUndefined();
});

test('at places of their own no client of several shares what another is behind', () => {
  const topology = loadTopology('sales-people');
  const of = (clients: number) =>
    Array.from({ length: clients }, (_, number) =>
      placementOf(cell('sales-people', { clients }), withClients(topology, clients), number),
    );
  const own = { clientNats: 1, clientNatEsp: 'dropped', severalPlaces: true, sharesPrivateAddress: true };
  for (const one of of(5)) {
    expect(one).toMatchObject(own);
    expect(one).not.toHaveProperty('clientNatEspOf');
  }
  const [alone] = of(1);
  expect(alone).not.toHaveProperty('severalPlaces');
  expect(alone).not.toHaveProperty('sharesPrivateAddress');
  expect(alone).toEqual(placement('hotel-nat'));
});

test('beside each other clients come from one address, and have their own', () => {
  const several = placement('shared-nat', { clients: 5 });
  expect(several).not.toHaveProperty('severalPlaces');
  expect(several).not.toHaveProperty('sharesPrivateAddress');
});
