import { axisDefaults, type Cell, cell } from '../harness/cell.ts';
import { natValues } from '../harness/network-settings.ts';
import { loadTopology } from '../harness/topologies.ts';

export const tier = 'nightly';

/** Ends of no vendor: the responder asks nobody for an address in phase 1. */
const plain = { client: 'ts:plain', responder: 'ts:plain' };

/** Everything that the boxes of a topology can be set to, beside what it says itself. */
function everySetting(topology: string, values: Partial<Cell> = {}): Cell[] {
  const changes = natValues(loadTopology(topology)).filter((nat) => nat !== axisDefaults.nat);
  return changes.map((nat) => cell(topology, { ...values, nat }));
}

const placements = [
  'carrier-nat',
  'symmetric-nat',
  'filtering-gateway',
  'hotel-nat-filter',
  'same-subnet',
  'short-timeout-nat',
  'rebinding-nat',
  'esp-passthrough',
];

/** Every NAT kind on either side, and every variant of the placements that have some. */
const settings = [
  ...placements.flatMap((topology) => [cell(topology), cell(topology, { psk: 'wrong' })]),
  ...['hotel-nat', 'both-nat', ...placements].flatMap((topology) => everySetting(topology)),
];

/** Without NAT traversal what a box does with protocol 50 decides (rules NAT-10, NAT-11, NAT-17, NAT-18). */
const withoutNatTraversal = ['hotel-nat', 'carrier-nat'].flatMap((topology) =>
  everySetting(topology, { ...plain, natt: 'off' }),
);

/** Two clients behind a box that carries the ESP of one. */
const twoClients = ['esp-passthrough', 'shared-nat'].flatMap((topology) => [
  ...everySetting(topology, { clients: 2 }),
  ...everySetting(topology, { ...plain, natt: 'off', clients: 2 }),
]);

/** Who follows a new mapping, and who is silent for longer than one lives. */
const whoHolds = ['rebinding-nat', 'short-timeout-nat'].flatMap((topology) => [
  cell(topology, plain),
  ...everySetting(topology, plain),
]);

export const cells: readonly Cell[] = [...settings, ...withoutNatTraversal, ...twoClients, ...whoHolds];
