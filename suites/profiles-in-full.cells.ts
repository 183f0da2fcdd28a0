import { axisDefaults, type Cell, cell } from '../harness/cell.ts';
import { profileNames } from '../harness/peers/ts/profiles/profile-file.ts';
import { profilesThatStandAlone } from '../harness/peers/ts/profiles/responder-profile.ts';

export const tier = 'nightly';

const p1 = '3des-sha1-modp1024';
const clients = profileNames('client').map((name) => `ts:${name}`);

/**
 * With the script as it is printed, and with the transform that clients of every age have. The client that other suites
 * play everywhere is left to them.
 */
const atTheRouter = clients
  .filter((client) => client !== axisDefaults.client)
  .flatMap((client) =>
    ['direct', 'hotel-nat', 'office-nat', 'both-nat'].flatMap((topology) => [
      cell(topology, { client }),
      cell(topology, { client, p1 }),
    ]),
  );

/** Every client opposite every responder that is a profile alone, with the client behind NAT. */
const atOthers = clients.flatMap((client) =>
  profilesThatStandAlone().map((name) => cell('hotel-nat', { client, responder: `ts:${name}` })),
);

/** Two of a kind behind one NAT. */
const twoOfAKind = clients.map((client) => cell('shared-nat', { client, p1, clients: 2 }));

export const cells: readonly Cell[] = [...atTheRouter, ...atOthers, ...twoOfAKind];
