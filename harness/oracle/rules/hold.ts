import { encapsulates } from '../derived.ts';
import type { CellFacts } from '../facts.ts';
import { connect, type Rule, rule, stop } from '../rule.ts';

/** What a standing connection whose ESP goes in UDP lives through at the NAT in front of its client. */
export const holdRules: readonly Rule[] = [
  rule('NAT-13', {
    when: (facts) => encapsulates(facts) && idleLongerThanMapping(facts),
    outcome: (facts) => (keepsMappingAlive(facts) ? connect : stop('hold', 'no-traffic')),
    checks: () => [{ check: 'survives-hold' }],
  }),
  rule('NAT-14', {
    when: (facts) => encapsulates(facts) && facts.placement.hold?.rebinding !== undefined,
    outcome: (facts) => (follows(facts) ? connect : stop('hold', 'no-traffic')),
    checks: () => [{ check: 'survives-hold' }],
  }),
];

function idleLongerThanMapping({ placement: { hold, clientNatUdpSeconds } }: CellFacts): boolean {
  const idle = hold?.idleSeconds;
  return idle !== undefined && clientNatUdpSeconds !== undefined && idle > clientNatUdpSeconds;
}

/** What either end sends by itself crosses the NAT, as such or as its answer, before the mapping ends. */
function keepsMappingAlive({ client, responder, placement }: CellFacts): boolean {
  const senders = [client.speaksEverySeconds, responder.speaksEverySeconds].filter(
    (each) => each !== undefined,
  );
  const alive = placement.clientNatUdpSeconds;
  return alive !== undefined && senders.some((seconds) => seconds < alive);
}

function follows({ placement, responder }: CellFacts): boolean {
  const { followsMapping } = responder;
  return followsMapping === 'port-and-address' || followsMapping === placement.hold?.rebinding;
}
