import type { IsakmpHeader } from '../isakmp/header.ts';
import type { Identification } from '../isakmp/identification.ts';
import { payloadsOf } from '../isakmp/message.ts';
import type { TrafficSelector } from '../sa.ts';
import type { IkeInitiatorConfig } from './config.ts';
import { addressIdentification, identifiedAddress } from './identity.ts';
import { malformedStep, NONCE_LENGTH } from './main-mode.ts';
import { phase2Offer, readPhase2Offer, sameEsp } from './phase2-proposal.ts';
import { hashedPayloads, openMessage, quickModeHash3, withHash } from './protection.ts';
import {
  encapsulationMode,
  firstIv,
  natOriginalPayloads,
  needsUdp,
  phase2EstablishedFact,
  type QuickModeContext,
  type QuickStateAt,
  type QuickStep,
  readNatOriginal,
  saPair,
  sealQuickMode,
} from './quick-mode.ts';

type Context = QuickModeContext<IkeInitiatorConfig>;

const UDP = 17;

/** Message 1: HASH(1), SA, Ni, IDci, IDcr, NAT-OA. IDcr is the address that was dialled (field facts C4). */
export function startQuickMode(
  context: Context,
  spi: number,
): { readonly state: QuickStateAt<'sa-sent'>; readonly message: Uint8Array } {
  const { config, random, messageId, phase1, ends } = context;
  const nonce = random(NONCE_LENGTH).slice();
  const { own, other } = selectors(context);
  const payloads = withHash(phase1.keys, messageId, new Uint8Array(), [
    { payload: 'security-association', sa: phase2Offer(config.phase2, spi, encapsulationMode(phase1)) },
    { payload: 'nonce', data: nonce },
    { payload: 'identification', id: addressIdentification(own) },
    { payload: 'identification', id: addressIdentification(other) },
    ...natOriginalPayloads(phase1, ends, 'initiator'),
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
  const { keys } = phase1;
  const opened = openMessage(keys, state.iv, header, octets);
  if (!opened.ok) return malformedStep(`quick mode message 2: ${opened.error.field}: ${opened.error.detail}`);
  const payloads = hashedPayloads(keys, messageId, state.nonce, opened.value);
  if (payloads === undefined) return malformedStep('HASH(2) does not verify');
  const [sa] = payloadsOf(payloads, 'security-association');
  const [nonce] = payloadsOf(payloads, 'nonce');
  if (sa === undefined || nonce === undefined) return malformedStep('no SA or nonce in quick mode message 2');
  const [chosen, ...more] = readPhase2Offer(sa.sa, encapsulationMode(phase1));
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
  const ids = payloadsOf(payloads, 'identification').map(({ id }) => id);
  const sameAddress = !needsUdp(phase1);
  if (ids.length > 0 && !(agrees(ids[0], own, sameAddress) && agrees(ids[1], other, sameAddress))) {
    return { step: 'fail', reason: 'id-mismatch', detail: 'the answer names other traffic than was offered' };
  }
  const pair = saPair(phase1, ends, {
    proposal,
    inboundSpi: state.spi,
    outboundSpi: chosen.spi,
    initiatorNonce: state.nonce,
    responderNonce: nonce.data.slice(),
    localSelector: own,
    peerSelector: other,
    natOriginal: readNatOriginal(phase1, payloads, 'responder'),
  });
  const hash = quickModeHash3(keys, messageId, state.nonce, nonce.data);
  const sealed = sealQuickMode(context, opened.value.lastBlock, [{ payload: 'hash', data: hash }]);
  const algorithms = { encryption: proposal.encryption, integrity: proposal.integrity };
  return {
    step: 'advance',
    state: { at: 'complete', iv: sealed.lastBlock, pair },
    answer: sealed.octets,
    facts: [{ fact: 'phase2-proposal-chosen', algorithms, offered }, phase2EstablishedFact(pair)],
  };
}

function selectors({ config, ends }: Context): { own: TrafficSelector; other: TrafficSelector } {
  return {
    own: { ip: ends.local.ip, protocol: UDP, port: config.localPort },
    other: { ip: ends.peer.ip, protocol: UDP, port: config.peerPort },
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
