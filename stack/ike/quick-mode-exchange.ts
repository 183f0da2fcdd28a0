import type { Instant } from '../engine.ts';
import { dropped, onPath, told } from '../fact.ts';
import type { IsakmpHeader } from '../isakmp/header.ts';
import { wholeInterval } from '../retransmission.ts';
import type { SaPair } from '../sa.ts';
import { drawMessageId, drawSpi } from './draw.ts';
import { failed, type IkeEffect } from './effect.ts';
import { type Ends, Exchange } from './exchange.ts';
import { openConnected, phase2Notification, sealInformational } from './informational.ts';
import { receivedNotification } from './notification-effects.ts';
import type { QuickModeState } from './quick-mode.ts';
import { receiveQuickMode2, startQuickMode } from './quick-mode-initiator.ts';
import { receiveQuickMode1, receiveQuickMode3 } from './quick-mode-responder.ts';
import { follow, type ReceivedDatagram } from './received.ts';
import {
  type EstablishedSa,
  type IkeState,
  type IsakmpSa,
  isEstablished,
  type QuickMode,
} from './sa-table.ts';
import type { Step } from './step.ts';

type Advance = Extract<Step<QuickModeState>, { step: 'advance' }>;
type Fail = Extract<Step<QuickModeState>, { step: 'fail' }>;

/** Sends message 1 of a new quick mode under an established ISAKMP SA. */
export function beginQuickMode(state: IkeState, sa: EstablishedSa, now: Instant): IkeEffect[] {
  const { config, random } = state;
  if (config.role !== 'initiator') return [];
  const messageId = drawMessageId(random, sa);
  const context = { ...contextOf(sa, messageId, sa.ends), config, random };
  const { state: first, message } = startQuickMode(context, drawSpi(state));
  const exchange = new Exchange('quick-mode', messageId, config.retransmission);
  sa.quickModes.set(messageId, { exchange, state: first, forgetAt: undefined });
  return exchange.request(message, 1, sa.ends, now);
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
  if (!isEstablished(sa)) return dropped('unexpected', 'quick mode before phase 1 is established');
  if (!header.flags.encryption || header.messageId === 0) {
    return dropped('malformed', 'quick mode in the clear or with message id 0');
  }
  const quick = sa.quickModes.get(header.messageId);
  if (quick === undefined) return receiveFirst(state, sa, datagram, header, now);
  const { ends, octets } = datagram;
  if (quick.exchange.hasReceived(octets)) return quick.exchange.repeated(octets, ends);
  const { config, random } = state;
  const context = contextOf(sa, header.messageId, ends);
  if (quick.state.at === 'sa-sent' && config.role === 'initiator') {
    const step = receiveQuickMode2({ ...context, config, random }, quick.state, header, octets);
    return apply(state, sa, quick, datagram, 2, step, now);
  }
  if (quick.state.at === 'sa-answered' && config.role === 'responder') {
    const step = receiveQuickMode3({ ...context, config, random }, quick.state, header, octets);
    return apply(state, sa, quick, datagram, 3, step, now);
  }
  if (quick.state.at === 'complete' && sa.role === 'initiator') {
    const notification = openConnected(sa.state, quick.state.iv, header, octets);
    if (notification !== undefined) {
      return [...quick.exchange.accept(octets, 4, ends), ...receivedNotification(notification, true)];
    }
  }
  return dropped('unexpected', 'this quick mode is over');
}

function receiveFirst(
  state: IkeState,
  sa: EstablishedSa,
  datagram: ReceivedDatagram,
  header: IsakmpHeader,
  now: Instant,
): IkeEffect[] {
  const { config, random } = state;
  const { messageId } = header;
  if (config.role !== 'responder') return dropped('unexpected', 'a quick mode that was not asked for');
  if (sa.usedMessageIds.has(messageId)) return dropped('replayed', `message id ${messageId} was used before`);
  const context = { ...contextOf(sa, messageId, datagram.ends), config, random };
  const step = receiveQuickMode1(context, header, datagram.octets, drawSpi(state));
  if (step.step === 'ignore') return dropped(step.reason, step.detail);
  sa.usedMessageIds.add(messageId);
  const exchange = new Exchange('quick-mode', messageId, config.retransmission);
  const quick: QuickMode = { exchange, state: { at: 'refused' }, forgetAt: undefined };
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
  const effects = [...follow(state, sa, ends), ...quick.exchange.accept(octets, message, ends)];
  if (step.step === 'fail') {
    quick.state = { at: 'refused' };
    quick.forgetAt = now + wholeInterval(state.config.retransmission);
    return [...effects, ...failed(2, step.reason, step.detail), ...refusal(state, sa, quick, step, ends)];
  }
  quick.state = step.state;
  effects.push(...told(...step.facts), ...answered(sa, quick, message, step, now));
  if (step.state.at === 'complete') {
    quick.forgetAt = now + wholeInterval(state.config.retransmission);
    effects.push(...install(state, sa, step.state.pair, now));
  }
  return effects;
}

/** Message 2 is repeated until message 3 comes; message 3 only when message 2 comes again. */
function answered(
  sa: EstablishedSa,
  { exchange }: QuickMode,
  message: number,
  { answer, state }: Advance,
  now: Instant,
): IkeEffect[] {
  if (answer === undefined) return [];
  return state.at === 'complete'
    ? exchange.answer(answer, message + 1, sa.ends)
    : exchange.answerAndRepeat(answer, message + 1, sa.ends, now);
}

function install({ table }: IkeState, sa: EstablishedSa, pair: SaPair, now: Instant): IkeEffect[] {
  const current = { ...pair, ...sa.ends };
  const expiresAt = now + pair.lifetimeSeconds * 1000;
  table.children.set(pair.inbound.spi, { pair: current, parent: sa, expiresAt });
  return [{ effect: 'install-sa', sa: current, path: sa.path }];
}

function refusal(
  { config, random }: IkeState,
  sa: EstablishedSa,
  { exchange }: QuickMode,
  { notify }: Fail,
  ends: Ends,
): IkeEffect[] {
  if (notify === undefined || config.role !== 'responder' || !config.sendsNotifies) return [];
  const messageId = drawMessageId(random, sa);
  const message = sealInformational(sa, sa.state, messageId, phase2Notification(notify));
  return [
    ...exchange.refuse(message, messageId, ends),
    ...told({ fact: 'notify', direction: 'sent', notify, phase: 2, protected: true }),
  ];
}

function contextOf(sa: EstablishedSa, messageId: number, ends: Ends) {
  const { initiatorCookie, responderCookie, state: phase1 } = sa;
  return { initiatorCookie, responderCookie, messageId, phase1, ends };
}
