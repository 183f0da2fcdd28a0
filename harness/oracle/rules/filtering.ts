import { clientIsBehindNat, encapsulates, floats, message4Comes } from '../derived.ts';
import type { CellFacts } from '../facts.ts';
import { connect, type Rule, rule, stop } from '../rule.ts';

/** The gateway lets these in. */
const permits = ({ placement }: CellFacts, ...each: string[]) =>
  placement.filter !== undefined && each.every((one) => placement.filter?.permits.includes(one));

/** Its permits are what every connection through it needs. */
const isRight = (facts: CellFacts) => permits(facts, 'udp 500', 'udp 4500', 'esp');

/** ESP without UDP would have to pass, and does not. */
const lacksEsp = (facts: CellFacts) =>
  permits(facts, 'udp 500', 'udp 4500') && !permits(facts, 'esp') && !encapsulates(facts);

/** UDP 1701 gets to the responder: no NAT gateway forwards it, and a filter has to permit it. */
function clearL2tpArrives(facts: CellFacts): boolean {
  const { responderNat, filter, dialledAddressIsOld } = facts.placement;
  const isBlocked = filter !== undefined && !permits(facts, 'udp 1701');
  return responderNat === undefined && !isBlocked && !dialledAddressIsOld;
}

/** A gateway before the responder that filters and does not translate. */
export const filteringRules: readonly Rule[] = [
  rule('FW-1', { when: isRight, outcome: connect }),
  rule('FW-2', {
    when: (facts) => lacksEsp(facts) && !permits(facts, 'tcp 50') && !clientIsBehindNat(facts),
    outcome: stop('esp', 'esp-dropped'),
  }),
  rule('FW-3', {
    when: (facts) => permits(facts, 'udp 500', 'udp 4500', 'tcp 50') && !permits(facts, 'esp'),
    outcome: (facts) => (encapsulates(facts) ? connect : stop('esp', 'esp-dropped')),
  }),
  rule('FW-4', { when: (facts) => isRight(facts) && permits(facts, 'udp 1701'), outcome: connect }),
  rule('FW-5', {
    beginnings: ['clear-l2tp'],
    when: ({ client }) => client.withoutIpsec === true,
    outcome: (facts) => stop(clearL2tpArrives(facts) ? 'l2tp-tunnel' : 'reach', 'no-answer'),
    checks: () => [{ check: 'clear-l2tp-unanswered' }],
  }),
  rule('FW-6', { when: (facts) => isRight(facts) && permits(facts, 'ah'), outcome: connect }),
  rule('FW-7', {
    beginnings: ['ike', 'clear-l2tp'],
    when: ({ placement }) => placement.dialledAddressIsOld === true,
    outcome: stop('reach', 'no-answer'),
  }),
  rule('FW-8', {
    when: (facts) =>
      facts.placement.filter !== undefined &&
      (!permits(facts, 'udp 500') || (!permits(facts, 'udp 4500') && floats(facts) && message4Comes(facts))),
    outcome: (facts) =>
      permits(facts, 'udp 500') ? stop('phase1', 'no-answer') : stop('reach', 'no-answer'),
  }),
];
