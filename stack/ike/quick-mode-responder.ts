import type { Fact } from '../fact.ts';
import type { IsakmpHeader } from '../isakmp/header.ts';
import { payloadsOf } from '../isakmp/message.ts';
import type { Payload } from '../isakmp/payload.ts';
import { sameSecret } from '../octets.ts';
import type { EspAlgorithms, TrafficSelector } from '../sa.ts';
import type { Group, IkeResponderConfig } from './config.ts';
import { drawNonce } from './draw.ts';
import { natOriginalPayloads, readNatOriginal } from './nat-original.ts';
import { answerKeyExchange, keyExchangeIn, keyExchangePayloads, takesGroup } from './pfs.ts';
import { algorithmsOf, type ChosenPhase2, choosePhase2, phase2Answer } from './phase2-proposal.ts';
import { findPolicy } from './policy.ts';
import { openMessage, quickModeHash3, withHash } from './protection.ts';
import {
  encapsulationModes,
  firstIv,
  openQuickModeOffer,
  phase2EstablishedFact,
  type QuickModeContext,
  type QuickStateAt,
  type QuickStep,
  saPair,
  sealQuickMode,
  selector,
} from './quick-mode.ts';
import { phase2Lifetime } from './responder-lifetime.ts';
import { malformedStep } from './step.ts';

type Context = QuickModeContext<IkeResponderConfig>;

/** Message 1 (HASH(1), SA, Ni, KE with PFS, IDci, IDcr, NAT-OA) is answered with message 2: HASH(2), SA, Nr, KE, the same IDs, NAT-OA. */
export function receiveQuickMode1(
  context: Context,
  header: IsakmpHeader,
  octets: Uint8Array,
  spi: number,
): QuickStep<'sa-answered'> {
  const { config, random, messageId, phase1, ends } = context;
  const offer = openQuickModeOffer(phase1, 1, firstIv(phase1, messageId), new Uint8Array(), header, octets);
  if (typeof offer === 'string') return malformedStep(offer);
  const { payloads, nonce: initiatorNonce } = offer;

  const [idci, idcr] = payloadsOf(payloads, 'identification').map(({ id }) => id);
  const natOriginal = readNatOriginal(phase1, payloads, 'initiator');
  const initiator = selector(idci, natOriginal?.initiator ?? ends.peer.ip);
  const responder = selector(idcr, ends.local.ip);
  if (initiator === undefined || responder === undefined) {
    return refused('id-mismatch', 'IDci or IDcr names no single host');
  }
  const foreign = addressMismatch(context, initiator, responder);
  if (foreign !== undefined) return refused('id-mismatch', foreign);
  const policy = findPolicy(config.policies, initiator, responder);
  if (policy === undefined) {
    return refused('no-policy', `no policy takes IDci ${text(initiator)} with IDcr ${text(responder)}`);
  }
  const keyExchange = keyExchangeIn(payloads);
  const choose = (takes: (group: Group | undefined) => boolean) =>
    choosePhase2(offer.sa, policy.proposals, config.choice, encapsulationModes(phase1, config), takes);
  const chosen = choose(takesGroup(policy, keyExchange));
  if (chosen === undefined) {
    const withoutPfs = choose(() => true) === undefined;
    const detail = `policy ${policy.name} accepts no ${withoutPfs ? 'proposal' : 'PFS group that is offered'}`;
    return { step: 'fail', reason: 'no-proposal-chosen', detail, notify: 'NO-PROPOSAL-CHOSEN' };
  }
  const exchange =
    chosen.group === undefined || keyExchange === undefined
      ? undefined
      : answerKeyExchange(chosen.group, keyExchange, random);
  if (typeof exchange === 'string') {
    const detail = `the public value of quick mode message 1: ${exchange}`;
    return { step: 'fail', reason: 'malformed', detail, notify: 'INVALID-KEY-INFORMATION' };
  }

  const responderNonce = drawNonce(random);
  const pair = saPair(phase1, ends, {
    proposal: chosen.proposal,
    inboundSpi: spi,
    outboundSpi: chosen.spi,
    initiatorNonce,
    responderNonce,
    sharedSecret: exchange?.secret,
    localSelector: responder,
    peerSelector: initiator,
    natOriginal,
  });
  const echoed: Payload[] = [idci, idcr].flatMap((id) =>
    id === undefined ? [] : [{ payload: 'identification', id }],
  );
  const answer = withHash(phase1.keys, messageId, initiatorNonce, [
    { payload: 'security-association', sa: phase2Answer(chosen, spi) },
    { payload: 'nonce', data: responderNonce },
    ...keyExchangePayloads(exchange?.publicValue),
    ...echoed,
    ...natOriginalPayloads(phase1, ends, config, [chosen.proposal]),
    ...phase2Lifetime(config, chosen, spi),
  ]);
  const sealed = sealQuickMode(context, offer.lastBlock, answer);
  return {
    step: 'advance',
    state: { at: 'sa-answered', pair, initiatorNonce, responderNonce, iv: sealed.lastBlock },
    answer: sealed.octets,
    facts: [
      {
        fact: 'phase2-proposal-chosen',
        algorithms: algorithmsOf(chosen.proposal),
        offered: chosen.offered,
      },
      ...downgradeFacts(chosen),
    ],
  };
}

/** Rule PROP-5 of the rule table: a weaker order that wins is reported. */
function downgradeFacts({ proposal, stronger }: ChosenPhase2): Fact[] {
  if (stronger === undefined) return [];
  const name = ({ encryption, integrity }: EspAlgorithms) => `${encryption} with ${integrity}`;
  return [
    { fact: 'warning', detail: `downgrade: ${name(proposal)} chosen, ${name(stronger)} was common too` },
  ];
}

/** Message 3 (HASH(3)) proves the initiator alive: the SA goes to work. */
export function receiveQuickMode3(
  { messageId, phase1 }: Context,
  state: QuickStateAt<'sa-answered'>,
  header: IsakmpHeader,
  octets: Uint8Array,
): QuickStep<'complete'> {
  const opened = openMessage(phase1.keys, state.iv, header, octets);
  if (!opened.ok) return malformedStep(`quick mode message 3: ${opened.error.field}: ${opened.error.detail}`);
  const [hash] = payloadsOf(opened.value.payloads, 'hash');
  const expected = quickModeHash3(phase1.keys, messageId, state.initiatorNonce, state.responderNonce);
  if (hash === undefined || !sameSecret(hash.data, expected)) return malformedStep('HASH(3) does not verify');
  return {
    step: 'advance',
    state: { at: 'complete', iv: opened.value.lastBlock, pair: state.pair },
    facts: [phase2EstablishedFact(state.pair)],
  };
}

function refused(reason: 'id-mismatch' | 'no-policy', detail: string): QuickStep<'sa-answered'> {
  return { step: 'fail', reason, detail, notify: 'INVALID-ID-INFORMATION' };
}

/**
 * With `outer` the traffic must be that between the outer addresses (rule NAT-16), but for the
 * end that NAT detection found behind a NAT: its address outside is not its own (rule NAT-20).
 */
function addressMismatch(
  { config, phase1: { nat }, ends }: Context,
  initiator: TrafficSelector,
  responder: TrafficSelector,
): string | undefined {
  if (config.quickModeAddresses === 'any') return undefined;
  if (!nat?.peerBehindNat && initiator.ip !== ends.peer.ip) {
    return `IDci names ${initiator.ip}, the peer sends from ${ends.peer.ip}`;
  }
  const isOwn = responder.ip === ends.local.ip;
  if (!isOwn && (!nat?.localBehindNat || config.refusesDialledAddress)) {
    return `IDcr names ${responder.ip}, this end is ${ends.local.ip}`;
  }
  return undefined;
}

function text({ protocol, port }: TrafficSelector): string {
  return `${protocol === 0 ? 'any' : protocol}/${port === 0 ? 'any' : port}`;
}
