import type { CellFacts } from './facts.ts';

/** What several rules ask of the same facts. Nothing here expects anything. */

export function sharesNatTraversal({ client, responder }: CellFacts): boolean {
  return client.natTraversal.some((revision) => responder.natTraversal.includes(revision));
}

export function clientIsBehindNat({ placement }: CellFacts): boolean {
  return placement.clientNats > 0;
}

export function responderIsBehindNat({ placement }: CellFacts): boolean {
  return placement.responderNat !== undefined;
}

export function natIsInThePath(facts: CellFacts): boolean {
  return clientIsBehindNat(facts) || responderIsBehindNat(facts);
}

/** NAT-T sees NAT, and moves everything to port 4500: because there is some, or because the responder says so. */
export function encapsulates(facts: CellFacts): boolean {
  const seen = natIsInThePath(facts) || facts.responder.pretendsNat !== 'of-nobody';
  return sharesNatTraversal(facts) && seen;
}

/** Both UDP ports of IKE come through to the responder. */
export function pinholesAreOpen({ placement: { responderNat } }: CellFacts): boolean {
  return responderNat === undefined || (responderNat.udp500 && responderNat.udp4500);
}

/** What the client's NAT detection says of the responder. */
export function responderLooksNatted(facts: CellFacts): boolean {
  const seen = responderIsBehindNat(facts) || facts.responder.pretendsNat === 'of-itself';
  return sharesNatTraversal(facts) && seen;
}

/** The client is let to go on with a responder that looks NATed (rules WIN-1 to WIN-4). */
export function clientAllowsNattedResponder(facts: CellFacts): boolean {
  const { natRule } = facts.client;
  if (natRule === undefined || natRule.value === 2) return true;
  return natRule.value === 1 && !clientIsBehindNat(facts);
}

/** Message 5 arrives: the ports of NAT-T are open, or nothing moves to them. */
export function message5Arrives(facts: CellFacts): boolean {
  return !encapsulates(facts) || facts.placement.responderNat?.udp4500 !== false;
}

/** The responder can read message 5, and so the identity in it. */
export function message5IsRead(facts: CellFacts): boolean {
  return message5Arrives(facts) && phase1IsAgreed(facts) && facts.credentials.preSharedKeysAgree;
}

/** The responder takes the exchange with which the client begins. */
export function exchangeIsAgreed({ client, responder }: CellFacts): boolean {
  return client.aggressive !== true || responder.acceptsAggressive === true;
}

export function phase1IsAgreed(facts: CellFacts): boolean {
  const { client, responder } = facts;
  const shared = responder.phase1 === undefined || common(client.phase1, responder.phase1).length > 0;
  return exchangeIsAgreed(facts) && shared;
}

export function phase2IsAgreed({ client, responder }: CellFacts): boolean {
  return responder.phase2 === undefined || common(client.phase2, responder.phase2).length > 0;
}

/** The responder takes the addresses of quick mode for those of the packets. */
export function quickModeAddressesPass(facts: CellFacts): boolean {
  if (sharesNatTraversal(facts)) return !responderIsBehindNat(facts) || facts.responder.acceptsDialledAddress;
  return !natIsInThePath(facts) || !facts.responder.checksQuickModeAddresses;
}

/** How the responder's ports meet the client's quick mode identities: exactly, and any is not 1701. */
export function quickModePortsMatch({ client, responder }: CellFacts): boolean {
  const { lport, rport } = responder.ports;
  return (
    (lport === undefined || lport === client.ports.remote) &&
    (rport === undefined || rport === client.ports.local)
  );
}

/** ESP without UDP comes through in both directions. */
export function nativeEspPasses({ placement }: CellFacts): boolean {
  const fromClient = placement.clientNats === 0 || placement.clientNatEsp === 'mapped';
  return fromClient && placement.responderNat?.esp !== false;
}

/** What both lists hold, in the order of the first. */
export function common(first: readonly string[], second: readonly string[]): string[] {
  return first.filter((transform) => second.includes(transform));
}

/** The transform that the responder's choice rule gives (PROP-1); `undefined` where its list is not known or none is shared. */
export function chosen(facts: CellFacts, phase: 'phase1' | 'phase2'): string | undefined {
  const own = facts.responder[phase];
  if (own === undefined) return undefined;
  const offered = facts.client[phase];
  return facts.responder.choice === 'initiator-order' ? common(offered, own)[0] : common(own, offered)[0];
}

/** Single DES or no encryption at all, where both ends had better (PROP-5). */
export function isDowngraded(facts: CellFacts, phase: 'phase1' | 'phase2'): boolean {
  const own = facts.responder[phase] ?? [];
  const taken = chosen(facts, phase);
  const better = common(facts.client[phase], own).some((transform) => !isWeak(transform));
  return taken !== undefined && isWeak(taken) && better;
}

function isWeak(transform: string): boolean {
  return /^(des|null)-/.test(transform);
}
