import { axisDefaults, type Cell, cell, peerOf } from '../harness/cell.ts';
import { factsOf } from '../harness/cell-facts.ts';
import { expectationFor } from '../harness/oracle/oracle.ts';
import { peers } from '../harness/peers/registry.ts';
import { stageIndex } from '../harness/stage.ts';
import { loadTopology, topologyNames } from '../harness/topologies.ts';

export const tier = 'nightly';

type Role = 'client' | 'responder';
type Pair = Pick<Cell, Role>;

/** Our stack in a role, and every peer of the registry that declares it. */
function players(role: Role): string[] {
  const ours = axisDefaults[role];
  const foreign = [...peers.values()].filter(({ name }) => name !== peerOf(ours).peer);
  return [ours, ...foreign.filter(({ roles }) => roles.includes(role)).map(({ name }) => name)];
}

const pairs: readonly Pair[] = players('client').flatMap((client) =>
  players('responder').map((responder) => ({ client, responder })),
);

/** A pair in a topology; where our stack is one of the two, also what an operator may set on the responder. */
function pairIn(topology: string, pair: Pair): Cell[] {
  const ours = pair.client === axisDefaults.client || pair.responder === axisDefaults.responder;
  if (!ours || !reachesPhase2(cell(topology, pair))) return [cell(topology, pair)];
  const specifications = ['1', '2', '3', '4'].map((p2) => cell(topology, { ...pair, p2 }));
  const ports = (['rport', 'none'] as const).map((setting) => cell(topology, { ...pair, ports: setting }));
  return [cell(topology, pair), ...specifications, ...ports.filter(isDeclared)];
}

/** Two that never agree on phase 1 show nothing of what is set for phase 2. */
function reachesPhase2(of: Cell): boolean {
  const { outcome } = expectationFor(factsOf(of, loadTopology(of.topology), 0));
  return outcome.kind === 'connect' || stageIndex(outcome.stage) >= stageIndex('phase2');
}

/** The port setting is one of the AlliedWare router: a responder without it has nothing to set. */
function isDeclared(of: Cell): boolean {
  return (['client', 'responder'] as const).every(
    (role) => peers.get(peerOf(of[role]).peer)?.unsupported(of, role) === undefined,
  );
}

/** Two clients behind one NAT: with L2TP's own port at both, and each with a port of its own. */
function twoClients(topology: string): Cell[] {
  return pairs.flatMap((pair) =>
    (['1701', 'distinct'] as const).map((sourceport) => cell(topology, { ...pair, clients: 2, sourceport })),
  );
}

/**
 * Every client against every responder over every placement of NAT, each of the How-To's SA specifications alone
 * where our stack is one of the two, and strangers among themselves: where these fail too, it is not our stack.
 * What a peer declares not to do is listed all the same, and counted as unsupported.
 */
export const cells: readonly Cell[] = [
  ...['direct', 'hotel-nat', 'office-nat', 'both-nat'].flatMap((topology) =>
    pairs.flatMap((pair) => pairIn(topology, pair)),
  ),
  ...topologyNames()
    .filter((name) => name === 'shared-nat')
    .flatMap(twoClients),
];
