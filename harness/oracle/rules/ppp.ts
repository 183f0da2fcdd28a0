import type { Check } from '../../expectation.ts';
import { l2tpComesIn } from '../derived.ts';
import type { CellFacts } from '../facts.ts';
import { bulkPasses } from '../packet-size.ts';
import { connect, type Rule, rule, stop } from '../rule.ts';

function userOf({ responder, credentials }: CellFacts) {
  return responder.users.find((user) => user.name === credentials.user);
}

function authenticates(facts: CellFacts): boolean {
  return userOf(facts) !== undefined && facts.credentials.passwordIsRight;
}

/** Takes its address from the pool. */
function usesPool(facts: CellFacts): boolean {
  return authenticates(facts) && userOf(facts)?.address === undefined;
}

function addressesIn(pool: CellFacts['responder']['pool']): number {
  const number = (address: string) => address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
  return pool ? number(pool.last) - number(pool.first) + 1 : 0;
}

/** What of the pool is neither in the user database nor given to a client that dialled before. */
function freeAddresses({ responder: { pool, users }, credentials: { before = [] } }: CellFacts): number {
  const inside = users.filter(({ address }) => address !== undefined && pool && between(address, pool));
  const taken = before.filter((name) =>
    users.some((user) => user.name === name && user.address === undefined),
  );
  return addressesIn(pool) - inside.length - taken.length;
}

function between(address: string, pool: { readonly first: string; readonly last: string }): boolean {
  return (
    addressesIn({ first: pool.first, last: address }) > 0 &&
    addressesIn({ first: address, last: pool.last }) > 0
  );
}

function translatesUsers({ responder }: CellFacts): boolean {
  return responder.script ? responder.script.translatesUsers : responder.translatesUsers === true;
}

function browsesThroughTunnel({ placement, client }: CellFacts): boolean {
  return placement.browsing !== undefined && client.sendsAllIntoTunnel === true;
}

/** A living client was heard at most so long before as it may be silent without being asked. */
function foundDead({ silentSeconds, deadSeconds }: NonNullable<CellFacts['responder']['asksIfAlive']>) {
  return { fromSeconds: deadSeconds - silentSeconds, toSeconds: deadSeconds };
}

/**
 * Where both tell and nothing else comes between: messages that change places may end a session before its client's CDN
 * (RFC 2661 5.6), and an end that misbehaves says what it was asked to say.
 */
function endsTold({ client, responder, placement, impairment }: CellFacts): readonly Check[] {
  const layers = client.saysEndOf;
  const isDisturbed = placement.wires !== undefined || impairment !== undefined;
  return layers && responder.tellsEnds && !isDisturbed ? [{ check: 'ends-told', layers }] : [];
}

export const pppRules: readonly Rule[] = [
  rule('PPP-1', {
    when: (facts) => facts.clients === 1 && authenticates(facts) && userOf(facts)?.address !== undefined,
    outcome: connect,
    checks: (facts) => {
      const address = userOf(facts)?.address;
      return address === undefined ? [] : [{ check: 'inner-address', address }];
    },
  }),
  rule('PPP-2', {
    when: (facts) => usesPool(facts) && freeAddresses(facts) > 0,
    outcome: connect,
    checks: ({ responder: { pool } }) =>
      pool ? [{ check: 'inner-address-in-pool', first: pool.first, last: pool.last }] : [],
  }),
  rule('PPP-3', {
    when: (facts) => usesPool(facts) && freeAddresses(facts) <= 0,
    outcome: stop('ppp-ipcp', 'pool-exhausted'),
  }),
  rule('PPP-4', {
    when: (facts) => !authenticates(facts),
    outcome: stop('ppp-auth', 'ppp-auth-failed'),
  }),
  rule('PPP-5', {
    when: ({ client, responder }) =>
      client.dataPlane !== false &&
      !client.authentication.some((protocol) => responder.authentication.includes(protocol)),
    outcome: stop('ppp-lcp', 'ppp-refused'),
  }),
  rule('L2TP-NODATA', {
    // The call is up by control messages alone (RFC 2661 5.2); LCP's first packet would need a data message (5.3).
    when: ({ client }) => client.dataPlane === false,
    outcome: stop('ppp-lcp', 'no-data-plane'),
  }),
  rule('PPP-6', {
    when: ({ client, responder }) => responder.dns !== undefined && client.requestsDns !== false,
    outcome: connect,
    checks: ({ responder: { dns } }) => (dns === undefined ? [] : [{ check: 'dns-received', address: dns }]),
  }),
  rule('PPP-7', {
    // Nobody repeats a delete that was lost (RFC 2408 5.15). SAs that a power cut left stay, whatever is deleted later.
    when: ({ client, placement, event }) =>
      client.sendsDeletes && placement.wires !== 'lose-some' && event !== 'client-power-cut',
    outcome: connect,
    checks: (facts) => [{ check: 'nothing-left' }, ...endsTold(facts)],
  }),
  rule('PPP-8', {
    when: ({ event, responder }) => event === 'client-power-cut' && responder.echo !== undefined,
    outcome: connect,
    checks: ({ client, responder }) => {
      const { echo, asksIfAlive } = responder;
      return [
        // One until an echo finds nobody, and as many as may stay unanswered.
        { check: 'freed-within', intervals: 1 + (echo?.failures ?? 0) },
        ...(asksIfAlive && client.answersIfAlive
          ? [{ check: 'sas-end-between' as const, ...foundDead(asksIfAlive) }]
          : [{ check: 'sas-outlive-link' as const }]),
      ];
    },
  }),
  rule('PPP-10', {
    when: ({ client, responder }) =>
      client.securityTab !== undefined && responder.authentication.every((each) => each === 'chap-md5'),
    outcome: ({ client }) => (client.securityTab === 'a' ? connect : stop('ppp-lcp', 'ppp-refused')),
    disputed: () => true,
  }),
  rule('PPP-11', {
    when: (facts) => {
      const { maximumTunnels } = facts.responder;
      return maximumTunnels !== undefined && facts.place >= maximumTunnels && l2tpComesIn(facts);
    },
    outcome: stop('l2tp-tunnel', 'no-policy'),
  }),
  rule('TRAF-1', {
    when: browsesThroughTunnel,
    outcome: (facts) => (translatesUsers(facts) ? connect : stop('traffic', 'not-translated')),
    checks: ({ placement: { browsing } }) =>
      browsing ? [{ check: 'browses-from', address: browsing.officeAddress }] : [],
  }),
  rule('TRAF-3', {
    when: (facts) =>
      (facts.placement.narrowest !== undefined || facts.placement.dropsFragments === true) &&
      !facts.placement.clientHasOfficeSubnet &&
      // Where small packets are lost as well nothing is about size (TRAF-1).
      (!browsesThroughTunnel(facts) || translatesUsers(facts)) &&
      bulkPasses(facts) !== undefined,
    outcome: (facts) => (bulkPasses(facts) ? connect : stop('traffic', 'large-packets-lost')),
  }),
  rule('TRAF-2', {
    when: ({ client }) => client.sendsAllIntoTunnel !== undefined,
    outcome: connect,
    // The way to the office is the tunnel with either setting; the way to the Internet is what TRAF-1 says, or one beside it.
    checks: ({ placement: { browsing }, client }) => [
      { check: 'no-public-hop' },
      ...(browsing && client.sendsAllIntoTunnel === false
        ? [{ check: 'browses-from' as const, address: browsing.clientAddress }]
        : []),
    ],
  }),
];
