import { axes, type Cell, peerOf } from '../cell.ts';
import { factsOf } from '../cell-facts.ts';
import type { NatKind } from '../nat-kind.ts';
import { networkSettings } from '../network-settings.ts';
import { clientIsBehindNat, floats, responderIsBehindNat, sharesNatTraversal } from '../oracle/derived.ts';
import type { CellFacts } from '../oracle/facts.ts';
import type { Topology } from '../topology.ts';
import type { Condition } from './row.ts';

/**
 * What follows from a cell, in the words in which people look for causes. Each says one thing whatever the cell;
 * several axes and topologies may lead to it.
 */
const consequences: Readonly<
  Record<string, (facts: CellFacts, cell: Cell, kinds: readonly NatKind[]) => string | undefined>
> = {
  'responder NAT': (facts) =>
    responderIsBehindNat(facts) ? 'responder behind NAT' : 'responder not behind NAT',
  'client NAT': (facts) => (clientIsBehindNat(facts) ? 'client behind NAT' : 'client not behind NAT'),
  'number of NATs': (facts) => {
    const count = facts.placement.clientNats + (responderIsBehindNat(facts) ? 1 : 0);
    return count === 0 ? 'no NAT' : count === 1 ? 'one NAT' : `${count} NATs`;
  },
  'port of IKE': (facts) => (floats(facts) ? 'IKE moves to UDP 4500' : 'IKE stays on UDP 500'),
  pinholes: ({ placement: { responderNat } }) => {
    if (!responderNat) return undefined;
    if (!responderNat.udp500) return 'UDP 500 not forwarded';
    return responderNat.udp4500 ? 'UDP 500 and 4500 forwarded' : 'UDP 4500 not forwarded';
  },
  filter: ({ placement: { filter } }) =>
    filter && `a filter that permits ${filter.permits.join(', ') || 'nothing'}`,
  'protocol 50': ({ placement }) => {
    if (placement.clientNats === 0) return undefined;
    return { mapped: 'NAT maps ESP', 'out-only': 'NAT maps no ESP back', dropped: 'NAT drops ESP' }[
      placement.clientNatEsp
    ];
  },
  'port 500 at the NAT': ({ placement }) =>
    placement.clientNatKeepsPort500 ? 'NAT keeps port 500' : undefined,
  hold: ({ placement: { hold } }) => {
    if (!hold) return undefined;
    return hold.rebinding === undefined ? 'idle tunnel' : `mapping changes (${hold.rebinding})`;
  },
  'NAT kind': (_, __, kinds) => wordsOf(kinds, ({ name }) => `NAT of kind ${name}`),
  'NAT mapping': (_, __, kinds) => wordsOf(kinds, ({ mapping }) => `${mapping} mapping`),
  'NAT filtering': (_, __, kinds) => wordsOf(kinds, ({ filtering }) => `${filtering} filtering`),
  'NAT-T': (facts) => (sharesNatTraversal(facts) ? 'common NAT-T revision' : 'no common NAT-T revision'),
  'client system': ({ client }) => {
    if (client.natRule?.family === 'vista') return 'Windows Vista or later';
    if (client.natRule) return 'Windows XP SP2';
    return client.windows ? 'Windows before XP SP2' : 'no Windows client';
  },
  'registry value': ({ client: { natRule } }) =>
    natRule ? `registry value ${natRule.value} in effect` : 'no registry value in effect',
  'phase 1 mode': ({ client }) => (client.aggressive ? 'aggressive mode' : 'main mode'),
  company: ({ clients }) => (clients > 1 ? 'several clients' : 'one client'),
  'client peer': (_, { client }) => `client of peer ${peerOf(client).peer}`,
  'responder peer': (_, { responder }) => `responder of peer ${peerOf(responder).peer}`,
};

/** Of all NAT boxes together; `undefined` where there is none. */
function wordsOf(kinds: readonly NatKind[], word: (kind: NatKind) => string): string | undefined {
  const words = [...new Set(kinds.map(word))].sort();
  return words.length === 0 ? undefined : words.join(' and ');
}

/** What one axis says in fewer words wherever it alone decides it. */
const behindAxes = ['registry value'];

/** What cells are compared by, the best names first: what follows from a cell says more about a cause than its place. */
export const attributes: readonly string[] = [
  ...Object.keys(consequences).filter((name) => !behindAxes.includes(name)),
  'topology',
  ...axes,
  ...behindAxes,
];

/** A cell by all attributes. Throws CrossnatError for a cell of which nothing is declared. */
export function valuesOf(cell: Cell, topology: Topology): Record<string, string> {
  const facts = factsOf(cell, topology, 0);
  const kinds = Object.values(networkSettings(topology, cell.nat).nats).map(({ kind }) => kind);
  const followed = Object.entries(consequences).flatMap(([attribute, of]) => {
    const value = of(facts, cell, kinds);
    return value === undefined ? [] : [[attribute, value] as const];
  });
  const chosen = (['topology', ...axes] as const).map((axis) => [axis, String(cell[axis])] as const);
  return Object.fromEntries([...followed, ...chosen]);
}

/** How many values are worth a list. */
const listed = 4;

/** `responder behind NAT`, `rule=0`, `ports=rport or none`. */
export function conditionText({ attribute, values }: Condition): string {
  if (attribute in consequences) return values.join(' or ');
  const [some, more] = [values.slice(0, listed), values.length - listed];
  return `${attribute}=${some.join(' or ')}${more > 0 ? ` or one of ${more} more` : ''}`;
}
