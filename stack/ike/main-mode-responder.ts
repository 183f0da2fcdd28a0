import type { Fact } from '../fact.ts';
import type { IsakmpHeader } from '../isakmp/header.ts';
import { payloadsOf, type ReceivedPayload } from '../isakmp/message.ts';
import { sameSecret } from '../octets.ts';
import type { IkeResponderConfig } from './config.ts';
import { diffieHellmanOf } from './diffie-hellman.ts';
import { drawNonce } from './draw.ts';
import { identityText } from './identity.ts';
import { phase1Notification } from './informational.ts';
import { saysInitialContact } from './initial-contact.ts';
import type { StateAt } from './main-mode.ts';
import { keyExchangeMessage, mainModeMessage, sealIdentity } from './main-mode-messages.ts';
import { agreeOnRevision, readNatDetection } from './nat-detection.ts';
import type { Established, Phase1Context } from './phase1.ts';
import { initiatorHash, responderHash } from './phase1-authentication.ts';
import { unexpectedIdentity } from './phase1-identity.ts';
import {
  chosenFacts,
  keyed,
  readKeyExchange,
  vendorIdPayloads,
  vendorIdsIn,
  withoutKey,
} from './phase1-messages.ts';
import { choosePhase1 } from './phase1-proposal.ts';
import { openMessage } from './protection.ts';
import { phase1Lifetime } from './responder-lifetime.ts';
import { malformedStep, type Step } from './step.ts';

type Context = Phase1Context<IkeResponderConfig>;

/** Message 1 (SA, vendor ids) is answered with message 2: the chosen transform, vendor ids. */
export function receiveMessage1(
  context: Context,
  payloads: readonly ReceivedPayload[],
): Step<StateAt<'sa-answered'>> {
  const [offer] = payloadsOf(payloads, 'security-association');
  if (offer === undefined) return malformedStep('no SA payload in message 1');
  const { config } = context;
  const chosen = choosePhase1(offer.sa, config.phase1, config.choice);
  if (chosen === undefined) {
    return {
      step: 'fail',
      reason: 'no-proposal-chosen',
      detail: 'no offered phase 1 transform is accepted here',
      notify: 'NO-PROPOSAL-CHOSEN',
    };
  }
  const { transform, answer } = chosen;
  const { answered, ...revisions } = agreeOnRevision(config, vendorIdsIn(payloads));
  const negotiated = { transform, ...revisions, initiatorSa: offer.body.slice() };
  return {
    step: 'advance',
    state: { at: 'sa-answered', ...negotiated },
    answer: mainModeMessage(context, [
      { payload: 'security-association', sa: answer },
      ...vendorIdPayloads(config, answered),
    ]),
    facts: chosenFacts(negotiated, chosen),
  };
}

/** Message 3 (KE, Ni, NAT-D) is answered with message 4: KE, Nr, NAT-D. */
export function receiveMessage3(
  context: Context,
  state: StateAt<'sa-answered'>,
  payloads: readonly ReceivedPayload[],
): Step<StateAt<'ke-answered'>> {
  const exchange = readKeyExchange(payloads);
  if (typeof exchange === 'string') return malformedStep(`${exchange} in message 3`);
  const { config, random } = context;
  const { preSharedKey } = config;
  if (preSharedKey === undefined) return withoutKey(config);
  const { transform } = state;
  const { generateKeyPair, sharedSecret } = diffieHellmanOf(config);
  const keyPair = generateKeyPair(transform.group, random);
  const secret = sharedSecret(transform.group, keyPair.privateKey, exchange.publicValue);
  if (typeof secret === 'string') {
    return {
      step: 'fail',
      reason: 'malformed',
      detail: `the public value of message 3: ${secret}`,
      notify: 'INVALID-KEY-INFORMATION',
    };
  }
  const { nat, revision, facts } = readNatDetection(context, state, payloads);
  const nonce = drawNonce(random);
  const own = { publicValue: keyPair.publicValue, nonce };
  return {
    step: 'advance',
    state: {
      ...keyed(context, preSharedKey, state, exchange, own, secret),
      at: 'ke-answered',
      revision,
      nat,
    },
    answer: keyExchangeMessage(context, { ...state, revision }, own),
    facts,
  };
}

/** Message 5 (IDii, HASH_I) is answered with message 6: IDir, HASH_R. */
export function receiveMessage5(
  context: Context,
  state: StateAt<'ke-answered'>,
  header: IsakmpHeader,
  octets: Uint8Array,
): Step<Established> {
  const { keys, transcript } = state;
  const opened = openMessage(keys, state.iv, header, octets);
  const payloads = opened.ok ? opened.value.payloads : [];
  const [identification] = payloadsOf(payloads, 'identification');
  const [hash] = payloadsOf(payloads, 'hash');
  // With another pre-shared key message 5 decrypts to noise: nobody can tell that from damage (RFC 2409 5.4).
  const authentic =
    identification !== undefined &&
    hash !== undefined &&
    sameSecret(hash.data, initiatorHash(keys, transcript, identification.body));
  if (!opened.ok || !authentic) {
    return {
      step: 'fail',
      reason: 'auth-failed',
      detail: 'message 5 does not decrypt to an identity and its hash: another pre-shared key?',
    };
  }
  const unexpected = unexpectedIdentity(context.config, context.ends, state.nat, identification.id);
  if (unexpected !== undefined) {
    return { step: 'fail', reason: 'id-mismatch', detail: unexpected, notify: 'INVALID-ID-INFORMATION' };
  }
  const sealed = sealIdentity(context, { ...state, iv: opened.value.lastBlock }, responderHash, [
    ...(context.config.initialContact ? [phase1Notification(context, 'INITIAL-CONTACT')] : []),
    ...phase1Lifetime(context.config, context, state),
  ]);
  const fact: Fact = { fact: 'phase1-established', peerIdentity: identityText(identification.id) };
  return {
    step: 'advance',
    state: {
      ...state,
      at: 'established',
      iv: sealed.lastBlock,
      peerIdentity: identification.id,
      initialContact: saysInitialContact(payloads),
    },
    answer: sealed.octets,
    facts: [fact],
  };
}
