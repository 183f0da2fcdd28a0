import { type Cell, cell } from '../cell.ts';
import type { AxisValue, MatrixAxis, MatrixAxisName } from './axes.ts';

/** Axes that act on each other, crossed with each other completely; every other axis is at its default. */
export interface Block {
  readonly about: string;
  /** Of each axis these values, or all that it has. */
  readonly of: Partial<Record<MatrixAxisName, 'all' | readonly AxisValue[]>>;
}

/** What an AlliedWare router shares with clients of every age; with its script as printed most stop there (rule AW-6). */
const shared = '3des-sha1-modp1024';
/** No NAT, NAT before each end, and before both. */
const placements = ['direct', 'hotel-nat', 'office-nat', 'both-nat'];
const twoResponders = ['ts:alliedware', 'ts:plain'];

/** What `--cover full` plays completely, beside every pair of values. */
export const blocks: readonly Block[] = [
  {
    about: 'every client at every placement and kind of NAT',
    of: { topology: 'all', nat: 'all', client: 'all', p1: [shared], responder: twoResponders },
  },
  {
    about: 'NAT traversal at each end, of every pair of profiles',
    of: { topology: placements, client: 'all', responder: 'all', natt: 'all' },
  },
  {
    about: 'every revision of NAT traversal',
    of: { topology: placements, client: 'all', responder: twoResponders, p1: [shared], revision: 'all' },
  },
  {
    about: "the rule of Windows about NATed responders, in both readings of XP SP2's",
    of: { topology: 'all', client: 'all', p1: [shared], rule: 'all', reading: 'all' },
  },
  {
    about: 'every transform and order of phase 1',
    of: { topology: ['direct', 'both-nat'], client: 'all', responder: 'all', p1: 'all' },
  },
  {
    about: "every order of the How-To's SA specifications and of their subsets",
    of: {
      topology: ['direct', 'both-nat'],
      client: 'all',
      responder: twoResponders,
      p1: [shared],
      p2: 'all',
    },
  },
  {
    about: 'every port setting, with L2TP from its own port and from another',
    of: { topology: 'all', client: 'all', p1: [shared], ports: 'all', sourceport: 'all' },
  },
  {
    about: 'good and bad credentials of every kind',
    of: {
      topology: ['direct', 'both-nat'],
      client: 'all',
      responder: twoResponders,
      p1: [shared],
      psk: 'all',
      user: 'all',
      password: 'all',
      auth: 'all',
    },
  },
  {
    about: 'what happens to a connection that stands, of every client everywhere',
    of: { topology: 'all', client: 'all', p1: [shared], event: 'all' },
  },
  {
    about: 'the Internet through the tunnel and beside it, with and without translation by the router',
    of: {
      topology: placements,
      client: 'all',
      p1: [shared],
      script: ['printed', 'no-nat-for-vpn-users'],
      gateway: 'all',
      browse: ['internet'],
    },
  },
  {
    about: 'several clients behind one NAT of every kind',
    of: {
      topology: 'all',
      nat: 'all',
      client: 'all',
      p1: [shared],
      clients: 'all',
    },
  },
];

/** The cells of a block, whether they make sense or not, in the order of the axes. */
export function* cellsOf({ of }: Block, axes: readonly MatrixAxis[]): Generator<Cell> {
  const chosen = axes.flatMap(({ name, values }) => {
    const wanted = of[name];
    if (wanted === undefined) return [];
    return [{ name, values: wanted === 'all' ? values : values.filter((value) => wanted.includes(value)) }];
  });
  yield* crossed(chosen, 0, {});
}

type Chosen = readonly { readonly name: MatrixAxisName; readonly values: readonly AxisValue[] }[];

function* crossed(axes: Chosen, at: number, values: Readonly<Record<string, AxisValue>>): Generator<Cell> {
  const axis = axes[at];
  if (axis === undefined) {
    const { topology, ...others } = values;
    yield cell(String(topology), others);
    return;
  }
  for (const value of axis.values) yield* crossed(axes, at + 1, { ...values, [axis.name]: value });
}
