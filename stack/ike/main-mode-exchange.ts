import type { Instant } from '../engine.ts';
import { dropped, onPath, told } from '../fact.ts';
import { type IsakmpHeader, isakmpHeaderLength } from '../isakmp/header.ts';
import { decodePayloads } from '../isakmp/message.ts';
import { readUint } from '../octets.ts';
import { wholeInterval } from '../retransmission.ts';
import { drawCookie } from './draw.ts';
import { failed, type IkeEffect } from './effect.ts';
import { type Ends, Exchange } from './exchange.ts';
import { clearNotification } from './informational.ts';
import { forgetPast } from './initial-contact.ts';
import type { Cookies, MainModeState } from './main-mode.ts';
import { receiveMessage2, receiveMessage4, receiveMessage6, startMainMode } from './main-mode-initiator.ts';
import { receiveMessage1, receiveMessage3, receiveMessage5 } from './main-mode-responder.ts';
import { establishedPath, newPath } from './path.ts';
import { beginQuickMode } from './quick-mode-exchange.ts';
import type { ReceivedDatagram } from './received.ts';
import { type IkeState, type IsakmpSa, isEstablished, noCookie } from './sa-table.ts';
import type { Step } from './step.ts';

type Advance = Extract<Step<MainModeState>, { step: 'advance' }>;

/** The message of main mode that each state waits for. */
const awaited = { 'sa-sent': 2, 'sa-answered': 3, 'ke-sent': 4, 'ke-answered': 5, 'id-sent': 6 } as const;

/** Sends message 1; everything up to the first quick mode follows by itself. */
export function dial(state: IkeState, ends: Ends, now: Instant): IkeEffect[] {
  const { config, random, table } = state;
  if (config.role !== 'initiator') return dropped('unexpected', 'a responder does not dial');
  const cookies = { initiatorCookie: drawCookie(random), responderCookie: noCookie };
  const { state: first, message } = startMainMode(config, cookies);
  const sa = newSa(state, cookies, ends, first);
  table.add(sa);
  return onPath(sa.path, sa.mainMode.request(message, 1, ends, now));
}

export function receiveMainMode(
  state: IkeState,
  datagram: ReceivedDatagram,
  header: IsakmpHeader,
  now: Instant,
): IkeEffect[] {
  const { table } = state;
  const { ends, octets } = datagram;
  const { initiatorCookie, responderCookie } = header;
  if (isZero(initiatorCookie)) return dropped('malformed', 'the initiator cookie is zero');
  if (isZero(responderCookie)) {
    const opened = table.findOpenedBy(initiatorCookie, octets);
    return opened === undefined
      ? receiveFirst(state, datagram, header, now)
      : onPath(opened.path, opened.mainMode.repeated(octets, ends));
  }
  const sa = table.find(header) ?? table.findAwaitingMessage2(initiatorCookie);
  if (sa === undefined) return dropped('unexpected', 'main mode under unknown cookies');
  const effects = receiveNext(state, sa, datagram, header, now);
  // Only now: a negotiation that is complete may have found the path of an earlier one.
  return onPath(sa.path, effects);
}

function receiveNext(
  state: IkeState,
  sa: IsakmpSa,
  datagram: ReceivedDatagram,
  header: IsakmpHeader,
  now: Instant,
): IkeEffect[] {
  const { ends, octets } = datagram;
  if (sa.mainMode.hasReceived(octets)) return sa.mainMode.repeated(octets, ends);
  if (sa.state.at === 'established') return dropped('unexpected', 'main mode is over');
  const message = awaited[sa.state.at];
  if (header.flags.encryption !== message >= 5) {
    return dropped('unexpected', `message ${message} of main mode is awaited`);
  }
  return apply(state, sa, datagram, message, stepOf(state, sa, datagram, header), now);
}

function receiveFirst(
  state: IkeState,
  { ends, octets }: ReceivedDatagram,
  header: IsakmpHeader,
  now: Instant,
): IkeEffect[] {
  const { config, random, table } = state;
  if (config.role !== 'responder') return dropped('unexpected', 'message 1 to an initiator');
  if (table.halfOpen >= config.maximumHalfOpen) {
    return dropped('unexpected', `${config.maximumHalfOpen} half-open negotiations already`);
  }
  const payloads = decodePayloads(octets, header.nextPayload, isakmpHeaderLength);
  if (header.flags.encryption || !payloads.ok) {
    return dropped('malformed', payloads.ok ? 'message 1 is encrypted' : payloads.error.detail);
  }
  const cookies = { initiatorCookie: header.initiatorCookie.slice(), responderCookie: drawCookie(random) };
  const step = receiveMessage1({ ...cookies, config, random, ends }, payloads.value);
  if (step.step === 'ignore') return dropped(step.reason, step.detail);
  if (step.step === 'fail') {
    // No state is kept for it: each repetition of message 1 is judged and refused anew.
    const exchange = new Exchange('main-mode', 0, config.retransmission);
    const unanswered = { initiatorCookie: cookies.initiatorCookie, responderCookie: noCookie };
    return onPath(newPath(unanswered), [
      ...exchange.accept(octets, 1, ends),
      ...failed(1, step.reason, step.detail),
      ...refusal(state, unanswered, exchange, step, ends),
    ]);
  }
  const sa = newSa(state, cookies, ends, step.state);
  table.add(sa);
  return onPath(sa.path, proceed(state, sa, { ends, octets }, 1, step, now));
}

/** What the state of the negotiation makes of the message it waited for. */
function stepOf(
  { config, random, table }: IkeState,
  sa: IsakmpSa,
  { ends, octets }: ReceivedDatagram,
  header: IsakmpHeader,
): Step<MainModeState> {
  const { state } = sa;
  const clear = header.flags.encryption
    ? undefined
    : decodePayloads(octets, header.nextPayload, isakmpHeaderLength);
  if (clear?.ok === false) return { step: 'ignore', reason: 'malformed', detail: clear.error.detail };
  const payloads = clear?.value ?? [];
  const { initiatorCookie } = sa;
  const { responderCookie } = header;
  if (config.role === 'initiator') {
    const context = {
      initiatorCookie,
      responderCookie: responderCookie.slice(),
      config,
      random,
      ends: sa.ends,
    };
    if (state.at === 'sa-sent') {
      const step = receiveMessage2(context, state, payloads);
      if (step.step === 'advance') table.learnResponderCookie(sa, responderCookie);
      return step;
    }
    if (state.at === 'ke-sent') return receiveMessage4(context, state, payloads);
    if (state.at === 'id-sent') return receiveMessage6(state, header, octets);
  } else {
    const context = { initiatorCookie, responderCookie: sa.responderCookie, config, random, ends };
    if (state.at === 'sa-answered') return receiveMessage3(context, state, payloads);
    if (state.at === 'ke-answered') return receiveMessage5(context, state, header, octets);
  }
  return { step: 'ignore', reason: 'unexpected', detail: 'main mode is over' };
}

function apply(
  state: IkeState,
  sa: IsakmpSa,
  datagram: ReceivedDatagram,
  message: number,
  step: Step<MainModeState>,
  now: Instant,
): IkeEffect[] {
  const { ends, octets } = datagram;
  if (step.step === 'ignore') return dropped(step.reason, step.detail);
  if (step.step === 'advance') return proceed(state, sa, datagram, message, step, now);
  // A responder keeps the negotiation as it was, for a forged message must not end it; it tells once.
  if (sa.refused) return dropped('unexpected', step.detail);
  sa.refused = true;
  const effects = [
    ...sa.mainMode.accept(octets, message, ends),
    ...told(...(step.facts ?? [])),
    ...failed(1, step.reason, step.detail),
    ...refusal(state, sa, sa.mainMode, step, ends),
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
  const effects = sa.mainMode.accept(octets, message, ends);
  // The initiator says where to go on; the responder answers to where the message came from (RFC 3947 4).
  const next = sa.role === 'initiator' ? (step.ends ?? sa.ends) : ends;
  if (sa.role === 'responder' && next.local.port !== sa.ends.local.port) {
    effects.push(...told({ fact: 'port-floated', ...next }));
  }
  sa.ends = next;
  sa.state = step.state;
  sa.expiresAt = sa.role === 'responder' ? now + wholeInterval(config.retransmission) : undefined;
  effects.push(...told(...step.facts));
  if (step.answer !== undefined) {
    effects.push(
      ...(sa.role === 'initiator'
        ? sa.mainMode.request(step.answer, message + 1, sa.ends, now)
        : sa.mainMode.answer(step.answer, message + 1, sa.ends)),
    );
  }
  if (isEstablished(sa)) {
    const { nat, transform, initialContact } = sa.state;
    sa.path = establishedPath(state.table, sa);
    sa.expiresAt = now + transform.lifetimeSeconds * 1000;
    const keepalives = nat?.localBehindNat && config.keepaliveSeconds > 0;
    sa.keepaliveDue = keepalives ? now + config.keepaliveSeconds * 1000 : undefined;
    if (initialContact) effects.push(...forgetPast(state, sa));
    if (sa.role === 'initiator') effects.push(...beginQuickMode(state, sa, now));
  }
  return effects;
}

/** The notify that goes with a refusal, where this side sends any (RFC 2408 5.4 leaves that open). */
function refusal(
  { config, random }: IkeState,
  cookies: Cookies,
  exchange: Exchange,
  { notify }: Extract<Step<MainModeState>, { step: 'fail' }>,
  ends: Ends,
): IkeEffect[] {
  if (notify === undefined || config.role !== 'responder' || !config.sendsNotifies) return [];
  const messageId = readUint(random(4), 0, 4) || 1;
  const message = clearNotification(cookies, messageId, notify);
  return [
    ...exchange.refuse(message, messageId, ends),
    ...told({ fact: 'notify', direction: 'sent', notify, phase: 1, protected: false }),
  ];
}

function newSa({ config }: IkeState, cookies: Cookies, ends: Ends, first: MainModeState): IsakmpSa {
  return {
    ...cookies,
    role: config.role,
    path: newPath(cookies),
    ends,
    mainMode: new Exchange('main-mode', 0, config.retransmission),
    state: first,
    refused: false,
    quickModes: new Map(),
    usedMessageIds: new Set(),
    expiresAt: undefined,
    keepaliveDue: undefined,
  };
}

function isZero(cookie: Uint8Array): boolean {
  return cookie.every((octet) => octet === 0);
}
