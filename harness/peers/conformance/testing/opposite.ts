import { axisDefaults, type Cell, cell, peerOf } from '../../../cell.ts';
import { factsOf } from '../../../cell-facts.ts';
import type { Outcome } from '../../../expectation.ts';
import { expectationFor } from '../../../oracle/oracle.ts';
import { stageIndex } from '../../../stage.ts';
import { loadTopology } from '../../../topologies.ts';
import type { PeerDriver } from '../../peer.ts';
import { peers } from '../../registry.ts';

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
 * Our own stack, which is known to work, wherever the rule table lets the two connect; where it does not (an
 * AlliedWare router has no group that libreswan has), the peer itself in the other role, and then whoever is first in
 * the registry. For a peer that connects with nobody, as its facts declare: the first with which it comes beyond IPsec.
 */
export function oppositionOf(driver: PeerDriver, role: Role): Opposition | undefined {
  const first = [peerOf(axisDefaults[otherOf(role)]).peer, driver.name];
  const rest = [...peers.keys()].filter((name) => !first.includes(name));
  const all = [...new Set(first), ...rest].flatMap((name) => between(driver, role, peers.get(name)));
  return (
    all.find(({ outcome }) => outcome.kind === 'connect') ??
    all.find(({ outcome }) => outcome.kind === 'stop' && stageIndex(outcome.stage) > stageIndex('esp'))
  );
}

function between(driver: PeerDriver, role: Role, opposite: PeerDriver | undefined): Opposition[] {
  const other = otherOf(role);
  if (!opposite?.roles.includes(other)) return [];
  const both = cell('direct', { [role]: cellValue(driver, role), [other]: cellValue(opposite, other) });
  if (driver.unsupported(both, role) !== undefined) return [];
  if (opposite.unsupported(both, other) !== undefined) return [];
  const { outcome } = expectationFor(factsOf(both, loadTopology(both.topology), 0));
  return [{ opposite, cell: both, outcome }];
}
