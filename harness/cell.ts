import { everyRevision } from '../stack/nat-traversal/numbers.ts';
import { CrossnatError } from './error.ts';
import { suggestion } from './suggestion.ts';

/** Axes whose values are a closed list; the others take any word that their owner (topology, peer, responder) knows. */
const closed = {
  ports: ['lport', 'rport', 'both', 'none'],
  natt: ['both', 'client-off', 'responder-off', 'off'],
  rule: ['0', '1', '2', '2-wrong-key', '2-before-reboot'],
  reading: ['none', 'a', 'b'],
  psk: ['good', 'wrong', 'special'],
  password: ['good', 'wrong'],
  auth: ['own', 'pap', 'chap-md5', 'ms-chap-v1', 'ms-chap-v2'],
  /**
   * The How-To's script as it is printed; without permit policies of IPsec (all of IKE's, or one and the `internet` one
   * that stands in for it); without a rule of the firewall; on a router without a licence for 3DES; of a release before
   * NAT-T; with one address in its pool, which the user database gives to dialin1; typed into a router without system
   * security, whose restart destroyed the key; and without the translation of what VPN users send to the Internet.
   */
  script: [
    'printed',
    'no-isakmp-permits',
    'no-isakmp-no-internet',
    'no-float-no-internet',
    'no-rule-1',
    'no-rule-2',
    'no-rule-3',
    'no-3des',
    'before-2.6.4',
    'pool-of-one',
    'key-lost',
    'no-nat-for-vpn-users',
  ],
  sourceport: ['1701', 'distinct'],
  callers: ['own', 'same'],
  gateway: ['remote', 'local'],
  browse: ['office', 'internet'],
  /**
   * Nothing; SAs of both phases live short lives, and this end replaces them; the responder loses its state without a
   * word, and the client dials again; the client's power is cut, and comes back when the responder has noticed.
   */
  event: ['none', 'rekey-by-client', 'rekey-by-responder', 'responder-restart', 'client-power-cut'],
} as const;

type ValueOf<A extends keyof typeof closed> = (typeof closed)[A][number];

/**
 * A cell: one point of the matrix, as axis values. Its id is readable and omits axes at their
 * default, so that a new axis never renames old cells; the fabric is not part of it.
 * `office-nat`, `office-nat/p2=1`, `hotel-nat/responder=softether/rule=0`.
 */
export interface Cell {
  readonly topology: string;
  /** How boxes and segments are set: `default`, a variant (`no-forwards`), NAT kinds (`symmetric`, `office-nat:full-cone`); see `networkSettings`. */
  readonly nat: string;
  /** `peer` or `peer:profile`. */
  readonly client: string;
  readonly responder: string;
  /** Phase 1 of the responder: `script` (what its profile says) or transforms like `3des-sha1-modp1024`, joined by `+`. */
  readonly p1: string;
  /** Phase 2 of the responder: numbers of the How-To's SA specifications in the bundle's order, `1-2-3-4`. */
  readonly p2: string;
  /** The How-To's port setting on the responder's IPsec policy. */
  readonly ports: ValueOf<'ports'>;
  readonly natt: ValueOf<'natt'>;
  /** Revisions of NAT-T that the responder names: `own` (what its profile says) or `draft-02n`, several joined by `+`. */
  readonly revision: string;
  /** AssumeUDPEncapsulationContextOnSendRule of a Windows client. */
  readonly rule: ValueOf<'rule'>;
  /** Which reading of a disputed rule the peers play; `none`: each its own. */
  readonly reading: ValueOf<'reading'>;
  /** The client's pre-shared key is the responder's, another one; or both have one of more than letters and digits. */
  readonly psk: ValueOf<'psk'>;
  readonly user: string;
  readonly password: ValueOf<'password'>;
  /** What the responder demands in PPP: `own` is what it is set up with, the How-To's `authentication=chap`. */
  readonly auth: ValueOf<'auth'>;
  /** What the How-To's script lacks on the responder: `printed` is nothing. */
  readonly script: ValueOf<'script'>;
  readonly clients: number;
  /** UDP port from which each client's L2TP comes: 1701 for all, or one of its own for each. */
  readonly sourceport: ValueOf<'sourceport'>;
  /** Whether each of several clients logs in as a user of its own, or all as the cell's. */
  readonly callers: ValueOf<'callers'>;
  /** "Use default gateway on remote network" of the client: ticked, so that all it sends goes into the tunnel, or only what is for the office. */
  readonly gateway: ValueOf<'gateway'>;
  /** Whether clients reach for a host on the Internet, too, once they have proved their way to the office. */
  readonly browse: ValueOf<'browse'>;
  /** What happens to a connection that stands and has proved that it carries traffic. */
  readonly event: ValueOf<'event'>;
  readonly impair: string;
}

export const axisDefaults: Omit<Cell, 'topology'> = {
  nat: 'default',
  client: 'ts:windows-xp-sp2',
  responder: 'ts:alliedware',
  p1: 'script',
  p2: '1-2-3-4',
  ports: 'lport',
  natt: 'both',
  revision: 'own',
  rule: '2',
  reading: 'none',
  psk: 'good',
  user: 'dialin1',
  password: 'good',
  auth: 'own',
  script: 'printed',
  clients: 1,
  sourceport: '1701',
  callers: 'own',
  gateway: 'remote',
  browse: 'office',
  event: 'none',
  impair: 'none',
};

export type Axis = keyof typeof axisDefaults;
export const axes = Object.keys(axisDefaults) as readonly Axis[];

/** The values of each axis that has a closed list of them. */
export const closedAxes: Partial<Record<Axis, readonly string[]>> = closed;

/** A cell of this topology: the given axes, all others at their default. */
export function cell(topology: string, values: Partial<Omit<Cell, 'topology'>> = {}): Cell {
  return { topology, ...axisDefaults, ...values };
}

/** The readable id; equal cells have equal ids. */
export function cellId(of: Cell): string {
  const parts = axes.filter((axis) => of[axis] !== axisDefaults[axis]);
  return [of.topology, ...parts.map((axis) => `${axis}=${of[axis]}`)].join('/');
}

/**
 * The cell that an id names, also one that no suite lists; the inverse of `cellId`. Axes come in any
 * order, and one at its default may be said. Throws a usage error that names the nearest axis or value.
 */
export function parseCellId(id: string): Cell {
  const [topology = '', ...parts] = id.split('/');
  if (!/^[a-z][a-z0-9-]*$/.test(topology)) {
    throw badId(id, `"${topology}" is no topology name`, 'A cell id is TOPOLOGY/axis=value/axis=value');
  }
  const values: Partial<Record<Axis, string | number>> = {};
  for (const part of parts) {
    const [name = '', value = '', ...rest] = part.split('=');
    const axis = axes.find((known) => known === name);
    if (axis === undefined) throw badId(id, `there is no axis "${name}"`, suggestion(name, axes));
    if (axis in values) throw badId(id, `axis ${axis} is given twice`, 'Name each axis once');
    values[axis] = axisValue(id, axis, value, rest.length > 0);
  }
  return { topology, ...axisDefaults, ...values } as Cell;
}

function axisValue(id: string, axis: Axis, value: string, hasMore: boolean): string | number {
  if (value === '' || hasMore || !/^[\w.:+-]+$/.test(value)) {
    throw badId(id, `axis ${axis} has no readable value`, `Write ${axis}=${axisDefaults[axis]}, for example`);
  }
  if (axis === 'clients') {
    if (!/^[1-9]\d{0,3}$/.test(value)) {
      throw badId(id, `clients=${value} is no number of clients`, 'Give 1 or more');
    }
    return Number(value);
  }
  if (axis === 'p2' && !isSpecificationOrder(value)) {
    throw badId(
      id,
      `p2=${value} is no order of the How-To's SA specifications`,
      'Give each of 1, 2, 3 and 4 once at most: 1-2-3-4, 4-1, 3',
    );
  }
  const isJoined = axis === 'revision' && value !== axisDefaults.revision;
  const named = isJoined ? value.split('+') : [value];
  const known = isJoined ? everyRevision : closedAxes[axis];
  const unknown = known && named.find((one) => !known.includes(one));
  if (known && unknown !== undefined) {
    throw badId(id, `axis ${axis} has no value "${unknown}"`, suggestion(unknown, known));
  }
  return value;
}

/** Users of the How-To's script in the order in which a cell's clients take them: the cell's own first, or no other. */
export function callers({ user, clients, callers }: Pick<Cell, 'user' | 'clients' | 'callers'>): string[] {
  if (callers === 'same') return Array.from({ length: clients }, () => user);
  const users = ['dialin1', 'dialin2', 'dialin3', 'dialin4', 'secoff'];
  return [user, ...users.filter((other) => other !== user)].slice(0, clients);
}

/** L2TP's UDP port at the client with this number, from 0 (RFC 2661 8.1 lets an initiator choose its own). */
export function l2tpPortOf({ sourceport }: Pick<Cell, 'sourceport'>, client: number): number {
  return sourceport === '1701' ? 1701 : 17011 + client;
}

/** The How-To has four SA specifications; a bundle names each once at most. */
function isSpecificationOrder(value: string): boolean {
  const numbers = value.split('-');
  return numbers.every((number) => /^[1-4]$/.test(number)) && new Set(numbers).size === numbers.length;
}

function badId(id: string, found: string, remedy: string): CrossnatError {
  return new CrossnatError('usage', { doing: `reading the cell id ${JSON.stringify(id)}`, found, remedy });
}

/** Peer and profile of a `client` or `responder` value. */
export function peerOf(value: string): { readonly peer: string; readonly profile: string | undefined } {
  const [peer = value, profile] = value.split(':');
  return { peer, profile };
}
