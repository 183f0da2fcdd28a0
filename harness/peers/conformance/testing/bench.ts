import type { Cell } from '../../../cell.ts';
import type { Outcome } from '../../../expectation.ts';
import type { Lab, LabNode } from '../../../fabric/fabric.ts';
import { addressOf } from '../../../subnet.ts';
import type { CellSettings, Peer, PeerDriver } from '../../peer.ts';
import type { Role } from './opposite.ts';

/** What the probe is given: a peer in a role, who stands opposite, and a lab of both with nothing started in it. */
export interface Bench {
  readonly driver: PeerDriver;
  readonly role: Role;
  readonly opposite: PeerDriver;
  /** Of the two, and what must come of it: a connection, or a stop beyond IPsec where the peer declares that. */
  readonly cell: Cell;
  readonly outcome: Outcome;
  /** Its nodes `client` and `responder` have the images of the two. */
  readonly lab: Lab;
  /** An address to dial at which nobody answers. */
  readonly silent: string;
  readonly patience: Patience;
}

/** Milliseconds. */
export interface Patience {
  /** In which whatever is asked of a peer must end. */
  readonly step: number;
  /** In which it must end when it is told to give up. */
  readonly abort: number;
  /** For the end of a connection that stands. */
  readonly wait: number;
}

/** The two peers, started. */
export type Ends = Readonly<Record<Role, Peer>>;

/** Two cells' credentials: users and passwords are those of the How-To's script, which our responder takes as it is. */
const credentials = {
  first: { preSharedKey: 'ConformanceKey1', user: 'dialin1', password: 'friend1' },
  second: { preSharedKey: 'ConformanceKey2', user: 'dialin2', password: 'friend2' },
} as const;
const wrongPreSharedKey = 'ConformanceKey3';

export const secrets: readonly string[] = [
  ...Object.values(credentials).flatMap(({ preSharedKey, password }) => [preSharedKey, password]),
  wrongPreSharedKey,
];

export interface PlayedCell {
  readonly cell: Cell;
  readonly settings: CellSettings;
}

/** One of the two cells that the probe plays, or a variant of it. */
export function played(
  { cell, lab }: Pick<Bench, 'cell' | 'lab'>,
  which: keyof typeof credentials,
  changed: Partial<CellSettings> = {},
): PlayedCell {
  const { preSharedKey, user, password } = credentials[which];
  const settings = {
    preSharedKey,
    clientPreSharedKey: preSharedKey,
    user,
    password,
    l2tpPort: 1701,
    callers: [{ user, password }],
    dial: lab.topology.dial,
    timerFactor: 0.25,
    seed: `conformance/${which}`,
    ...changed,
  };
  return { cell: { ...cell, user }, settings };
}

/** The same cell with another key at the client, which makes quick work of what nobody answers. */
export function withWrongKey(bench: Pick<Bench, 'cell' | 'lab'>): PlayedCell {
  const changed = { clientPreSharedKey: wrongPreSharedKey, timerFactor: 0.1 };
  const { cell, settings } = played(bench, 'first', changed);
  return { cell: { ...cell, psk: 'wrong' }, settings };
}

/** Where programs of this end have its network: in a kernel of the peer's own, or in the node. */
export function placeOf({ lab }: Pick<Bench, 'lab'>, ends: Ends, role: Role): LabNode {
  return ends[role].proofNode ?? lab.node(role);
}

/** What a client's traffic goes to: what the responder brings along, or the office's server. */
export function trafficTarget({ lab }: Pick<Bench, 'lab'>, { responder }: Ends): string {
  const [server = ''] = Object.values(lab.topology.nodes[lab.topology.server]?.interfaces ?? {});
  return responder.trafficTarget?.address ?? addressOf(server);
}
