import { payloadsOf, type ReceivedPayload } from '../isakmp/message.ts';
import { encodeSecurityAssociation } from '../isakmp/security-association.ts';
import { chooseRevision } from '../nat-traversal/numbers.ts';
import { sameSecret } from '../octets.ts';
import {
  type AggressiveStateAt,
  aggressiveModeMessage,
  ownedIdentity,
  ownIdentity,
  sealMessage3,
} from './aggressive-mode.ts';
import type { IkeInitiatorConfig } from './config.ts';
import { diffieHellmanOf } from './diffie-hellman.ts';
import { drawNonce } from './draw.ts';
import { identityText } from './identity.ts';
import { floatedEnds, natDetectionPayloads, natRuleRefusal, readNatDetection } from './nat-detection.ts';
import type { Established, Phase1Context } from './phase1.ts';
import { initiatorHash, responderHash } from './phase1-authentication.ts';
import { keyed, negotiatedFacts, readKeyExchange, vendorIdPayloads, vendorIdsIn } from './phase1-messages.ts';
import { acceptedPhase1, phase1Offer } from './phase1-proposal.ts';
import { malformedStep, type Step } from './step.ts';

type Context = Phase1Context<IkeInitiatorConfig>;

/**
 * Message 1: SA, KE, Ni, IDii, vendor ids. As KE goes with the offer, its group cannot be negotiated (RFC 2409
 * 5): of the configured transforms those are offered that are of the first one's group.
 */
export function startAggressiveMode(context: Context): {
  readonly state: AggressiveStateAt<'all-sent'>;
  readonly message: Uint8Array;
} {
  const { config, random } = context;
  const [first] = config.phase1;
  if (first === undefined) throw new Error('an initiator without phase 1 transforms has nothing to offer');
  const transforms = config.phase1.filter(({ group }) => group === first.group);
  const offer = phase1Offer(transforms, config.transformStyle);
  const keyPair = diffieHellmanOf(config).generateKeyPair(first.group, random);
  const nonce = drawNonce(random);
  const { payload, body: identity } = ownIdentity(context);
  const message = aggressiveModeMessage(context, [
    { payload: 'security-association', sa: offer },
    { payload: 'key-exchange', data: keyPair.publicValue },
    { payload: 'nonce', data: nonce },
    payload,
    ...vendorIdPayloads(config, config.natTraversal),
  ]);
  return { state: { at: 'all-sent', transforms, offer, keyPair, nonce, identity }, message };
}

/**
 * Message 2 (SA, KE, Nr, IDir, vendor ids, NAT-D, HASH_R) is answered with message 3: NAT-D, HASH_I. It goes
 * under protection, and from port 4500 where a NAT was seen (RFC 3947 4).
 */
export function receiveAggressive2(
  context: Context,
  { transforms, offer, keyPair, nonce, identity }: AggressiveStateAt<'all-sent'>,
  payloads: readonly ReceivedPayload[],
): Step<Established> {
  const [answer] = payloadsOf(payloads, 'security-association');
  const [peerIdentity] = payloadsOf(payloads, 'identification');
  const [hash] = payloadsOf(payloads, 'hash');
  const exchange = readKeyExchange(payloads);
  if (answer === undefined || peerIdentity === undefined || hash === undefined) {
    return malformedStep('no SA, ID or HASH in message 2');
  }
  if (typeof exchange === 'string') return malformedStep(`${exchange} in message 2`);
  const accepted = acceptedPhase1(transforms, answer.sa);
  if (accepted === undefined) {
    return {
      step: 'fail',
      reason: 'no-proposal-chosen',
      detail: 'the answer is not one of the offered transforms',
    };
  }
  const { config } = context;
  const { transform } = accepted;
  const secret = diffieHellmanOf(config).sharedSecret(
    transform.group,
    keyPair.privateKey,
    exchange.publicValue,
  );
  if (typeof secret === 'string') {
    return { step: 'fail', reason: 'malformed', detail: `the public value of message 2: ${secret}` };
  }
  const chosen = {
    transform,
    revision: chooseRevision(config.natTraversal, vendorIdsIn(payloads)),
    initiatorSa: encodeSecurityAssociation(offer),
  };
  const own = { publicValue: keyPair.publicValue, nonce };
  const agreed = keyed(context, config.preSharedKey, chosen, own, exchange, secret);
  const { keys, transcript } = agreed;
  if (!sameSecret(hash.data, responderHash(keys, transcript, peerIdentity.body))) {
    return {
      step: 'fail',
      reason: 'auth-failed',
      detail: 'HASH_R of message 2 does not verify: another pre-shared key?',
    };
  }
  const facts = negotiatedFacts(chosen, accepted.offered);
  const { nat, revision, facts: natFacts } = readNatDetection(context, chosen, payloads);
  facts.push(...natFacts);
  const refused = natRuleRefusal(config, nat);
  if (config.natRule !== undefined && refused !== undefined) {
    const { rule, whenRefused } = config.natRule;
    facts.push({ fact: 'nat-refused', rule, detail: refused });
    if (whenRefused === 'stop-after-nat-detection') {
      return { step: 'fail', reason: 'nat-refused', detail: refused, facts };
    }
  }
  const floated = floatedEnds(context.ends, { revision, nat });
  if (floated !== undefined) facts.push({ fact: 'port-floated', ...floated });
  const ends = floated ?? context.ends;
  const sealed = sealMessage3(context, agreed, [
    // Of the addresses and ports that this message has.
    ...natDetectionPayloads({ ...context, ends }, { transform, revision }),
    { payload: 'hash', data: initiatorHash(keys, transcript, identity) },
  ]);
  const { id: peer } = ownedIdentity(peerIdentity);
  facts.push({ fact: 'phase1-established', peerIdentity: identityText(peer) });
  return {
    step: 'advance',
    state: {
      ...agreed,
      at: 'established',
      revision,
      nat,
      iv: sealed.lastBlock,
      peerIdentity: peer,
      initialContact: false,
    },
    answer: sealed.octets,
    ends,
    facts,
  };
}
