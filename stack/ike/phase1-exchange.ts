import type { Instant } from '../engine.ts';
import { dropped, onPath, told } from '../fact.ts';
import { type IsakmpHeader, isakmpHeaderLength } from '../isakmp/header.ts';
import { decodeMessage, decodePayloads, payloadsOf } from '../isakmp/message.ts';
import { hex, readUint } from '../octets.ts';
import { wholeInterval } from '../retransmission.ts';
import { receiveAggressive2, startAggressiveMode } from './aggressive-mode-initiator.ts';
import { receiveAggressive1, receiveAggressive3 } from './aggressive-mode-responder.ts';
import { boundsOf } from './bounds.ts';
import { announcesDeadPeerDetection } from './dpd.ts';
import { drawCookie } from './draw.ts';
import { failed, type IkeEffect } from './effect.ts';
import { establish } from './establishment.ts';
import { type Ends, Exchange } from './exchange.ts';
import { announcesFragmentation } from './fragmentation.ts';
import { costsTooMuch, refusalOfNewcomer } from './half-open.ts';
import { clearNotification } from './informational.ts';
import { receiveMessage2, receiveMessage4, receiveMessage6, startMainMode } from './main-mode-initiator.ts';
import { receiveMessage1, receiveMessage3, receiveMessage5 } from './main-mode-responder.ts';
import { newSa } from './new-sa.ts';
import { newPath } from './path.ts';
import type { Cookies } from './phase1.ts';
import { awaited, type Phase1Mode, type Phase1State } from './phase1.ts';
import { isOld, type ReceivedDatagram } from './received.ts';
import { withoutFalseContact } from './roles.ts';
import { type IkeState, type IsakmpSa, isEstablished, noCookie, type Renewal } from './sa-table.ts';
import type { Step } from './step.ts';

const oldPort = dropped('unexpected', 'phase 1 on port 500 after the change of ports');

type Advance = Extract<Step<Phase1State>, { step: 'advance' }>;

/**
 * Sends message 1; everything up to the first quick mode follows by itself. With `renewal` it takes the place of
 * an earlier one, and either end may.
 */
export function dial(state: IkeState, ends: Ends, now: Instant, renewal?: Renewal): IkeEffect[] {
  const { random, table } = state;
  const config = state.roles.initiator;
  const cookies = { initiatorCookie: drawCookie(random), responderCookie: noCookie };
  const aggressive = config.phase1Mode === 'aggressive';
  const { state: first, message } = aggressive
    ? startAggressiveMode({ ...cookies, config, random, ends })
    : startMainMode(config, cookies);
  const mode = aggressive ? 'aggressive-mode' : 'main-mode';
  const sa = newSa(state, mode, 'initiator', cookies, ends, first, now, renewal);
  table.add(sa);
  return onPath(sa.path, sa.phase1Exchange.request(message, 1, ends, now));
}

/** A message of either mode of phase 1. */
export function receivePhase1(
  state: IkeState,
  mode: Phase1Mode,
  datagram: ReceivedDatagram,
  header: IsakmpHeader,
  now: Instant,
): IkeEffect[] {
  const { table } = state;
  const { ends, octets } = datagram;
  const { initiatorCookie, responderCookie } = header;
  if (isZero(initiatorCookie)) return dropped('malformed', 'the initiator cookie is zero');
  if (header.messageId !== 0) return dropped('malformed', `${mode} with message id ${header.messageId}`);
  if (isZero(responderCookie)) {
    const opened = table.findOpenedBy(initiatorCookie, octets);
    return opened === undefined
      ? receiveFirst(state, mode, datagram, header, now)
      : onPath(opened.path, isOld(opened, ends) ? oldPort : opened.phase1Exchange.repeated(octets, ends));
  }
  const sa = table.find(header) ?? table.findAwaitingMessage2(initiatorCookie);
  if (sa === undefined) return dropped('unexpected', `${mode} under unknown cookies`);
  if (sa.phase1Exchange.kind !== mode)
    return dropped('unexpected', `${mode} within ${sa.phase1Exchange.kind}`);
  const effects = receiveNext(state, mode, sa, datagram, header, now);
  // Only now: a negotiation that is complete may have found the path of an earlier one.
  return onPath(sa.path, effects);
}

function receiveNext(
  state: IkeState,
  mode: Phase1Mode,
  sa: IsakmpSa,
  datagram: ReceivedDatagram,
  header: IsakmpHeader,
  now: Instant,
): IkeEffect[] {
  const { ends, octets } = datagram;
  // Message 2 of aggressive mode may come again after the change of ports; message 3 goes where it went.
  if (mode === 'aggressive-mode' && sa.role === 'initiator' && sa.phase1Exchange.hasReceived(octets)) {
    return sa.phase1Exchange.repeated(octets, ends, sa.ends);
  }
  if (isOld(sa, ends)) return oldPort;
  if (sa.phase1Exchange.hasReceived(octets)) return sa.phase1Exchange.repeated(octets, ends);
  if (sa.state.at === 'established') return dropped('unexpected', `${mode} is over`);
  if (costsTooMuch(sa)) return dropped('unexpected', 'no key exchange of this negotiation has done');
  const { message, encrypted = header.flags.encryption } = awaited[sa.state.at];
  if (header.flags.encryption !== encrypted) {
    return dropped('unexpected', `message ${message} of ${mode} is awaited`);
  }
  return apply(state, sa, datagram, message, stepOf(state, sa, datagram, header), now);
}

function receiveFirst(
  state: IkeState,
  mode: Phase1Mode,
  { ends, octets }: ReceivedDatagram,
  header: IsakmpHeader,
  now: Instant,
): IkeEffect[] {
  const { random, table } = state;
  const config = state.roles.responder;
  const unwelcome = refusalOfNewcomer(state, mode, ends, now);
  if (unwelcome !== undefined) return dropped('unexpected', unwelcome);
  const payloads = decodePayloads(octets, header.nextPayload, isakmpHeaderLength);
  if (header.flags.encryption || !payloads.ok) {
    return dropped('malformed', payloads.ok ? 'message 1 is encrypted' : payloads.error.detail);
  }
  const cookies = { initiatorCookie: header.initiatorCookie.slice(), responderCookie: drawCookie(random) };
  const receive = mode === 'aggressive-mode' ? receiveAggressive1 : receiveMessage1;
  const step = receive({ ...cookies, config, random, ends }, payloads.value);
  if (step.step === 'ignore') return dropped(step.reason, step.detail);
  if (step.step === 'fail') {
    // No state is kept for it: each repetition of message 1 is judged and refused anew.
    const exchange = new Exchange(mode, 0, config.retransmission, boundsOf(config).repetitions);
    const unanswered = { initiatorCookie: cookies.initiatorCookie, responderCookie: noCookie };
    return onPath(newPath(unanswered), [
      ...exchange.accept(octets, 1, ends),
      ...failed(1, step.reason, step.detail),
      ...refusal(state, unanswered, exchange, step, ends),
    ]);
  }
  const sa = newSa(state, mode, 'responder', cookies, ends, step.state, now);
  table.add(sa);
  return onPath(sa.path, proceed(state, sa, { ends, octets }, 1, step, now));
}

/** What the state of the negotiation makes of the message it waited for. */
function stepOf(
  { roles, random, table }: IkeState,
  sa: IsakmpSa,
  { ends, octets }: ReceivedDatagram,
  header: IsakmpHeader,
): Step<Phase1State> {
  const { state } = sa;
  const clear = header.flags.encryption
    ? undefined
    : decodePayloads(octets, header.nextPayload, isakmpHeaderLength);
  if (clear?.ok === false) return { step: 'ignore', reason: 'malformed', detail: clear.error.detail };
  const payloads = clear?.value ?? [];
  const { initiatorCookie } = sa;
  const { responderCookie } = header;
  if (sa.role === 'initiator') {
    const context = {
      initiatorCookie,
      responderCookie: responderCookie.slice(),
      config: withoutFalseContact(roles.initiator, table, sa.ends),
      random,
      ends: sa.ends,
    };
    if (state.at === 'sa-sent' || state.at === 'all-sent') {
      const step =
        state.at === 'sa-sent'
          ? receiveMessage2(context, state, payloads)
          : receiveAggressive2(context, state, payloads);
      if (step.step === 'advance') table.learnResponderCookie(sa, responderCookie);
      return step;
    }
    if (state.at === 'ke-sent') return receiveMessage4(context, state, payloads);
    if (state.at === 'id-sent') return receiveMessage6(state, header, octets);
  } else {
    const config = withoutFalseContact(roles.responder, table, ends);
    const context = { initiatorCookie, responderCookie: sa.responderCookie, config, random, ends };
    if (state.at === 'sa-answered') return receiveMessage3(context, state, payloads);
    if (state.at === 'ke-answered') return receiveMessage5(context, state, header, octets);
    if (state.at === 'all-answered') return receiveAggressive3(context, state, header, octets);
  }
  return { step: 'ignore', reason: 'unexpected', detail: 'phase 1 is over' };
}

function apply(
  state: IkeState,
  sa: IsakmpSa,
  datagram: ReceivedDatagram,
  message: number,
  step: Step<Phase1State>,
  now: Instant,
): IkeEffect[] {
  const { ends, octets } = datagram;
  if (step.step === 'ignore') return dropped(step.reason, step.detail);
  if (step.step === 'advance') return proceed(state, sa, datagram, message, step, now);
  // A responder keeps the negotiation as it was, for a forged message must not end it; it tells once.
  sa.failures++;
  if (sa.refused) return dropped('unexpected', step.detail);
  sa.refused = true;
  const effects = [
    ...sa.phase1Exchange.accept(octets, message, ends),
    ...told(...(step.facts ?? [])),
    ...failed(1, step.reason, step.detail),
    ...refusal(state, sa, sa.phase1Exchange, step, ends),
  ];
  if (sa.role === 'initiator') state.table.delete(sa);
  return effects;
}

function proceed(
  state: IkeState,
  sa: IsakmpSa,
  { ends, octets }: ReceivedDatagram,
  message: number,
  step: Advance,
  now: Instant,
): IkeEffect[] {
  const { config } = state;
  const effects = sa.phase1Exchange.accept(octets, message, ends);
  // The initiator says where to go on; the responder answers to where the message came from (RFC 3947 4).
  const next = sa.role === 'initiator' ? (step.ends ?? sa.ends) : ends;
  if (sa.role === 'responder' && next.local.port !== sa.ends.local.port) {
    effects.push(...told({ fact: 'port-floated', ...next }));
  }
  sa.ends = next;
  sa.state = step.state;
  if (announcesFragmentation(vendorIdsOf(octets).map(hex))) sa.peerAssembles = true;
  if (announcesDeadPeerDetection(vendorIdsOf(octets))) sa.watch.announced = true;
  sa.expiresAt = sa.role === 'responder' ? now + wholeInterval(config.retransmission) : undefined;
  effects.push(...told(...step.facts));
  if (step.answer !== undefined) {
    effects.push(...send(sa, step.answer, message + 1, now));
  }
  if (isEstablished(sa)) effects.push(...establish(state, sa, now));
  return effects;
}

/**
 * The initiator repeats what it sends until it is answered, and nothing else is: what a responder of phase 1 would
 * repeat unasked goes to an address that nothing has proved, and one forged message would have it flooded. What ends
 * aggressive mode is the initiator's and not answered; where it was lost, `askForProof` of quick mode has it sent again.
 */
function send(sa: IsakmpSa, octets: Uint8Array, message: number, now: Instant): IkeEffect[] {
  const { phase1Exchange: exchange, state, role, ends } = sa;
  return role === 'initiator' && state.at !== 'established'
    ? exchange.request(octets, message, ends, now)
    : exchange.answer(octets, message, ends);
}

/** The notify that goes with a refusal, where this side sends any (RFC 2408 5.4 leaves that open). */
function refusal(
  { roles, random }: IkeState,
  cookies: Cookies,
  exchange: Exchange,
  { notify }: Extract<Step<Phase1State>, { step: 'fail' }>,
  ends: Ends,
): IkeEffect[] {
  if (notify === undefined || !roles.responder.sendsNotifies) return [];
  const messageId = readUint(random(4), 0, 4) || 1;
  const message = clearNotification(cookies, messageId, notify);
  return [
    ...exchange.refuse(message, messageId, ends),
    ...told({ fact: 'notify', direction: 'sent', notify, phase: 1, protected: false }),
  ];
}

/** Those of a message in the clear; what cannot be read has none. */
function vendorIdsOf(octets: Uint8Array): Uint8Array[] {
  const message = decodeMessage(octets);
  return message.ok && !message.value.header.flags.encryption
    ? payloadsOf(message.value.payloads, 'vendor-id').map(({ data }) => data)
    : [];
}

function isZero(cookie: Uint8Array): boolean {
  return cookie.every((octet) => octet === 0);
}
