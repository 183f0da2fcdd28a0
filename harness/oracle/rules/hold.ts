import type { Check } from '../../expectation.ts';
import { encapsulates } from '../derived.ts';
import type { CellFacts } from '../facts.ts';
import { connect, type Rule, rule, stop } from '../rule.ts';

/** What a standing connection whose ESP goes in UDP lives through at the NAT in front of its client. */
export const holdRules: readonly Rule[] = [
  rule('NAT-13', {
    when: (facts) => encapsulates(facts) && idleLongerThanMapping(facts),
    outcome: (facts) => (keepsMappingAlive(facts) ? connect : stop('hold', 'no-traffic')),
    checks: (facts) => [{ check: 'survives-hold' }, ...keepaliveChecks(facts)],
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

/**
 * What either end sends by itself crosses the NAT, as such or as its answer, before the mapping ends; or the client has
 * spoken so lately that the mapping it made anew lives, and the responder has followed it there.
 */
function keepsMappingAlive({
  client,
  responder,
  placement: { hold, clientNatUdpSeconds },
}: CellFacts): boolean {
  const alive = clientNatUdpSeconds ?? 0;
  const own = client.speaksEverySeconds ?? Number.POSITIVE_INFINITY;
  if (own < alive || (responder.speaksEverySeconds ?? Number.POSITIVE_INFINITY) < alive) return true;
  const idle = hold?.idleSeconds ?? 0;
  return own <= idle && idle % own < alive && responder.followsMapping !== undefined;
}

/** RFC 3948 4: who is behind NAT sends one when nothing else was sent for so long, and nobody answers it. */
function keepaliveChecks({
  client,
  placement: { hold, clientNats, responderNat },
}: CellFacts): readonly Check[] {
  const { keepaliveSeconds, speaksEverySeconds } = client;
  if (keepaliveSeconds === undefined || clientNats === 0) return [];
  const isDue = keepaliveSeconds === speaksEverySeconds && (hold?.idleSeconds ?? 0) > keepaliveSeconds;
  return [
    ...(isDue ? [{ check: 'keepalives-sent' } as const] : []),
    ...(responderNat ? [] : [{ check: 'keepalives-unanswered' } as const]),
  ];
}

function follows({ placement, responder }: CellFacts): boolean {
  const { followsMapping } = responder;
  return followsMapping === 'port-and-address' || followsMapping === placement.hold?.rebinding;
}
