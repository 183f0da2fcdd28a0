import type { Instant } from '../engine.ts';
import { dropped, onPath, told } from '../fact.ts';
import type { IsakmpHeader } from '../isakmp/header.ts';
import { wholeInterval } from '../retransmission.ts';
import { boundsOf } from './bounds.ts';
import { openConnected, sealConnected } from './commit-bit.ts';
import { heard } from './dpd.ts';
import { drawMessageId, drawQuickModeId, drawSpi } from './draw.ts';
import { failed, type IkeEffect } from './effect.ts';
import { type Ends, Exchange } from './exchange.ts';
import { phase2Notification, sealInformational } from './informational.ts';
import { awaitMessage3, install, postpone, use } from './installation.ts';
import { receivedNotification } from './notification-effects.ts';
import type { QuickModeState, QuickStateAt } from './quick-mode.ts';
import { receiveQuickMode2, startQuickMode } from './quick-mode-initiator.ts';
import { receiveQuickMode1, receiveQuickMode3 } from './quick-mode-responder.ts';
import { follow, type ReceivedDatagram } from './received.ts';
import { renewing } from './roles.ts';
import {
  type ChildSa,
  type EstablishedSa,
  type IkeState,
  type IsakmpSa,
  isEstablished,
  type QuickMode,
} from './sa-table.ts';
import type { Step } from './step.ts';

type Advance = Extract<Step<QuickModeState>, { step: 'advance' }>;
type Fail = Extract<Step<QuickModeState>, { step: 'fail' }>;

/**
 * Sends message 1 of a new quick mode under an established ISAKMP SA: in the place of `replaced`, which all are
 * for the same traffic, or for what an initiator is configured for.
 */
export function beginQuickMode(
  state: IkeState,
  sa: EstablishedSa,
  now: Instant,
  replaced: readonly ChildSa[] = [],
): IkeEffect[] {
  const { random, roles } = state;
  const pair = replaced.at(-1)?.pair;
  const config = pair === undefined ? roles.initiator : renewing(state.config, roles, pair);
  if (config.phase2.length === 0) return [];
  const messageId = drawQuickModeId(config, random, sa);
  const selectors = pair && { own: pair.localSelector, other: pair.peerSelector };
  const context = { ...contextOf(sa, messageId, sa.ends, selectors), config, random };
  const { state: first, message } = startQuickMode(context, drawSpi(state));
  const quick: QuickMode = {
    ...newQuickMode(state, 'initiator', messageId, first),
    config,
    selectors,
    replaced,
  };
  sa.quickModes.set(messageId, quick);
  return quick.exchange.request(message, 1, sa.ends, now);
}

export function receiveQuickMode(
  state: IkeState,
  datagram: ReceivedDatagram,
  header: IsakmpHeader,
  now: Instant,
): IkeEffect[] {
  const sa = state.table.find(header);
  if (sa === undefined) return dropped('unexpected', 'quick mode under unknown cookies');
  return onPath(sa.path, receiveUnder(state, sa, datagram, header, now));
}

function receiveUnder(
  state: IkeState,
  sa: IsakmpSa,
  datagram: ReceivedDatagram,
  header: IsakmpHeader,
  now: Instant,
): IkeEffect[] {
  if (!isEstablished(sa)) {
    return [
      ...dropped('unexpected', 'quick mode before phase 1 is established'),
      ...askForProof(sa, datagram),
    ];
  }
  if (!header.flags.encryption || header.messageId === 0) {
    return dropped('malformed', 'quick mode in the clear or with message id 0');
  }
  const quick = sa.quickModes.get(header.messageId);
  if (quick === undefined) return receiveFirst(state, sa, datagram, header, now);
  const { ends, octets } = datagram;
  if (quick.exchange.hasReceived(octets)) {
    const child = quick.state.at === 'complete' && state.table.children.get(quick.state.pair.inbound.spi);
    if (child && quick.role === 'initiator') postpone(state, child, now);
    return quick.exchange.repeated(octets, ends);
  }
  const { random } = state;
  const context = contextOf(sa, header.messageId, ends, quick.selectors);
  if (header.flags.commit) quick.awaitsConnected = true;
  if (quick.state.at === 'sa-sent') {
    const step = receiveQuickMode2({ ...context, config: quick.config, random }, quick.state, header, octets);
    return apply(state, sa, quick, datagram, 2, step, now);
  }
  if (quick.state.at === 'sa-answered') {
    const config = state.roles.responder;
    const step = receiveQuickMode3({ ...context, config, random }, quick.state, header, octets);
    return apply(state, sa, quick, datagram, 3, step, now);
  }
  if (quick.state.at !== 'complete') return dropped('unexpected', 'this quick mode is over');
  return receiveConnected(state, sa, quick, quick.state, datagram, header, now);
}

/**
 * A message of phase 2 under an aggressive mode whose message 3 has not come: the peer takes phase 1 for complete.
 * Message 2 once more makes it send message 3 again. Who knows both cookies has had message 2, so that this floods
 * nobody.
 */
function askForProof({ phase1Exchange, state }: IsakmpSa, { ends }: ReceivedDatagram): IkeEffect[] {
  return state.at === 'all-answered' ? phase1Exchange.answerAgain(ends) : [];
}

/** CONNECTED, as a fourth message or as an informational exchange under the message id of a quick mode. */
export function receiveConnected(
  state: IkeState,
  sa: EstablishedSa,
  quick: QuickMode,
  complete: QuickStateAt<'complete'>,
  { ends, octets }: ReceivedDatagram,
  header: IsakmpHeader,
  now: Instant,
): IkeEffect[] {
  const notification = openConnected(sa.state, complete, header, octets);
  if (notification === undefined) return dropped('unexpected', 'this quick mode is over');
  heard(sa, now);
  const child = state.table.children.get(complete.pair.inbound.spi);
  return [
    ...follow(state, sa, ends),
    ...quick.exchange.accept(octets, 4, ends),
    ...receivedNotification(notification, true),
    ...(child === undefined ? [] : use(state, child)),
  ];
}

function receiveFirst(
  state: IkeState,
  sa: EstablishedSa,
  datagram: ReceivedDatagram,
  header: IsakmpHeader,
  now: Instant,
): IkeEffect[] {
  const { random } = state;
  const config = state.roles.responder;
  const { messageId } = header;
  const { quickModes, messageIds } = boundsOf(config);
  if (sa.quickModes.size >= quickModes) return dropped('unexpected', `${quickModes} quick modes already`);
  if (sa.usedMessageIds.size >= messageIds) return dropped('unexpected', 'all message ids are spent');
  if (sa.usedMessageIds.has(messageId)) return dropped('replayed', `message id ${messageId} was used before`);
  const context = { ...contextOf(sa, messageId, datagram.ends, undefined), config, random };
  const step = receiveQuickMode1(context, header, datagram.octets, drawSpi(state));
  if (step.step === 'ignore') return dropped(step.reason, step.detail);
  sa.usedMessageIds.add(messageId);
  const quick = newQuickMode(state, 'responder', messageId, { at: 'refused' });
  quick.awaitsConnected = header.flags.commit;
  sa.quickModes.set(messageId, quick);
  return apply(state, sa, quick, datagram, 1, step, now);
}

function apply(
  state: IkeState,
  sa: EstablishedSa,
  quick: QuickMode,
  { ends, octets }: ReceivedDatagram,
  message: number,
  step: Step<QuickModeState>,
  now: Instant,
): IkeEffect[] {
  if (step.step === 'ignore') return dropped(step.reason, step.detail);
  heard(sa, now);
  const effects = [...follow(state, sa, ends), ...quick.exchange.accept(octets, message, ends)];
  if (step.step === 'fail') {
    quick.state = { at: 'refused' };
    quick.forgetAt = now + wholeInterval(state.config.retransmission);
    return [...effects, ...failed(2, step.reason, step.detail), ...refusal(state, sa, quick, step, ends)];
  }
  quick.state = step.state;
  effects.push(...told(...step.facts));
  if (step.state.at === 'sa-answered') effects.push(...awaitMessage3(state, sa, quick, step.state.pair));
  effects.push(...answered(sa, quick, message, step, now));
  if (step.state.at === 'complete') {
    quick.forgetAt = now + wholeInterval(state.config.retransmission);
    // Before the SA is used: an answer to message 3 must not be overtaken by what is sent under it.
    effects.push(
      ...connected(state, sa, quick, step.state),
      ...install(state, sa, quick, step.state.pair, now),
    );
  }
  return effects;
}

/** What a responder that set the commit bit ends quick mode with (RFC 2408 3.1). */
function connected(
  { roles }: IkeState,
  sa: EstablishedSa,
  { role, exchange }: QuickMode,
  complete: QuickStateAt<'complete'>,
): IkeEffect[] {
  if (role !== 'responder' || roles.responder.setsCommitBit === undefined) return [];
  return exchange.answer(sealConnected(sa, exchange.messageId, complete), 4, sa.ends);
}

/**
 * Message 2 is repeated until message 3 comes; message 3 only when message 2 comes again, or until CONNECTED does
 * where that is awaited.
 */
function answered(
  sa: EstablishedSa,
  { exchange, awaitsConnected }: QuickMode,
  message: number,
  { answer, state }: Advance,
  now: Instant,
): IkeEffect[] {
  if (answer === undefined) return [];
  return state.at === 'complete' && !awaitsConnected
    ? exchange.answer(answer, message + 1, sa.ends)
    : exchange.answerAndRepeat(answer, message + 1, sa.ends, now);
}

function refusal(
  { roles, random }: IkeState,
  sa: EstablishedSa,
  { exchange, role }: QuickMode,
  { notify }: Fail,
  ends: Ends,
): IkeEffect[] {
  if (notify === undefined || role !== 'responder' || !roles.responder.sendsNotifies) return [];
  const messageId = drawMessageId(random, sa);
  const message = sealInformational(sa, sa.state, messageId, phase2Notification(notify));
  return [
    ...exchange.refuse(message, messageId, ends),
    ...told({ fact: 'notify', direction: 'sent', notify, phase: 2, protected: true }),
  ];
}

function newQuickMode(
  { config, roles }: IkeState,
  role: QuickMode['role'],
  messageId: number,
  first: QuickModeState,
): QuickMode {
  return {
    role,
    exchange: new Exchange('quick-mode', messageId, config.retransmission, boundsOf(config).repetitions),
    state: first,
    config: roles.initiator,
    selectors: undefined,
    replaced: [],
    awaitsConnected: false,
    forgetAt: undefined,
  };
}

function contextOf(sa: EstablishedSa, messageId: number, ends: Ends, selectors: QuickMode['selectors']) {
  const { initiatorCookie, responderCookie, state: phase1 } = sa;
  const context = { initiatorCookie, responderCookie, messageId, phase1, ends };
  return selectors === undefined ? context : { ...context, selectors };
}
