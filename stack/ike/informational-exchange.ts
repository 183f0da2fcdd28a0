import type { Instant } from '../engine.ts';
import { dropped, onPath } from '../fact.ts';
import type { Delete } from '../isakmp/delete.ts';
import { type IsakmpHeader, isakmpHeaderLength } from '../isakmp/header.ts';
import { ProtocolId } from '../isakmp/ipsec-doi.ts';
import { decodePayloads, payloadsOf } from '../isakmp/message.ts';
import type { Notification } from '../isakmp/notification.ts';
import { NotifyType, notifyName } from '../isakmp/notify-type.ts';
import { concat, equalOctets, readUint } from '../octets.ts';
import { wholeInterval } from '../retransmission.ts';
import { boundsOf } from './bounds.ts';
import { heard, isDeadPeerNotify, receiveDeadPeerNotify } from './dpd.ts';
import { failed, type IkeEffect } from './effect.ts';
import { messageFact } from './exchange.ts';
import { openInformational } from './informational.ts';
import { forgetPast } from './initial-contact.ts';
import { abandon } from './installation.ts';
import { failureOf, receivedNotification } from './notification-effects.ts';
import { receiveConnected } from './quick-mode-exchange.ts';
import { follow, type ReceivedDatagram } from './received.ts';
import { removeChild, removeIsakmpSa } from './removal.ts';
import { heedResponderLifetime } from './responder-lifetime.ts';
import { type EstablishedSa, type IkeState, isEstablished } from './sa-table.ts';

export function receiveInformational(
  state: IkeState,
  datagram: ReceivedDatagram,
  header: IsakmpHeader,
  now: Instant,
): IkeEffect[] {
  if (!header.flags.encryption) return receiveClear(state, datagram, header);
  const sa = state.table.find(header);
  if (sa === undefined || !isEstablished(sa)) {
    return dropped('unexpected', 'an informational message under no established ISAKMP SA');
  }
  const quick = sa.quickModes.get(header.messageId);
  return onPath(
    sa.path,
    quick?.state.at === 'complete'
      ? receiveConnected(state, sa, quick, quick.state, datagram, header, now)
      : receiveProtected(state, sa, datagram, header, now),
  );
}

function receiveProtected(
  state: IkeState,
  sa: EstablishedSa,
  { ends, octets }: ReceivedDatagram,
  header: IsakmpHeader,
  now: Instant,
): IkeEffect[] {
  const { messageId } = header;
  if (sa.usedMessageIds.size >= boundsOf(state.config).messageIds) {
    return dropped('unexpected', 'all message ids are spent');
  }
  if (sa.usedMessageIds.has(messageId)) return dropped('replayed', `message id ${messageId} was used before`);
  const payloads = openInformational(sa.state, header, octets);
  if (payloads === undefined)
    return dropped('malformed', 'an informational message whose hash does not verify');
  sa.usedMessageIds.add(messageId);
  // Questions and answers of RFC 3706 count only if they are the right ones.
  if (!payloadsOf(payloads, 'notification').some(isDeadPeerNotify)) heard(sa, now);
  return [
    ...follow(state, sa, ends),
    messageFact('received', { exchange: 'informational', message: 1, messageId }, 1, ends),
    ...payloadsOf(payloads, 'notification').flatMap(({ notification }) => [
      ...receivedNotification(notification, true),
      ...heed(state, sa, notification, now),
    ]),
    ...payloadsOf(payloads, 'delete').flatMap((payload) => obey(state, sa, payload.delete, now)),
  ];
}

/**
 * A message in the clear can be anybody's: deletes are not obeyed, and a notify ends at most a main
 * mode that is not authentic itself yet and that this side began (RFC 2408 5.14 leaves it to policy).
 */
function receiveClear(
  { table }: IkeState,
  { ends, octets }: ReceivedDatagram,
  header: IsakmpHeader,
): IkeEffect[] {
  const sa = table.find(header) ?? table.findAwaitingMessage2(header.initiatorCookie);
  if (sa === undefined) return dropped('unexpected', 'an informational message under unknown cookies');
  const payloads = decodePayloads(octets, header.nextPayload, isakmpHeaderLength);
  if (!payloads.ok) return dropped('malformed', payloads.error.detail);
  const { messageId } = header;
  const notifications = payloadsOf(payloads.value, 'notification').map(({ notification }) => notification);
  const effects: IkeEffect[] = [
    messageFact('received', { exchange: 'informational', message: 1, messageId }, 1, ends),
    ...notifications.flatMap((notification) => receivedNotification(notification, false)),
  ];
  const fatal = notifications.find((notification) => failureOf(notification) !== undefined);
  const reason = fatal && failureOf(fatal);
  if (reason !== undefined && sa.role === 'initiator' && !isEstablished(sa)) {
    table.delete(sa);
    effects.push(...failed(1, reason, `the responder answers ${notifyName(fatal?.notifyType ?? 0)}`));
  }
  return onPath(sa.path, effects);
}

/** What a protected notify changes; an error ends the oldest quick mode that waits. */
function heed(state: IkeState, sa: EstablishedSa, notification: Notification, now: Instant): IkeEffect[] {
  if (isDeadPeerNotify({ notification })) return receiveDeadPeerNotify(state, sa, notification, now);
  switch (notification.notifyType) {
    case NotifyType['INITIAL-CONTACT']:
      return forgetPast(state, sa);
    case NotifyType['RESPONDER-LIFETIME']:
      return heedResponderLifetime(state, sa, notification, now);
  }
  const reason = failureOf(notification);
  const waiting = [...sa.quickModes.values()].find((quick) => quick.state.at === 'sa-sent');
  if (reason === undefined || waiting === undefined) return [];
  waiting.exchange.stop();
  waiting.state = { at: 'refused' };
  waiting.forgetAt = now + wholeInterval(state.config.retransmission);
  return failed(2, reason, `the responder answers ${notifyName(notification.notifyType)}`);
}

/**
 * The peer has removed SAs (RFC 2408 3.15): ESP SAs by the SPI this side sends under, or ISAKMP SAs by their
 * cookies; all with this same peer, under whichever ISAKMP SA of its it says so. An SPI that names none is no
 * matter: both ends may delete at once.
 */
function obey(state: IkeState, sa: EstablishedSa, { protocolId, spis }: Delete, now: Instant): IkeEffect[] {
  const { table } = state;
  const same = table.established.filter(({ path }) => path === sa.path);
  const by = ['peer', 'the peer deleted it'] as const;
  if (protocolId === ProtocolId.esp) {
    const deleted = new Set(spis.filter((spi) => spi.length === 4).map((spi) => readUint(spi, 0, 4)));
    const forsaken = same.flatMap((each) => forsake(state, each, deleted, now));
    return [
      ...forsaken,
      ...table
        .childrenOn(sa.path)
        .filter((child) => deleted.has(child.pair.outbound.spi))
        .flatMap((child) => removeChild(state, child, ...by)),
    ];
  }
  if (protocolId !== ProtocolId.isakmp) return [];
  return same
    .filter((each) =>
      spis.some((spi) => equalOctets(spi, concat(each.initiatorCookie, each.responderCookie))),
    )
    .flatMap((each) => {
      const waiting = [...each.quickModes.values()].some((quick) => quick.state.at === 'sa-sent');
      return [
        ...(waiting ? failed(2, 'deleted-by-peer', 'the peer deleted the ISAKMP SA') : []),
        ...removeIsakmpSa(state, each, ...by),
      ];
    });
}

/** A pair that the peer deletes before its message 3 is here is not wanted: a message 3 on its way must not install it. */
function forsake(
  state: IkeState,
  sa: EstablishedSa,
  deleted: ReadonlySet<number>,
  now: Instant,
): IkeEffect[] {
  return [...sa.quickModes.values()].flatMap((quick) => {
    if (quick.state.at !== 'sa-answered' || !deleted.has(quick.state.pair.outbound.spi)) return [];
    const effects = abandon(quick);
    quick.exchange.stop();
    quick.state = { at: 'refused' };
    quick.forgetAt = now + wholeInterval(state.config.retransmission);
    return effects;
  });
}
