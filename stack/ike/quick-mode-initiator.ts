import { protocolUdp } from '../ip/checksum.ts';
import type { IsakmpHeader } from '../isakmp/header.ts';
import type { Identification } from '../isakmp/identification.ts';
import { payloadsOf } from '../isakmp/message.ts';
import type { TrafficSelector } from '../sa.ts';
import type { IkeInitiatorConfig } from './config.ts';
import { drawNonce } from './draw.ts';
import { addressIdentification, identifiedAddress } from './identity.ts';
import { natOriginalPayloads, readNatOriginal } from './nat-original.ts';
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
import { malformedStep } from './step.ts';

type Context = QuickModeContext<IkeInitiatorConfig>;

/** Message 1: HASH(1), SA, Ni, IDci, IDcr, NAT-OA. IDcr is the address that was dialled (field facts C4). */
export function startQuickMode(
  context: Context,
  spi: number,
): { readonly state: QuickStateAt<'sa-sent'>; readonly message: Uint8Array } {
  const { config, random, messageId, phase1, ends } = context;
  const nonce = drawNonce(random);
  const { own, other } = selectors(context);
  const payloads = withHash(phase1.keys, messageId, new Uint8Array(), [
    { payload: 'security-association', sa: phase2Offer(config.phase2, spi, encapsulationModes(phase1)) },
    { payload: 'nonce', data: nonce },
    { payload: 'identification', id: addressIdentification(own) },
    { payload: 'identification', id: addressIdentification(other) },
    ...natOriginalPayloads(phase1, ends, config),
  ]);
  const sealed = sealQuickMode(context, firstIv(phase1, messageId), payloads);
  return { state: { at: 'sa-sent', spi, nonce, iv: sealed.lastBlock }, message: sealed.octets };
}

/** Message 2 (HASH(2), SA, Nr, IDs) is answered with message 3: HASH(3). */
export function receiveQuickMode2(
  context: Context,
  state: QuickStateAt<'sa-sent'>,
  header: IsakmpHeader,
  octets: Uint8Array,
): QuickStep<'complete'> {
  const { config, messageId, phase1, ends } = context;
  const answer = openQuickModeOffer(phase1, 2, state.iv, state.nonce, header, octets);
  if (typeof answer === 'string') return malformedStep(answer);
  const [chosen, ...more] = readPhase2Offer(answer.sa, encapsulationModes(phase1));
  const offered = config.phase2.findIndex((mine) => chosen && sameEsp(mine, chosen.proposal));
  const proposal = config.phase2[offered];
  if (chosen === undefined || proposal === undefined || more.length > 0) {
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
  const pair = saPair(phase1, ends, {
    proposal,
    inboundSpi: state.spi,
    outboundSpi: chosen.spi,
    initiatorNonce: state.nonce,
    responderNonce: answer.nonce,
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

function selectors({ config, ends }: Context): { own: TrafficSelector; other: TrafficSelector } {
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
