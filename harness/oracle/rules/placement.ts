import type { Check } from '../../expectation.ts';
import {
  checksumIsWrong,
  clientAllowsNattedResponder,
  clientIsBehindNat,
  comesIn,
  encapsulates,
  endsSeenBehindNat,
  floats,
  isAnswered,
  isHostOfEsp,
  message4Comes,
  message5IsRead,
  natIsInThePath,
  nativeEspArrives,
  pinholesAreOpen,
  quickModeAddressesPass,
  responderIsBehindNat,
  sharesNatTraversal,
  staysOn500,
} from '../derived.ts';
import type { CellFacts } from '../facts.ts';
import { offerIsOversized, oversizedIkePasses } from '../packet-size.ts';
import { refusalTold } from '../refusal.ts';
import { connect, type Rule, rule, stop } from '../rule.ts';

const nativeEsp: readonly Check[] = [
  { check: 'esp-as-protocol-50' },
  { check: 'port-float', expected: false },
];
/** Drafts 00 and 01 put ESP into UDP on port 500 (NAT-19). */
const espInUdp = (facts: CellFacts): readonly Check[] => [
  { check: 'esp-in-udp' },
  { check: 'port-float', expected: floats(facts) },
];

/** Where message 5 is read and names an address that its packet does not come from, and no NAT-T explains it. */
function identityLooksForeign(facts: CellFacts): boolean {
  return clientIsBehindNat(facts) && facts.responder.checksPeerIdentity && message5IsRead(facts);
}

const foreignIdentity = stop('phase1', 'id-mismatch');
const esp = stop('esp', 'esp-dropped');

/** Placement of NAT, and what NAT-T makes of it. */
export const placementRules: readonly Rule[] = [
  rule('NAT-1', {
    isAboutPlacement: true,
    when: (facts) => sharesNatTraversal(facts) && !encapsulates(facts),
    outcome: connect,
    checks: () => nativeEsp,
  }),
  rule('NAT-2', {
    isAboutPlacement: true,
    when: (facts) => facts.placement.clientNats === 1 && sharesNatTraversal(facts) && !staysOn500(facts),
    outcome: connect,
    checks: espInUdp,
  }),
  rule('NAT-3', {
    isAboutPlacement: true,
    when: (facts) =>
      responderIsBehindNat(facts) &&
      sharesNatTraversal(facts) &&
      pinholesAreOpen(facts) &&
      clientAllowsNattedResponder(facts) &&
      facts.responder.acceptsDialledAddress,
    outcome: connect,
    checks: espInUdp,
  }),
  rule('NAT-4', {
    when: ({ placement }) => placement.responderNat?.udp500 === false,
    outcome: stop('reach', 'no-answer'),
  }),
  rule('NAT-5', {
    // Where no transform is shared main mode has ended before message 5 (PROP-2).
    when: (facts) =>
      facts.placement.responderNat?.udp500 === true &&
      !facts.placement.responderNat.udp4500 &&
      floats(facts) &&
      message4Comes(facts),
    outcome: stop('phase1', 'no-answer'),
  }),
  rule('NAT-6', {
    when: (facts) => facts.client.natTraversal.length === 0 && identityLooksForeign(facts),
    outcome: foreignIdentity,
  }),
  rule('NAT-7', {
    when: (facts) => facts.responder.natTraversal.length === 0 && identityLooksForeign(facts),
    outcome: foreignIdentity,
  }),
  rule('NAT-8', {
    isAboutPlacement: true,
    when: (facts) => facts.placement.clientNats > 1 && sharesNatTraversal(facts),
    outcome: connect,
    checks: espInUdp,
  }),
  rule('NAT-9', {
    when: ({ placement }) => placement.clientHasOfficeSubnet === true,
    outcome: stop('traffic', 'no-traffic'),
  }),
  rule('NAT-10', {
    isAboutPlacement: true,
    when: (facts) =>
      clientIsBehindNat(facts) &&
      !sharesNatTraversal(facts) &&
      facts.placement.clientNatEsp === 'mapped' &&
      nativeEspArrives(facts) &&
      quickModeAddressesPass(facts) &&
      isAnswered(facts),
    outcome: (facts) => (isHostOfEsp(facts) ? connect : esp),
    checks: () => nativeEsp,
  }),
  rule('NAT-11', {
    when: checksumIsWrong,
    outcome: stop('l2tp-tunnel', 'bad-checksum'),
  }),
  rule('NAT-15', {
    when: (facts) =>
      facts.client.natTraversal.length > 0 &&
      facts.responder.natTraversal.length > 0 &&
      !sharesNatTraversal(facts) &&
      identityLooksForeign(facts),
    outcome: foreignIdentity,
  }),
  rule('NAT-16', {
    when: (facts) => !sharesNatTraversal(facts) && !quickModeAddressesPass(facts),
    outcome: stop('phase2', 'id-mismatch'),
    checks: refusalTold,
  }),
  rule('NAT-17', {
    when: (facts) =>
      clientIsBehindNat(facts) &&
      !sharesNatTraversal(facts) &&
      facts.placement.clientNatEsp === 'out-only' &&
      isAnswered(facts),
    outcome: esp,
  }),
  rule('NAT-18', {
    when: (facts) => dropsEsp(facts) && !sharesNatTraversal(facts),
    outcome: esp,
  }),
  rule('NAT-19', {
    isAboutPlacement: true,
    when: (facts) =>
      staysOn500(facts) &&
      natIsInThePath(facts) &&
      comesIn(facts, 500) &&
      (!responderIsBehindNat(facts) || facts.responder.acceptsDialledAddress),
    outcome: connect,
    checks: espInUdp,
  }),
  rule('NAT-20', {
    when: (facts) =>
      responderIsBehindNat(facts) && sharesNatTraversal(facts) && !facts.responder.acceptsDialledAddress,
    outcome: stop('phase2', 'id-mismatch'),
    checks: refusalTold,
  }),
  rule('NAT-21', {
    // A stop after message 5 shows it as well as a connection does: the deletes that follow stay on 4500.
    when: floats,
    outcome: connect,
    checks: () => [{ check: 'ike-stays-on-4500' }],
  }),
  rule('NAT-22', {
    when: ({ placement }) => placement.dropsFragments === true,
    outcome: (facts) => {
      // With a pre-shared key every other message fits, but for the offer of who takes all that there is.
      if (facts.event === 'rekey-by-responder' && offerIsOversized(facts.responder.phase1 ?? []))
        return stop('hold', 'no-rekey');
      // Aggressive mode has no message 5 or 6.
      const isOversized = facts.impairment?.name === 'oversized' && facts.client.aggressive !== true;
      const isSent = isOversized && message5IsRead(facts);
      return isSent && !oversizedIkePasses(facts) ? stop('phase1', 'no-answer') : connect;
    },
  }),
  rule('NAT-23', {
    // Without NAT a client or responder that has NAT-T off changes nothing.
    isAboutPlacement: true,
    when: (facts) => !natIsInThePath(facts) && !sharesNatTraversal(facts),
    outcome: connect,
    checks: () => nativeEsp,
  }),
  rule('NAT-24', {
    isAboutPlacement: true,
    when: (facts) => !natIsInThePath(facts) && encapsulates(facts) && clientAllowsNattedResponder(facts),
    outcome: connect,
    checks: espInUdp,
  }),
  rule('NAT-25', {
    // What stops later than messages 3 and 4 has shown it all the same.
    when: sharesNatTraversal,
    outcome: connect,
    checks: (facts) => [
      {
        check: 'nat-seen',
        byClient: endsSeenBehindNat(facts, 'client'),
        byResponder: endsSeenBehindNat(facts, 'responder'),
      },
    ],
  }),
];

/** A NAT on either side lets no protocol 50 in. */
function dropsEsp(facts: CellFacts): boolean {
  const atClient = clientIsBehindNat(facts) && facts.placement.clientNatEsp === 'dropped';
  return atClient || facts.placement.responderNat?.esp === false;
}
