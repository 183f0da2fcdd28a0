import type { CellFacts } from '../facts.ts';
import { connect, type Rule, rule, source, stop } from '../rule.ts';

function userOf({ responder, credentials }: CellFacts) {
  return responder.users.find((user) => user.name === credentials.user);
}

function authenticates(facts: CellFacts): boolean {
  return userOf(facts) !== undefined && facts.credentials.passwordIsRight;
}

/** Takes its address from the pool; the first client gets one where there is a pool at all. */
function usesPool(facts: CellFacts): boolean {
  return authenticates(facts) && userOf(facts)?.address === undefined;
}

function addressesIn(pool: CellFacts['responder']['pool']): number {
  const number = (address: string) => address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
  return pool ? number(pool.last) - number(pool.first) + 1 : 0;
}

/** Addresses of the user database are not given out twice. */
function freeAddresses({ responder: { pool, users } }: CellFacts): number {
  const inside = users.filter(({ address }) => address !== undefined && pool && between(address, pool));
  return addressesIn(pool) - inside.length;
}

function between(address: string, pool: { readonly first: string; readonly last: string }): boolean {
  return (
    addressesIn({ first: pool.first, last: address }) > 0 &&
    addressesIn({ first: address, last: pool.last }) > 0
  );
}

export const pppRules: readonly Rule[] = [
  rule({
    id: 'PPP-1',
    about: 'ppp',
    when: (facts) => facts.clients === 1 && authenticates(facts) && userOf(facts)?.address !== undefined,
    outcome: connect,
    checks: (facts) => {
      const address = userOf(facts)?.address;
      return address === undefined ? [] : [{ check: 'inner-address', address }];
    },
    source: source.howTo,
    confidence: 'V',
  }),
  rule({
    id: 'PPP-2',
    about: 'ppp',
    when: (facts) => usesPool(facts) && freeAddresses(facts) >= facts.clients,
    outcome: connect,
    checks: ({ responder: { pool } }) =>
      pool ? [{ check: 'inner-address-in-pool', first: pool.first, last: pool.last }] : [],
    source: source.howTo,
    confidence: 'V',
  }),
  rule({
    id: 'PPP-3',
    about: 'ppp',
    when: (facts) => usesPool(facts) && freeAddresses(facts) < facts.clients,
    outcome: stop('ppp-ipcp', 'pool-exhausted'),
    source: source.howTo,
    confidence: 'D',
  }),
  rule({
    id: 'PPP-4',
    about: 'ppp',
    when: (facts) => !authenticates(facts),
    outcome: stop('ppp-auth', 'ppp-auth-failed'),
    source: `${source.howTo}; ${source.fieldFacts} C3`,
    confidence: 'V',
  }),
  rule({
    id: 'PPP-5',
    about: 'ppp',
    when: ({ client, responder }) =>
      client.dataPlane !== false &&
      !client.authentication.some((protocol) => responder.authentication.includes(protocol)),
    outcome: stop('ppp-lcp', 'ppp-refused'),
    source: `RFC 1661 section 6.2; ${source.howTo}; ${source.vpnPost}`,
    confidence: 'V',
  }),
  rule({
    id: 'L2TP-NODATA',
    about: 'ppp',
    // The call is up by control messages alone (RFC 2661 5.2); LCP's first packet would need a data message (5.3).
    when: ({ client }) => client.dataPlane === false,
    outcome: stop('ppp-lcp', 'no-data-plane'),
    source:
      'kl2tpd(8), -null ("establish L2TP tunnel and session but do not spawn pppd"); RFC 2661 sections 5.2, 5.3',
    confidence: 'D',
  }),
  rule({
    id: 'PPP-6',
    about: 'ppp',
    when: ({ client, responder }) => responder.dns !== undefined && client.requestsDns !== false,
    outcome: connect,
    checks: ({ responder: { dns } }) => (dns === undefined ? [] : [{ check: 'dns-received', address: dns }]),
    source: source.howTo,
    confidence: 'V',
  }),
  rule({
    id: 'PPP-7',
    about: 'ppp',
    when: ({ client }) => client.sendsDeletes,
    outcome: connect,
    checks: () => [{ check: 'nothing-left' }],
    source: `${source.fieldFacts} E1, E4`,
    confidence: 'D',
  }),
];
