import type { UdpAddress } from '../address.ts';
import type { Fact } from '../fact.ts';
import { payloadsOf, type ReceivedPayload } from '../isakmp/message.ts';
import type { Payload } from '../isakmp/payload.ts';
import { natTraversalPort } from '../nat-traversal/datagram.ts';
import {
  detectNat,
  type NatDetection,
  natDetectionHash,
  natDetectionToSend,
} from '../nat-traversal/detection.ts';
import { commonRevisions, revisionNumbers } from '../nat-traversal/numbers.ts';
import type { NatTraversalRevision } from '../nat-traversal/revision.ts';
import type { IkeConfig, IkeInitiatorConfig, IkeResponderConfig } from './config.ts';
import type { Ends } from './exchange.ts';
import type { Cookies, Negotiated, Phase1Context } from './phase1.ts';
import { digest } from './prf.ts';

/*
 * NAT detection and the change of ports (RFC 3947 3.2, 4), the same in every exchange of phase 1: both ends
 * send NAT-D under the agreed revision, and the initiator moves to port 4500 with the message after it.
 */

/** What a responder makes of the NAT-T ids in message 1, and which it names in its answer. */
export function agreeOnRevision(
  { natTraversal, natTraversalAnswer }: IkeResponderConfig,
  vendorIds: readonly string[],
): Pick<Negotiated, 'revision' | 'common'> & { readonly answered: readonly NatTraversalRevision[] } {
  const common = commonRevisions(natTraversal, vendorIds);
  const [revision] = common;
  if (natTraversalAnswer === undefined) return { revision, answered: common.slice(0, 1) };
  const received = natTraversal.filter((each) => common.includes(each));
  return { revision, common, answered: natTraversalAnswer === 'as-received' ? received : natTraversal };
}

/** The NAT-D payloads to send; none without NAT traversal. */
export function natDetectionPayloads(
  context: Phase1Context<IkeConfig>,
  negotiated: Pick<Negotiated, 'transform' | 'revision'>,
): Payload[] {
  const { revision } = negotiated;
  if (revision === undefined) return [];
  const { natD: number, natDOrder } = revisionNumbers[revision];
  const { config, random, ends } = context;
  const hash = addressHash(context, negotiated);
  const disguise = config.forcedEncapsulation ? random(hash(ends.local).length) : undefined;
  return natDetectionToSend(hash, ends.local, ends.peer, natDOrder, disguise).map((data) => ({
    payload: 'nat-d',
    number,
    data,
  }));
}

export interface ReadNatDetection {
  readonly nat: NatDetection | undefined;
  /** The agreed revision, or another common one under whose number the peer's NAT-D came. */
  readonly revision: NatTraversalRevision | undefined;
  readonly facts: Fact[];
}

/**
 * What the peer's NAT-D payloads show. Those under the number of a revision that is not common do not count.
 * Where several are common and the initiator was told of all, it may have chosen another than this end: its
 * NAT-D says which.
 */
export function readNatDetection(
  context: Phase1Context<IkeConfig>,
  { transform, revision: agreed, common = [] }: Pick<Negotiated, 'transform' | 'revision' | 'common'>,
  payloads: readonly ReceivedPayload[],
): ReadNatDetection {
  if (agreed === undefined) return { nat: undefined, revision: undefined, facts: [] };
  const all = payloadsOf(payloads, 'nat-d');
  const under = (revision: NatTraversalRevision) =>
    all.filter(({ number }) => number === revisionNumbers[revision].natD).map(({ data }) => data);
  const revision = [agreed, ...common].find((each) => under(each).length > 0) ?? agreed;
  const facts: Fact[] = revision === agreed ? [] : [{ fact: 'nat-traversal-chosen', revision }];
  const { config, ends } = context;
  const hash = addressHash(context, { transform });
  const received = under(revision);
  const seen = detectNat(hash, received, ends.local, ends.peer, revisionNumbers[revision].natDOrder);
  if (seen === undefined) {
    const detail = `${revision} agreed, but ${received.length} NAT-D payloads came`;
    return { nat: undefined, revision, facts: [...facts, { fact: 'warning', detail }] };
  }
  facts.push({ fact: 'nat-detected', ...seen });
  const { length } = hash(ends.local);
  const odd = received.find((data) => data.length !== length);
  if (odd !== undefined) {
    facts.push({ fact: 'warning', detail: `a NAT-D of ${odd.length} octets where a hash has ${length}` });
  }
  const encapsulates = seen.localBehindNat || seen.peerBehindNat || config.forcedEncapsulation === true;
  return { nat: { ...seen, encapsulates }, revision, facts };
}

/**
 * Where the initiator goes on: with UDP encapsulation both ports become 4500 (RFC 3947 4), but for drafts 00
 * and 01, which know one port. `undefined` where everything stays as it is, as in a new phase 1 between ends
 * that floated before: the port of a peer behind NAT is then any.
 */
export function floatedEnds(
  { local, peer }: Ends,
  { revision, nat }: Pick<ReadNatDetection, 'revision' | 'nat'>,
): Ends | undefined {
  if (revision === undefined || !revisionNumbers[revision].floats || !nat?.encapsulates) return undefined;
  if (local.port === natTraversalPort) return undefined;
  const floated = (address: UdpAddress) => ({ ...address, port: natTraversalPort });
  return { local: floated(local), peer: floated(peer) };
}

/** AssumeUDPEncapsulationContextOnSendRule: why the client's rule forbids what NAT detection showed (field facts C1). */
export function natRuleRefusal(
  { natRule }: IkeInitiatorConfig,
  nat: NatDetection | undefined,
): string | undefined {
  if (natRule === undefined || !nat?.peerBehindNat) return undefined;
  if (natRule.rule === 0) return 'the responder is behind NAT and rule 0 forbids that';
  if (natRule.rule === 1 && nat.localBehindNat) return 'both ends are behind NAT and rule 1 forbids that';
  return undefined;
}

function addressHash(
  { initiatorCookie, responderCookie }: Cookies,
  { transform }: Pick<Negotiated, 'transform'>,
) {
  return natDetectionHash((...parts) => digest(transform.hash, ...parts), initiatorCookie, responderCookie);
}
