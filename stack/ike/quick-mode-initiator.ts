import { protocolUdp } from '../ip/checksum.ts';
import type { IsakmpHeader } from '../isakmp/header.ts';
import type { Identification } from '../isakmp/identification.ts';
import { payloadsOf, type ReceivedPayload } from '../isakmp/message.ts';
import type { TrafficSelector } from '../sa.ts';
import type { IkeInitiatorConfig } from './config.ts';
import { generateKeyPair, sharedSecret } from './diffie-hellman.ts';
import { drawNonce } from './draw.ts';
import { addressIdentification, identifiedAddress } from './identity.ts';
import { natOriginalPayloads, readNatOriginal } from './nat-original.ts';
import { keyExchangeIn, keyExchangePayloads, type QuickModeExchange } from './pfs.ts';
import { algorithmsOf, phase2Offer, readPhase2Offer, sameEsp } from './phase2-proposal.ts';
import { quickModeHash3, withHash } from './protection.ts';
import {
  encapsulationModes,
  firstIv,
  needsUdp,
  openQuickModeOffer,
  phase2EstablishedFact,
  type QuickModeContext,
  type QuickStateAt,
  type QuickStep,
  saPair,
  sealQuickMode,
} from './quick-mode.ts';
import { heedingLifetime } from './responder-lifetime.ts';
import { malformedStep } from './step.ts';

type Context = QuickModeContext<IkeInitiatorConfig>;

/** Message 1: HASH(1), SA, Ni, KE with PFS, IDci, IDcr, NAT-OA. IDcr is the address that was dialled (field facts C4). */
export function startQuickMode(
  context: Context,
  spi: number,
): { readonly state: QuickStateAt<'sa-sent'>; readonly message: Uint8Array } {
  const { config, random, messageId, phase1, ends } = context;
  const { pfs: group, transformStyle } = config;
  const sa = phase2Offer(config.phase2, spi, encapsulationModes(phase1, config), group, transformStyle);
  const nonce = drawNonce(random);
  const exchange = group === undefined ? undefined : { group, keyPair: generateKeyPair(group, random) };
  const { own, other } = selectors(context);
  const payloads = withHash(phase1.keys, messageId, new Uint8Array(), [
    { payload: 'security-association', sa },
    { payload: 'nonce', data: nonce },
    ...keyExchangePayloads(exchange?.keyPair.publicValue),
    { payload: 'identification', id: addressIdentification(own) },
    { payload: 'identification', id: addressIdentification(other) },
    ...natOriginalPayloads(phase1, ends, config, config.phase2),
  ]);
  const sealed = sealQuickMode(context, firstIv(phase1, messageId), payloads);
  return { state: { at: 'sa-sent', spi, nonce, exchange, iv: sealed.lastBlock }, message: sealed.octets };
}

/** Message 2 (HASH(2), SA, Nr, KE with PFS, IDs) is answered with message 3: HASH(3). */
export function receiveQuickMode2(
  context: Context,
  state: QuickStateAt<'sa-sent'>,
  header: IsakmpHeader,
  octets: Uint8Array,
): QuickStep<'complete'> {
  const { config, messageId, phase1, ends } = context;
  const answer = openQuickModeOffer(phase1, 2, state.iv, state.nonce, header, octets);
  if (typeof answer === 'string') return malformedStep(answer);
  const [chosen, ...more] = readPhase2Offer(answer.sa, encapsulationModes(phase1, config));
  const offered = config.phase2.findIndex((mine) => chosen && sameEsp(mine, chosen.proposal));
  const proposal = config.phase2[offered];
  if (
    chosen === undefined ||
    proposal === undefined ||
    chosen.group !== state.exchange?.group ||
    more.length > 0
  ) {
    return {
      step: 'fail',
      reason: 'no-proposal-chosen',
      detail: 'the answer is not one of the offered proposals',
    };
  }
  const { own, other } = selectors(context);
  const ids = payloadsOf(answer.payloads, 'identification').map(({ id }) => id);
  const sameAddress = !needsUdp(phase1);
  if (ids.length > 0 && !(agrees(ids[0], own, sameAddress) && agrees(ids[1], other, sameAddress))) {
    return { step: 'fail', reason: 'id-mismatch', detail: 'the answer names other traffic than was offered' };
  }
  const secret = secretOf(state.exchange, answer.payloads);
  if (typeof secret === 'string') {
    return { step: 'fail', reason: 'malformed', detail: `quick mode message 2: ${secret}` };
  }
  const pair = saPair(phase1, ends, {
    proposal: heedingLifetime(proposal, answer.payloads),
    inboundSpi: state.spi,
    outboundSpi: chosen.spi,
    initiatorNonce: state.nonce,
    responderNonce: answer.nonce,
    sharedSecret: secret,
    localSelector: own,
    peerSelector: other,
    natOriginal: readNatOriginal(phase1, answer.payloads, 'responder'),
  });
  const hash = quickModeHash3(phase1.keys, messageId, state.nonce, answer.nonce);
  const sealed = sealQuickMode(context, answer.lastBlock, [{ payload: 'hash', data: hash }]);
  return {
    step: 'advance',
    state: { at: 'complete', iv: sealed.lastBlock, pair },
    answer: sealed.octets,
    facts: [
      { fact: 'phase2-proposal-chosen', algorithms: algorithmsOf(proposal), offered },
      phase2EstablishedFact(pair),
    ],
  };
}

/** g(qm)^xy, `undefined` without PFS, or what is wrong with the KE payload of message 2. */
function secretOf(
  exchange: QuickModeExchange | undefined,
  payloads: readonly ReceivedPayload[],
): Uint8Array | undefined | string {
  const answered = keyExchangeIn(payloads);
  if (exchange === undefined)
    return answered === undefined ? undefined : 'a KE payload, and PFS was not asked for';
  if (answered === undefined) return 'no KE payload, and PFS was asked for';
  return sharedSecret(exchange.group, exchange.keyPair.privateKey, answered);
}

function selectors(context: Context): { own: TrafficSelector; other: TrafficSelector } {
  const { config, ends } = context;
  if (context.selectors !== undefined) return context.selectors;
  return {
    own: { ip: ends.local.ip, protocol: protocolUdp, port: config.localPort },
    other: { ip: ends.peer.ip, protocol: protocolUdp, port: config.peerPort },
  };
}

/** Behind NAT a responder may name addresses as it sees them; protocol and port must be those offered. */
function agrees(id: Identification | undefined, offered: TrafficSelector, sameAddress: boolean): boolean {
  return (
    id !== undefined &&
    id.protocolId === offered.protocol &&
    id.port === offered.port &&
    (!sameAddress || identifiedAddress(id) === offered.ip)
  );
}
