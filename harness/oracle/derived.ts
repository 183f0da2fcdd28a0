import type { EndsSeen } from '../expectation.ts';
import { onTheWire } from '../transform-on-the-wire.ts';
import type { CellFacts, ScriptFacts } from './facts.ts';

/** What several rules ask of the same facts. Nothing here expects anything. */

export function sharesNatTraversal({ client, responder }: CellFacts): boolean {
  return client.natTraversal.some((revision) => responder.natTraversal.includes(revision));
}

/** Drafts 00 and 01 stay on port 500 (RFC 3947 4 moves to 4500); of those in common a later one is preferred. */
export function staysOn500({ client, responder }: CellFacts): boolean {
  const shared = client.natTraversal.filter((revision) => responder.natTraversal.includes(revision));
  return shared.length > 0 && shared.every((revision) => revision === 'draft-00' || revision === 'draft-01');
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

/** NAT-T sees NAT, and puts ESP into UDP: because there is some, or because the responder says so. */
export function encapsulates(facts: CellFacts): boolean {
  const seen = natIsInThePath(facts) || facts.responder.pretendsNat !== 'of-nobody';
  return sharesNatTraversal(facts) && seen;
}

/**
 * Behind which ends a reader of NAT-D sees NAT (RFC 3947 3.2): who stands behind one, and of whom the other end
 * pretends it. A misbehaving end (IMPAIR-WRONG-NAT-D and its like) deceives its peer alone.
 */
export function endsSeenBehindNat(facts: CellFacts, by: 'client' | 'responder'): EndsSeen {
  const { impairment, responder } = facts;
  if (impairment !== undefined && impairment.end !== by) {
    if (impairment.name === 'wrong-nat-d') return 'both';
    // Without NAT-D nothing is seen, and in another order than the reader's something that is not there.
    if (impairment.name === 'no-nat-d' || impairment.name === 'nat-d-wrong-order') return 'any';
  }
  const isTold = by === 'client';
  const client = clientIsBehindNat(facts) || (isTold && responder.pretendsNat === 'of-clients');
  const office = responderIsBehindNat(facts) || (isTold && responder.pretendsNat === 'of-itself');
  if (client) return office ? 'both' : 'client';
  return office ? 'responder' : 'neither';
}

/** The UDP ports that IKE needs come through the responder's NAT. */
export function pinholesAreOpen(facts: CellFacts): boolean {
  const { responderNat } = facts.placement;
  return responderNat === undefined || (responderNat.udp500 && (responderNat.udp4500 || staysOn500(facts)));
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

/** Whether what has to come through to the responder on this UDP port does: forwards, filters, and the script let it in. */
export function comesIn({ placement, responder }: CellFacts, port: 500 | 4500): boolean {
  const { responderNat, filter } = placement;
  const { script } = responder;
  const isForwarded =
    responderNat === undefined || (port === 500 ? responderNat.udp500 : responderNat.udp4500);
  const isPermitted = filter === undefined || filter.permits.includes(`udp ${port}`);
  return isForwarded && isPermitted && (script === undefined || scriptLetsIn(script, port));
}

/** A permit policy of IPsec and a rule of the firewall each have to let it in (rules AW-1, AW-2). */
export function scriptLetsIn({ permits, rules }: ScriptFacts, port: 500 | 4500): boolean {
  const own = port === 500 ? 'isakmp' : 'isakmp_float';
  return (permits.includes(own) || permits.includes('internet')) && rules.includes(port === 500 ? 1 : 2);
}

/** IKE moves to port 4500 with message 5. */
export function floats(facts: CellFacts): boolean {
  // A client that is sent no NAT-D has found no NAT (IMPAIR-NO-NAT-D).
  const isTold = facts.impairment?.name !== 'no-nat-d' || facts.impairment.end === 'client';
  return encapsulates(facts) && !staysOn500(facts) && isTold;
}

/** Message 5 arrives where it goes: on 4500 once IKE has moved, else on 500. */
export function message5Arrives(facts: CellFacts): boolean {
  return !floats(facts) || comesIn(facts, 4500);
}

/** The responder can read message 5, and so the identity in it. */
export function message5IsRead(facts: CellFacts): boolean {
  return message5Arrives(facts) && message4Comes(facts) && facts.credentials.preSharedKeysAgree;
}

/** Main mode goes on with message 4: a transform is agreed on, and the responder has a key to go on with (rule AW-3). */
export function message4Comes(facts: CellFacts): boolean {
  return phase1IsAgreed(facts) && facts.responder.keyIsMissing === undefined;
}

/** The responder takes the exchange with which the client begins. */
export function exchangeIsAgreed({ client, responder }: CellFacts): boolean {
  return client.aggressive !== true || responder.acceptsAggressive === true;
}

/** Message 1 reaches the responder, and its IKE. */
export function isReached(facts: CellFacts): boolean {
  return !facts.placement.dialledAddressIsOld && comesIn(facts, 500);
}

export function phase1IsAgreed(facts: CellFacts): boolean {
  const { client, responder } = facts;
  const shared = responder.phase1 === undefined || common(client.phase1, responder.phase1).length > 0;
  return exchangeIsAgreed(facts) && shared;
}

export function phase2IsAgreed({ client, responder }: CellFacts): boolean {
  return responder.phase2 === undefined || common(client.phase2, responder.phase2).length > 0;
}

/** A number that a client gives ESP in UDP although another revision has it means something to the responder (rule ESP-2). */
export function takesOtherEncapsulation(facts: CellFacts): boolean {
  return !encapsulates(facts) || facts.responder.takesEitherEncapsulation === true;
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

/** A policy of the responder is for what quick mode names: its bundle is looked at only then. */
export function policyIsFound(facts: CellFacts): boolean {
  return quickModeAddressesPass(facts) && quickModePortsMatch(facts);
}

/**
 * Behind the client's NAT: ESP without UDP finds its way back to this client. Where it goes to the host that spoke last,
 * each has it: clients dial one after the other, and what is proved of one it begins itself.
 */
export function isHostOfEsp({ placement, place }: CellFacts): boolean {
  return placement.clientNatEspOf !== 'first' || place === 0;
}

/** ESP without UDP comes through to the responder. */
export function nativeEspArrives({ placement }: CellFacts): boolean {
  const fromClient = placement.clientNats === 0 || placement.clientNatEsp !== 'dropped';
  const throughFilter = placement.filter === undefined || placement.filter.permits.includes('esp');
  return fromClient && throughFilter && placement.responderNat?.esp !== false;
}

/** ESP without UDP comes through in both directions. */
function nativeEspPasses(facts: CellFacts): boolean {
  const { placement } = facts;
  const comesBack = placement.clientNats === 0 || (placement.clientNatEsp === 'mapped' && isHostOfEsp(facts));
  return nativeEspArrives(facts) && comesBack;
}

/** A responder that drops what its client sends, for its ICV (ESP-1) or its checksum (NAT-11), sends nothing that could be lost. */
export function isAnswered(facts: CellFacts): boolean {
  const { client, responder } = facts;
  return !cutsDiffer(facts) && (!client.innerChecksum || !responder.dropsBadInnerChecksums);
}

/** NAT changed the addresses that the checksum of L2TP's UDP is over, and one end minds (RFC 3715 2.1). */
export function checksumIsWrong(facts: CellFacts): boolean {
  return (
    natIsInThePath(facts) &&
    !sharesNatTraversal(facts) &&
    quickModeAddressesPass(facts) &&
    nativeEspArrives(facts) &&
    (!isAnswered(facts) || (nativeEspPasses(facts) && facts.responder.innerChecksum === true))
  );
}

/** What the client's L2TP sends is read: out of ESP, with a checksum that holds, and let in by the script. */
export function l2tpComesIn(facts: CellFacts): boolean {
  const { script } = facts.responder;
  return !checksumIsWrong(facts) && (script === undefined || script.rules.includes(3));
}

/** What both lists hold, in the order of the first and as it says it. */
export function common(first: readonly string[], second: readonly string[]): string[] {
  const offered = second.map(onTheWire);
  return first.filter((transform) => offered.includes(onTheWire(transform)));
}

/** The transform that the responder's choice rule gives (PROP-1); `undefined` where its list is not known or none is shared. */
export function chosen(facts: CellFacts, phase: 'phase1' | 'phase2'): string | undefined {
  const own = facts.responder[phase];
  if (own === undefined) return undefined;
  const offered = facts.client[phase];
  return facts.responder.choice === 'initiator-order' ? common(offered, own)[0] : common(own, offered)[0];
}

/** Both name HMAC-SHA2-256, and cut it to different lengths. */
export function cutsDiffer(facts: CellFacts): boolean {
  const taken = chosen(facts, 'phase2');
  if (taken === undefined) return false;
  const both = [...facts.client.phase2, ...(facts.responder.phase2 ?? [])];
  return both.some((transform) => transform !== taken && onTheWire(transform) === onTheWire(taken));
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
