import { axisDefaults, type Cell, cell } from '../harness/cell.ts';
import { profileNames } from '../harness/peers/ts/profiles/profile-file.ts';

export const tier = 'nightly';

/** They have no NAT-T, and the one responder below that does nothing without it answers them nothing. */
const withoutNatTraversal = ['windows-2000', 'windows-xp'];

/**
 * The clients of the field in a hotel, at responders that are no stack of ours: what these take shows whether a
 * profile is one that others know. The client that the pairs have is left to them.
 */
export const cells: readonly Cell[] = ['strongswan', 'libreswan', 'softether'].flatMap((responder) =>
  profileNames('client')
    .filter((name) => `ts:${name}` !== axisDefaults.client)
    .filter((name) => responder !== 'softether' || !withoutNatTraversal.includes(name))
    .map((name) => cell('hotel-nat', { client: `ts:${name}`, responder })),
);
