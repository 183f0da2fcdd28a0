import type { Fact } from '../fact.ts';
import type { IsakmpHeader } from '../isakmp/header.ts';
import { payloadsOf, type ReceivedPayload } from '../isakmp/message.ts';
import { encodeSecurityAssociation } from '../isakmp/security-association.ts';
import { chooseRevision } from '../nat-traversal/numbers.ts';
import { sameSecret } from '../octets.ts';
import type { IkeInitiatorConfig } from './config.ts';
import { diffieHellmanOf } from './diffie-hellman.ts';
import { drawNonce } from './draw.ts';
import { identityText } from './identity.ts';
import { phase1Notification } from './informational.ts';
import { saysInitialContact } from './initial-contact.ts';
import type { StateAt } from './main-mode.ts';
import { keyExchangeMessage, mainModeMessage, sealIdentity } from './main-mode-messages.ts';
import { floatedEnds, natRuleRefusal, readNatDetection } from './nat-detection.ts';
import type { Cookies, Established, Phase1Context } from './phase1.ts';
import { initiatorHash, responderHash } from './phase1-authentication.ts';
import { keyed, negotiatedFacts, readKeyExchange, vendorIdPayloads, vendorIdsIn } from './phase1-messages.ts';
import { acceptedPhase1, phase1Offer } from './phase1-proposal.ts';
import { openMessage } from './protection.ts';
import { heedingLifetime } from './responder-lifetime.ts';
import { malformedStep, type Step } from './step.ts';

type Context = Phase1Context<IkeInitiatorConfig>;

/** Message 1: SA, vendor ids. */
export function startMainMode(
  config: IkeInitiatorConfig,
  cookies: Cookies,
): { readonly state: StateAt<'sa-sent'>; readonly message: Uint8Array } {
  const offer = phase1Offer(config.phase1, config.transformStyle);
  const message = mainModeMessage(cookies, [
    { payload: 'security-association', sa: offer },
    ...vendorIdPayloads(config, config.natTraversal),
  ]);
  return { state: { at: 'sa-sent', offer }, message };
}

/** Message 2 (SA, vendor ids) is answered with message 3: KE, Ni, NAT-D. */
export function receiveMessage2(
  context: Context,
  state: StateAt<'sa-sent'>,
  payloads: readonly ReceivedPayload[],
): Step<StateAt<'ke-sent'>> {
  const [answer] = payloadsOf(payloads, 'security-association');
  if (answer === undefined) return malformedStep('no SA payload in message 2');
  const { config, random } = context;
  const accepted = acceptedPhase1(config.phase1, answer.sa);
  if (accepted === undefined) {
    return {
      step: 'fail',
      reason: 'no-proposal-chosen',
      detail: 'the answer is not one of the offered transforms',
    };
  }
  const revision = chooseRevision(config.natTraversal, vendorIdsIn(payloads));
  const { transform, offered } = accepted;
  const keyPair = diffieHellmanOf(config).generateKeyPair(transform.group, random);
  const nonce = drawNonce(random);
  const negotiated = { transform, revision, initiatorSa: encodeSecurityAssociation(state.offer) };
  const { publicValue } = keyPair;
  return {
    step: 'advance',
    state: { at: 'ke-sent', ...negotiated, keyPair, nonce },
    answer: keyExchangeMessage(context, negotiated, { publicValue, nonce }),
    facts: negotiatedFacts(negotiated, offered),
  };
}

/** Message 4 (KE, Nr, NAT-D) is answered with message 5 (IDii, HASH_I, INITIAL-CONTACT), from port 4500 where a NAT was seen. */
export function receiveMessage4(
  context: Context,
  state: StateAt<'ke-sent'>,
  payloads: readonly ReceivedPayload[],
): Step<StateAt<'id-sent'>> {
  const exchange = readKeyExchange(payloads);
  if (typeof exchange === 'string') return malformedStep(`${exchange} in message 4`);
  const { config } = context;
  const { transform, keyPair, nonce } = state;
  const secret = diffieHellmanOf(config).sharedSecret(
    transform.group,
    keyPair.privateKey,
    exchange.publicValue,
  );
  if (typeof secret === 'string') {
    return {
      step: 'fail',
      reason: 'malformed',
      detail: `the public value of message 4: ${secret}`,
    };
  }
  const { nat, revision, facts } = readNatDetection(context, state, payloads);
  const refused = natRuleRefusal(config, nat);
  if (config.natRule !== undefined && refused !== undefined) {
    const { rule, whenRefused } = config.natRule;
    facts.push({ fact: 'nat-refused', rule, detail: refused });
    if (whenRefused === 'stop-after-nat-detection') {
      return { step: 'fail', reason: 'nat-refused', detail: refused, facts };
    }
  }
  const own = { publicValue: keyPair.publicValue, nonce };
  const agreed = { ...keyed(context, config.preSharedKey, state, own, exchange, secret), revision, nat };
  const floated = floatedEnds(context.ends, agreed);
  if (floated !== undefined) facts.push({ fact: 'port-floated', ...floated });
  const first = config.initialContact ? [phase1Notification(context, 'INITIAL-CONTACT')] : [];
  const sealed = sealIdentity(context, agreed, initiatorHash, first);
  return {
    step: 'advance',
    state: { ...agreed, at: 'id-sent', iv: sealed.lastBlock },
    answer: sealed.octets,
    ends: floated ?? context.ends,
    facts,
  };
}

/** Message 6 (IDir, HASH_R) ends phase 1. */
export function receiveMessage6(
  state: StateAt<'id-sent'>,
  header: IsakmpHeader,
  octets: Uint8Array,
): Step<Established> {
  const opened = openMessage(state.keys, state.iv, header, octets);
  if (!opened.ok) return malformedStep(`message 6: ${opened.error.field}: ${opened.error.detail}`);
  const { payloads, lastBlock } = opened.value;
  const [identification] = payloadsOf(payloads, 'identification');
  const [hash] = payloadsOf(payloads, 'hash');
  if (identification === undefined || hash === undefined) return malformedStep('no ID or HASH in message 6');
  if (!sameSecret(hash.data, responderHash(state.keys, state.transcript, identification.body))) {
    return malformedStep('HASH_R of message 6 does not verify');
  }
  const fact: Fact = { fact: 'phase1-established', peerIdentity: identityText(identification.id) };
  return {
    step: 'advance',
    state: {
      ...state,
      at: 'established',
      transform: heedingLifetime(state.transform, payloads),
      iv: lastBlock,
      peerIdentity: identification.id,
      initialContact: saysInitialContact(payloads),
    },
    facts: [fact],
  };
}
