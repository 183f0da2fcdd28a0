import { type Axis, axisDefaults, closedAxes } from '../cell.ts';
import { clientPlaces } from '../client-places.ts';
import { loadNatKind, natKindNames } from '../nat-kinds.ts';
import { natValues } from '../network-settings.ts';
import { loadClientProfile } from '../peers/ts/profiles/client-profile.ts';
import { profileNames } from '../peers/ts/profiles/profile-file.ts';
import { loadTopology, topologyNames } from '../topologies.ts';

export type MatrixAxisName = 'topology' | Exclude<Axis, 'impair'>;
export type AxisValue = string | number;

/** An axis of the matrix, as data. */
export interface MatrixAxis {
  readonly name: MatrixAxisName;
  /** What it is, in a line. */
  readonly about: string;
  /** The default first, except of topologies, which have none. */
  readonly values: readonly AxisValue[];
  /**
   * Of very many values those that stand for all where pairs are counted; the others are each in some cell all the
   * same. Absent: all.
   */
  readonly representatives?: readonly AxisValue[];
  /** Values with which a cell stops, whatever else it has: what is beside one of these in a cell is not shown by it. */
  readonly masking?: readonly AxisValue[];
}

/** One of each length of the orders of the How-To's SA specifications that differ most: alone, strongest first, weakest first. */
const representativeOrders = ['1-2-3-4', '1', '2', '3', '4', '4-3-2-1', '2-1-4-3', '3-4-1-2', '4-1', '2-3'];

/** Whether connections stand idle there for so long that one cell takes as long as thirty elsewhere, in containers. */
function isLong(topology: string): boolean {
  return (loadTopology(topology).hold?.idleSeconds ?? 0) > 30;
}

/** One of each family of clients; the others differ from one of these in little. */
const representativeClients = [
  'windows-xp-sp2',
  'windows-xp',
  'windows-2000',
  'windows-7',
  'windows-10',
  'macos',
  'android',
  'mikrotik',
  'cisco-ios',
  'plain',
].map((name) => `ts:${name}`);

/**
 * Phase 1 of the responder: as its script or profile has it, single transforms that clients of every age or only
 * younger ones have, and two transforms in both orders.
 */
const phase1Values = [
  'script',
  '3des-sha1-modp1024',
  'des-sha1-modp768',
  '3des-md5-modp1024',
  'aes256-sha1-modp1024',
  'aes256-sha1-modp2048',
  'aes256-sha256-modp2048',
  'aes256-sha1-modp2048+3des-sha1-modp1024',
  '3des-sha1-modp1024+aes256-sha1-modp2048',
];

/** A client that gets nowhere, whoever answers: nothing beside it shows. */
const stoppingClients = ['ts:without-ipsec'];

/** Responders that differ from the plain one in what they do with a user who comes in twice, and in nothing else. */
const oncePerUser = ['ts:newest-caller', 'ts:oldest-caller'];

/** All axes of the matrix with their values, read from the topologies, NAT kinds and profiles that there are. In the order of a cell's id. */
export function matrixAxes(): MatrixAxis[] {
  const topologies = topologyNames();
  return [
    {
      name: 'topology',
      about: 'where client, responder and NAT stand',
      values: topologies,
      representatives: topologies.filter((name) => !isLong(name)),
    },
    natAxis(topologies),
    {
      ...axis('client', 'who dials: a client of the field, played by our stack', ours('client')),
      representatives: representativeClients,
      masking: stoppingClients,
    },
    {
      ...axis('responder', 'who answers, played by our stack', ours('responder')),
      representatives: ours('responder').filter((value) => !oncePerUser.includes(value)),
    },
    axis('p1', 'phase 1 of the responder, in its order of preference', phase1Values),
    {
      ...axis('p2', "phase 2 of the responder: an order of the How-To's four SA specifications", allOrders()),
      representatives: representativeOrders,
    },
    axis('ports', "the How-To's port setting on the responder's policy", closed('ports')),
    axis('natt', 'at which end NAT traversal is on', closed('natt')),
    {
      ...axis('revision', 'which revisions of NAT traversal the responder names', revisions()),
      representatives: [
        axisDefaults.revision,
        'apple',
        'draft-00',
        'draft-02',
        'draft-02n',
        'draft-03',
        'rfc3947',
      ],
    },
    axis('rule', 'AssumeUDPEncapsulationContextOnSendRule of a Windows client', closed('rule')),
    axis('reading', 'which reading of a disputed rule the client plays', closed('reading')),
    {
      ...axis('psk', 'whether both have the same pre-shared key, of letters and digits', closed('psk')),
      representatives: ['good', 'wrong'],
      masking: ['wrong', 'special'],
    },
    axis('user', 'one with an address of its own, or one that takes it from the pool', [
      'dialin1',
      'dialin2',
    ]),
    { ...axis('password', 'whether it is the right one', closed('password')), masking: ['wrong'] },
    axis('auth', 'what the responder demands in PPP', closed('auth')),
    {
      ...axis('script', "what the How-To's script lacks on the responder", closed('script')),
      representatives: [axisDefaults.script],
      masking: closed('script').filter((value) => value !== axisDefaults.script),
    },
    axis('clients', 'how many dial, one after the other', clientNumbers(topologies)),
    axis('sourceport', 'from which UDP port L2TP comes', closed('sourceport')),
    {
      ...axis('callers', 'whether several clients log in as users of their own or as one', closed('callers')),
      representatives: [axisDefaults.callers],
      masking: ['same'],
    },
    {
      ...axis(
        'gateway',
        'the client\'s "Use default gateway on remote network": ticked or not',
        closed('gateway'),
      ),
      representatives: [axisDefaults.gateway],
    },
    {
      ...axis(
        'browse',
        'whether clients reach for a host on the Internet beside the office',
        closed('browse'),
      ),
      representatives: [axisDefaults.browse],
    },
    {
      ...axis('event', 'what happens to a connection that stands', closed('event')),
      // Each takes a container longer than all of a cell: SAs have to live, and echoes to stay unanswered.
      representatives: [axisDefaults.event],
    },
  ];
}

function axis(
  name: Exclude<MatrixAxisName, 'topology'>,
  about: string,
  values: readonly AxisValue[],
): MatrixAxis {
  const usual: AxisValue = axisDefaults[name];
  return { name, about, values: [usual, ...values.filter((value) => value !== usual)] };
}

/** Pairs are counted of the kinds of the first box. A variant is one topology's own, and pairs of it are pairs of that topology. */
function natAxis(topologies: readonly string[]): MatrixAxis {
  const values = [...new Set(topologies.flatMap((name) => natValues(loadTopology(name))))];
  return {
    ...axis('nat', 'a variant of the topology, or the kind of a NAT box in it', values),
    representatives: [axisDefaults.nat, ...natKindNames().filter(carriesAll)].filter((value) =>
      values.includes(value),
    ),
  };
}

/** What is lost for its size alone is waited for, and in containers that takes its time. */
function carriesAll(kind: string): boolean {
  return loadNatKind(kind).fragments === 'forwarded';
}

/** A closed list of the axis. */
function closed(name: keyof typeof closedAxes): readonly string[] {
  return closedAxes[name] ?? [];
}

function ours(role: 'client' | 'responder'): string[] {
  return profileNames(role).map((name) => `ts:${name}`);
}

/** Every non-empty ordered subset of the four: 4 alone, 12 of two, 24 of three, 24 of all. */
export function allOrders(): string[] {
  const longer = (order: readonly string[]): string[][] =>
    ['1', '2', '3', '4']
      .filter((number) => !order.includes(number))
      .flatMap((number) => [[...order, number], ...longer([...order, number])]);
  return longer([])
    .toSorted((a, b) => a.length - b.length)
    .map((order) => order.join('-'));
}

/** The responder's own, and each that some client names. */
function revisions(): string[] {
  const named = profileNames('client').flatMap((name) => loadClientProfile(name).natTraversal.value);
  return ['own', ...[...new Set(named)].sort()];
}

/** One, two, and as many as the largest topology has places for. */
function clientNumbers(topologies: readonly string[]): number[] {
  const most = Math.max(...topologies.map((name) => clientPlaces(loadTopology(name)).length));
  return [1, 2, most].filter((number, index, all) => number <= most && all.indexOf(number) === index);
}
