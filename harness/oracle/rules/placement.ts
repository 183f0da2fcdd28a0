import type { Check } from '../../expectation.ts';
import {
  clientAllowsNattedResponder,
  clientIsBehindNat,
  encapsulates,
  message5IsRead,
  natIsInThePath,
  nativeEspPasses,
  phase1IsAgreed,
  pinholesAreOpen,
  quickModeAddressesPass,
  responderIsBehindNat,
  sharesNatTraversal,
} from '../derived.ts';
import type { CellFacts } from '../facts.ts';
import { connect, type Rule, rule, source, stop } from '../rule.ts';

const nativeEsp: readonly Check[] = [
  { check: 'esp-as-protocol-50' },
  { check: 'port-float', expected: false },
];
const espInUdp: readonly Check[] = [{ check: 'esp-in-udp' }, { check: 'port-float', expected: true }];

/** Where message 5 is read and names an address that its packet does not come from, and no NAT-T explains it. */
function identityLooksForeign(facts: CellFacts): boolean {
  return clientIsBehindNat(facts) && facts.responder.checksPeerIdentity && message5IsRead(facts);
}

const foreignIdentity = stop('phase1', 'id-mismatch');
const esp = stop('esp', 'esp-dropped');

export const placementRules: readonly Rule[] = [
  rule({
    id: 'NAT-1',
    about: 'placement',
    when: (facts) => sharesNatTraversal(facts) && !encapsulates(facts),
    outcome: connect,
    checks: () => nativeEsp,
    source: source.howTo,
    confidence: 'V',
  }),
  rule({
    id: 'NAT-2',
    about: 'placement',
    when: (facts) => facts.placement.clientNats === 1 && sharesNatTraversal(facts),
    outcome: connect,
    checks: () => espInUdp,
    source: `${source.howTo}; RFC 3947 section 4; RFC 3948`,
    confidence: 'V',
  }),
  rule({
    id: 'NAT-3',
    about: 'placement',
    when: (facts) =>
      responderIsBehindNat(facts) &&
      sharesNatTraversal(facts) &&
      pinholesAreOpen(facts) &&
      clientAllowsNattedResponder(facts) &&
      facts.responder.acceptsDialledAddress,
    outcome: connect,
    checks: () => espInUdp,
    source: source.howTo,
    confidence: 'V',
  }),
  rule({
    id: 'NAT-4',
    about: 'placement',
    when: ({ placement }) => placement.responderNat?.udp500 === false,
    outcome: stop('reach', 'no-answer'),
    source: source.howTo,
    confidence: 'V',
  }),
  rule({
    id: 'NAT-5',
    about: 'placement',
    // Where no transform is shared main mode has ended before message 5 (PROP-2).
    when: (facts) =>
      facts.placement.responderNat?.udp500 === true &&
      !facts.placement.responderNat.udp4500 &&
      sharesNatTraversal(facts) &&
      phase1IsAgreed(facts),
    outcome: stop('phase1', 'no-answer'),
    source: source.howTo,
    confidence: 'D',
  }),
  rule({
    id: 'NAT-6',
    about: 'placement',
    when: (facts) => facts.client.natTraversal.length === 0 && identityLooksForeign(facts),
    outcome: foreignIdentity,
    source: `${source.howTo} ("Remote ID different to expected")`,
    confidence: 'D',
  }),
  rule({
    id: 'NAT-7',
    about: 'placement',
    when: (facts) => facts.responder.natTraversal.length === 0 && identityLooksForeign(facts),
    outcome: foreignIdentity,
    source: `${source.sans}; ${source.fieldFacts} F`,
    confidence: 'D',
  }),
  rule({
    id: 'NAT-8',
    about: 'placement',
    when: (facts) => facts.placement.clientNats > 1 && sharesNatTraversal(facts),
    outcome: connect,
    checks: () => espInUdp,
    source: 'RFC 3947 section 3.2 (NAT-D compares ends, not hops)',
    confidence: 'D',
  }),
  rule({
    id: 'NAT-11',
    about: 'placement',
    when: (facts) =>
      natIsInThePath(facts) &&
      !sharesNatTraversal(facts) &&
      quickModeAddressesPass(facts) &&
      nativeEspPasses(facts) &&
      facts.client.innerChecksum &&
      facts.responder.dropsBadInnerChecksums,
    outcome: stop('l2tp-tunnel', 'bad-checksum'),
    source: `${source.natArticle}; RFC 3715 section 2.1`,
    confidence: 'D',
  }),
  rule({
    id: 'NAT-15',
    about: 'placement',
    when: (facts) =>
      facts.client.natTraversal.length > 0 &&
      facts.responder.natTraversal.length > 0 &&
      !sharesNatTraversal(facts) &&
      identityLooksForeign(facts),
    outcome: foreignIdentity,
    source: `${source.kb818043} ("a draft")`,
    confidence: 'D',
  }),
  rule({
    id: 'NAT-16',
    about: 'placement',
    when: (facts) => !sharesNatTraversal(facts) && !quickModeAddressesPass(facts),
    outcome: stop('phase2', 'id-mismatch'),
    source: `${source.sans} (addresses that do not correspond)`,
    confidence: 'V',
  }),
  rule({
    id: 'NAT-17',
    about: 'placement',
    when: (facts) =>
      clientIsBehindNat(facts) && !sharesNatTraversal(facts) && facts.placement.clientNatEsp === 'out-only',
    outcome: esp,
    source: `${source.sans} (the gateway drops the packet)`,
    confidence: 'V',
  }),
  rule({
    id: 'NAT-18',
    about: 'placement',
    when: (facts) => {
      const atClient = clientIsBehindNat(facts) && facts.placement.clientNatEsp === 'dropped';
      return !sharesNatTraversal(facts) && (atClient || facts.placement.responderNat?.esp === false);
    },
    outcome: esp,
    source: source.natArticle,
    confidence: 'D',
  }),
  rule({
    id: 'NAT-20',
    about: 'placement',
    when: (facts) =>
      responderIsBehindNat(facts) && sharesNatTraversal(facts) && !facts.responder.acceptsDialledAddress,
    outcome: stop('phase2', 'id-mismatch'),
    source: `${source.fieldFacts} C4`,
    confidence: 'D',
  }),
  rule({
    id: 'NAT-24',
    about: 'placement',
    when: (facts) => !natIsInThePath(facts) && encapsulates(facts) && clientAllowsNattedResponder(facts),
    outcome: connect,
    checks: () => espInUdp,
    source: 'RFC 3947 section 3.2 (a NAT-D that matches nothing is a NAT)',
    confidence: 'D',
  }),
  rule({
    // Without NAT a client or responder that has NAT-T off changes nothing.
    id: 'NAT-23',
    about: 'placement',
    when: (facts) => !natIsInThePath(facts) && !sharesNatTraversal(facts),
    outcome: connect,
    checks: () => nativeEsp,
    source: 'RFC 2406; RFC 2409',
    confidence: 'D',
  }),
];
