import { type Cell, cell, peerOf } from '../cell.ts';
import { whyNoEvent } from '../cell-event.ts';
import { clientPlaces, withClients } from '../client-places.ts';
import { beyondContainers } from '../fabric/docker/nat-kind-rules.ts';
import { natValues, networkSettings } from '../network-settings.ts';
import { peers } from '../peers/registry.ts';
import { loadClientProfile } from '../peers/ts/profiles/client-profile.ts';
import { loadResponderProfile } from '../peers/ts/profiles/responder-profile.ts';
import { loadTopology } from '../topologies.ts';
import { nothingToBrowse } from '../web-host.ts';
import type { MatrixAxisName } from './axes.ts';

/** What keeps a combination of values from being a cell, or from being played; it looks at the axes that it names alone. */
export interface Constraint {
  readonly of: readonly MatrixAxisName[];
  readonly holds: (cell: Cell) => boolean;
  /** Why what breaks it is none. */
  readonly why: string;
}

/** What makes sense as a cell. Whether a peer can play it is another question (`played`). */
export const sense: readonly Constraint[] = [
  {
    of: ['topology', 'nat'],
    holds: ({ topology, nat }) => natValues(loadTopology(topology)).includes(nat),
    why: 'the topology has neither such a variant nor a NAT box for such a kind',
  },
  {
    of: ['topology', 'clients'],
    holds: ({ topology, clients }) => clients <= clientPlaces(loadTopology(topology)).length,
    why: 'the topology has no place for so many clients',
  },
  {
    of: ['topology', 'browse'],
    holds: (whole) => nothingToBrowse(whole, loadTopology(whole.topology)) === undefined,
    why: 'the topology has no host on the Internet',
  },
  {
    of: ['topology', 'nat', 'clients', 'event'],
    holds: (cell) => whyNoEvent(cell) === undefined,
    why: 'something else happens there already, or several clients would have it happen to them',
  },
  {
    of: ['clients', 'callers'],
    holds: ({ clients, callers }) => clients > 1 || callers === 'own',
    why: 'one client shares its user with nobody: the same cell by another name',
  },
  {
    of: ['client', 'rule'],
    holds: ({ client, rule }) => rule === '2' || natRuleOf(client) !== undefined,
    why: 'only Windows since XP SP2 has the rule',
  },
  {
    of: ['client', 'reading'],
    holds: ({ client, reading }) => reading === 'none' || natRuleOf(client) === 'xp-sp2',
    why: 'only what XP SP2 and its generation do is read in two ways',
  },
  {
    of: ['natt', 'revision'],
    holds: ({ natt, revision }) => revision === 'own' || natt === 'both' || natt === 'client-off',
    why: 'a responder without NAT traversal names no revision',
  },
  {
    of: ['responder', 'revision'],
    holds: ({ responder, revision }) => revision !== ownRevisions(responder),
    why: 'that is what the responder names anyway: the same cell by another name',
  },
  {
    of: ['responder', 'auth'],
    holds: ({ responder, auth }) => auth !== ownAuthentication(responder),
    why: 'that is what the responder demands anyway: the same cell by another name',
  },
];

/**
 * What our stack can play, as it declares it. Most declarations are about one axis of an end; each is asked of with the
 * axes that it looks at, and all others at their default.
 */
export const played: readonly Constraint[] = [
  ...declared('responder', [
    ['p1'],
    ['p2'],
    ['ports'],
    ['natt'],
    ['revision'],
    ['auth'],
    ['natt', 'p1', 'p2', 'reading', 'script'],
  ]),
  ...declared('client', [['natt'], ['rule'], ['reading']]),
];

function declared(
  role: 'client' | 'responder',
  declarations: readonly (readonly MatrixAxisName[])[],
): Constraint[] {
  return declarations.map((asked) => ({
    of: [role, ...asked],
    holds: (whole) => {
      const values = Object.fromEntries([role, ...asked].map((axis) => [axis, whole[axis]]));
      return declines(cell(whole.topology, values), role) === undefined;
    },
    why: `the ${role} declares that it cannot`,
  }));
}

function declines(of: Cell, role: 'client' | 'responder'): string | undefined {
  return peers.get(peerOf(of[role]).peer)?.unsupported(of, role);
}

/** What containers can be set to; the embedded fabric can be set to everything. */
export const inContainers: Constraint = {
  of: ['topology', 'nat', 'clients'],
  holds: (whole) => {
    if (!makesSense(whole)) return false;
    const topology = withClients(loadTopology(whole.topology), whole.clients);
    return beyondContainers(topology, networkSettings(topology, whole.nat), whole.clients) === undefined;
  },
  why: 'netfilter cannot be such a box',
};

/** Whether these values make a cell. */
export function makesSense(of: Cell): boolean {
  return sense.every(({ holds }) => holds(of));
}

/** Whether no peer of a cell declines it. */
export function isPlayed(of: Cell): boolean {
  return declines(of, 'client') === undefined && declines(of, 'responder') === undefined;
}

function natRuleOf(client: string): 'xp-sp2' | 'vista' | undefined {
  const { natRule } = loadClientProfile(peerOf(client).profile ?? '');
  return natRule.value === 'none' ? undefined : natRule.value.family;
}

function ownRevisions(responder: string): string {
  return loadResponderProfile(peerOf(responder).profile ?? '').natTraversal.value.join('+');
}

/** Where it is one alone: what the How-To's script demands, or the only one that the profile has. */
function ownAuthentication(responder: string): string | undefined {
  const profile = loadResponderProfile(peerOf(responder).profile ?? '');
  if (profile.setUpBy === 'script') return 'chap-md5';
  const { value } = profile.ppp.authentication;
  return value.length === 1 ? value[0] : undefined;
}
