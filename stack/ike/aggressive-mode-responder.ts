import { type IsakmpHeader, isakmpHeaderLength } from '../isakmp/header.ts';
import { decodePayloads, payloadsOf, type ReceivedPayload } from '../isakmp/message.ts';
import type { SecurityAssociation } from '../isakmp/security-association.ts';
import { sameSecret } from '../octets.ts';
import {
  type AggressiveStateAt,
  aggressiveModeMessage,
  ownedIdentity,
  ownIdentity,
} from './aggressive-mode.ts';
import type { IkeResponderConfig } from './config.ts';
import { diffieHellmanOf, publicValueLength } from './diffie-hellman.ts';
import { drawNonce } from './draw.ts';
import { identityText } from './identity.ts';
import { agreeOnRevision, natDetectionPayloads, readNatDetection } from './nat-detection.ts';
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
import { choosePhase1, readPhase1Offer } from './phase1-proposal.ts';
import { openMessage } from './protection.ts';
import { malformedStep, type Step } from './step.ts';

type Context = Phase1Context<IkeResponderConfig>;
type Opened = { readonly payloads: readonly ReceivedPayload[]; readonly iv: Uint8Array };

/** Message 1 (SA, KE, Ni, IDii, vendor ids) is answered with message 2: SA, KE, Nr, IDir, vendor ids, NAT-D, HASH_R. */
export function receiveAggressive1(
  context: Context,
  payloads: readonly ReceivedPayload[],
): Step<AggressiveStateAt<'all-answered'>> {
  const { config, random } = context;
  if (!config.acceptsAggressive) {
    return {
      step: 'fail',
      reason: 'no-policy',
      detail: 'aggressive mode is not accepted here',
      notify: 'UNSUPPORTED-EXCHANGE-TYPE',
    };
  }
  const [offer] = payloadsOf(payloads, 'security-association');
  const [peerIdentity] = payloadsOf(payloads, 'identification');
  const initiator = readKeyExchange(payloads);
  if (offer === undefined || peerIdentity === undefined) return malformedStep('no SA or ID in message 1');
  if (typeof initiator === 'string') return malformedStep(`${initiator} in message 1`);
  const chosen = choosePhase1(offer.sa, config.phase1, config.choice);
  if (chosen === undefined || !isOfOneGroup(offer.sa)) {
    return {
      step: 'fail',
      reason: 'no-proposal-chosen',
      detail:
        chosen === undefined
          ? 'no offered phase 1 transform is accepted here'
          : 'transforms of several groups are offered, and one public value',
      notify: 'NO-PROPOSAL-CHOSEN',
    };
  }
  const { preSharedKey } = config;
  if (preSharedKey === undefined) return withoutKey(config);
  const { transform, answer } = chosen;
  const { generateKeyPair, sharedSecret } = diffieHellmanOf(config);
  const keyPair = generateKeyPair(transform.group, random);
  const secret =
    initiator.publicValue.length === publicValueLength(transform.group)
      ? sharedSecret(transform.group, keyPair.privateKey, initiator.publicValue)
      : `${initiator.publicValue.length} octets are none of group ${transform.group}`;
  if (typeof secret === 'string') {
    return {
      step: 'fail',
      reason: 'malformed',
      detail: `the public value of message 1: ${secret}`,
      notify: 'INVALID-KEY-INFORMATION',
    };
  }
  const { answered, ...revisions } = agreeOnRevision(config, vendorIdsIn(payloads));
  const negotiated = { transform, ...revisions, initiatorSa: offer.body.slice() };
  const own = { publicValue: keyPair.publicValue, nonce: drawNonce(random) };
  const agreed = keyed(context, preSharedKey, negotiated, initiator, own, secret);
  const { payload, body } = ownIdentity(context);
  return {
    step: 'advance',
    state: {
      ...agreed,
      ...revisions,
      at: 'all-answered',
      nat: undefined,
      peerIdentity: ownedIdentity(peerIdentity),
    },
    answer: aggressiveModeMessage(context, [
      { payload: 'security-association', sa: answer },
      { payload: 'key-exchange', data: own.publicValue },
      { payload: 'nonce', data: own.nonce },
      payload,
      ...vendorIdPayloads(config, answered),
      ...natDetectionPayloads(context, negotiated),
      { payload: 'hash', data: responderHash(agreed.keys, agreed.transcript, body) },
    ]),
    facts: chosenFacts(negotiated, chosen),
  };
}

/** Message 3 (NAT-D, HASH_I) ends phase 1. It may come in the clear (RFC 2409 5.4). */
export function receiveAggressive3(
  context: Context,
  state: AggressiveStateAt<'all-answered'>,
  header: IsakmpHeader,
  octets: Uint8Array,
): Step<Established> {
  const { keys, transcript, peerIdentity } = state;
  const opened = openThird(state, header, octets);
  const [hash] = payloadsOf(opened?.payloads ?? [], 'hash');
  const authentic =
    hash !== undefined && sameSecret(hash.data, initiatorHash(keys, transcript, peerIdentity.body));
  if (opened === undefined || !authentic) {
    return {
      step: 'fail',
      reason: 'auth-failed',
      detail: 'message 3 does not decrypt to a HASH_I that verifies: another pre-shared key?',
      notify: 'AUTHENTICATION-FAILED',
    };
  }
  const { nat, revision, facts } = readNatDetection(context, state, opened.payloads);
  const unexpected = unexpectedIdentity(context.config, context.ends, nat, peerIdentity.id);
  if (unexpected !== undefined) {
    return {
      step: 'fail',
      reason: 'id-mismatch',
      detail: unexpected,
      notify: 'INVALID-ID-INFORMATION',
      facts,
    };
  }
  facts.push({ fact: 'phase1-established', peerIdentity: identityText(peerIdentity.id) });
  return {
    step: 'advance',
    state: {
      ...state,
      at: 'established',
      nat,
      revision,
      iv: opened.iv,
      peerIdentity: peerIdentity.id,
      initialContact: false,
    },
    facts,
  };
}

/** The payloads of message 3, and the last block of phase 1: with nothing encrypted that is its first IV. */
function openThird(
  { keys, iv }: AggressiveStateAt<'all-answered'>,
  header: IsakmpHeader,
  octets: Uint8Array,
): Opened | undefined {
  if (header.flags.encryption) {
    const opened = openMessage(keys, iv, header, octets);
    return opened.ok ? { payloads: opened.value.payloads, iv: opened.value.lastBlock } : undefined;
  }
  const payloads = decodePayloads(octets, header.nextPayload, isakmpHeaderLength);
  return payloads.ok ? { payloads: payloads.value, iv } : undefined;
}

/** All transforms that name a group that is known here name the same one. */
function isOfOneGroup(offer: SecurityAssociation): boolean {
  return new Set(readPhase1Offer(offer).map(({ transform }) => transform.group)).size === 1;
}
