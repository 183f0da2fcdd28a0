/**
 * A cell: one point of the matrix, as axis values. Its id is readable and omits axes at their
 * default, so that a new axis never renames old cells; the fabric is not part of it.
 * `office-nat`, `office-nat/p2=1`, `hotel-nat/responder=softether/rule=0`.
 */
export interface Cell {
  readonly topology: string;
  /** A variant of the topology's boxes (`no-forwards`), or `default`. */
  readonly nat: string;
  /** `peer` or `peer:profile`. */
  readonly client: string;
  readonly responder: string;
  /** Phase 1 of the responder: `script` (what its profile says) or transforms like `3des-sha1-modp1024`, joined by `+`. */
  readonly p1: string;
  /** Phase 2 of the responder: numbers of the How-To's SA specifications in the bundle's order, `1-2-3-4`. */
  readonly p2: string;
  /** The How-To's port setting on the responder's IPsec policy. */
  readonly ports: 'lport' | 'rport' | 'none';
  readonly natt: 'both' | 'client-off' | 'responder-off' | 'off';
  /** AssumeUDPEncapsulationContextOnSendRule of a Windows client. */
  readonly rule: '0' | '1' | '2';
  /** Which reading of a disputed rule the client plays: see facts C2. */
  readonly reading: 'none' | 'a' | 'b';
  readonly psk: 'good' | 'wrong';
  readonly user: string;
  readonly password: 'good' | 'wrong';
  readonly clients: number;
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
  rule: '2',
  reading: 'none',
  psk: 'good',
  user: 'dialin1',
  password: 'good',
  clients: 1,
  impair: 'none',
};

type Axis = keyof typeof axisDefaults;
const axes = Object.keys(axisDefaults) as Axis[];

/** A cell of this topology: the given axes, all others at their default. */
export function cell(topology: string, values: Partial<Omit<Cell, 'topology'>> = {}): Cell {
  return { topology, ...axisDefaults, ...values };
}

/** The readable id; equal cells have equal ids. */
export function cellId(of: Cell): string {
  const parts = axes.filter((axis) => of[axis] !== axisDefaults[axis]);
  return [of.topology, ...parts.map((axis) => `${axis}=${of[axis]}`)].join('/');
}

/** Peer and profile of a `client` or `responder` value. */
export function peerOf(value: string): { readonly peer: string; readonly profile: string | undefined } {
  const [peer = value, profile] = value.split(':');
  return { peer, profile };
}
