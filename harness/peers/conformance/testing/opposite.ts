import { axisDefaults, type Cell, cell, peerOf } from '../../../cell.ts';
import { factsOf } from '../../../cell-facts.ts';
import type { Outcome } from '../../../expectation.ts';
import { expectationFor } from '../../../oracle/oracle.ts';
import { stageIndex } from '../../../stage.ts';
import { loadTopology } from '../../../topologies.ts';
import type { PeerDriver } from '../../peer.ts';
import { peers } from '../../registry.ts';
import { profileNames } from '../../ts/profiles/profile-file.ts';

export type Role = 'client' | 'responder';
export const roles: readonly Role[] = ['client', 'responder'];

export function otherOf(role: Role): Role {
  return role === 'client' ? 'responder' : 'client';
}

/** Who stands opposite a peer that is probed, the cell of the two, and what must come of it. */
export interface Opposition {
  readonly opposite: PeerDriver;
  readonly cell: Cell;
  readonly outcome: Outcome;
}

/** A peer as a cell names it: our stack with its usual profile, the others by their names. */
export function cellValue({ name }: Pick<PeerDriver, 'name'>, role: Role): string {
  return peerOf(axisDefaults[role]).peer === name ? axisDefaults[role] : name;
}

/**
 * Our own stack, which is known to work, in its usual profile, in the one that speaks everything, or in the first of
 * the others with which the rule table lets the two connect (an AlliedWare router has no group that libreswan has); else whoever is first in the registry. For a peer that
 * connects with nobody, as its facts declare: the first with which it comes beyond IPsec.
 */
export function oppositionOf(driver: PeerDriver, role: Role): Opposition | undefined {
  const other = otherOf(role);
  const ours = axisDefaults[other];
  const profiles = ['plain', ...profileNames(other)].map((profile) => `${peerOf(ours).peer}:${profile}`);
  const values = new Set([ours, ...profiles, ...peers.keys()]);
  // Asked for one after the other: whom the table knows nothing of stands in nobody's way but its own.
  const first = (isMet: (outcome: Outcome) => boolean): Opposition | undefined => {
    for (const value of values) {
      const found = between(driver, role, value);
      if (found && isMet(found.outcome)) return found;
    }
    return undefined;
  };
  return (
    first(({ kind }) => kind === 'connect') ??
    first((outcome) => outcome.kind === 'stop' && stageIndex(outcome.stage) > stageIndex('esp'))
  );
}

function between(driver: PeerDriver, role: Role, value: string): Opposition | undefined {
  const other = otherOf(role);
  const opposite = peers.get(peerOf(value).peer);
  if (!opposite?.roles.includes(other)) return undefined;
  const both = cell('direct', { [role]: cellValue(driver, role), [other]: value });
  if (driver.unsupported(both, role) !== undefined) return undefined;
  if (opposite.unsupported(both, other) !== undefined) return undefined;
  const { outcome } = expectationFor(factsOf(both, loadTopology(both.topology), 0));
  return { opposite, cell: both, outcome };
}
