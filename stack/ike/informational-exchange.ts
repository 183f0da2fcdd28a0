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
import { failed, type IkeEffect } from './effect.ts';
import { messageFact } from './exchange.ts';
import { openInformational } from './informational.ts';
import { forgetPast } from './initial-contact.ts';
import { failureOf, receivedNotification } from './notification-effects.ts';
import { follow, type ReceivedDatagram } from './received.ts';
import { removeChild, removeIsakmpSa } from './removal.ts';
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
  return onPath(sa.path, receiveProtected(state, sa, datagram, header, now));
}

function receiveProtected(
  state: IkeState,
  sa: EstablishedSa,
  { ends, octets }: ReceivedDatagram,
  header: IsakmpHeader,
  now: Instant,
): IkeEffect[] {
  const { messageId } = header;
  if (sa.usedMessageIds.has(messageId)) return dropped('replayed', `message id ${messageId} was used before`);
  const payloads = openInformational(sa.state, header, octets);
  if (payloads === undefined)
    return dropped('malformed', 'an informational message whose hash does not verify');
  sa.usedMessageIds.add(messageId);
  return [
    ...follow(state, sa, ends),
    messageFact('received', { exchange: 'informational', message: 1, messageId }, 1, ends),
    ...payloadsOf(payloads, 'notification').flatMap(({ notification }) => [
      ...receivedNotification(notification, true),
      ...heed(state, sa, notification, now),
    ]),
    ...payloadsOf(payloads, 'delete').flatMap((payload) => obey(state, sa, payload.delete)),
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

/** What a protected notify changes: INITIAL-CONTACT clears the past, an error ends the oldest quick mode that waits. */
function heed(state: IkeState, sa: EstablishedSa, notification: Notification, now: Instant): IkeEffect[] {
  if (notification.notifyType === NotifyType['INITIAL-CONTACT']) return forgetPast(state, sa);
  const reason = failureOf(notification);
  const waiting = [...sa.quickModes.values()].find((quick) => quick.state.at === 'sa-sent');
  if (reason === undefined || waiting === undefined) return [];
  waiting.exchange.stop();
  waiting.state = { at: 'refused' };
  waiting.forgetAt = now + wholeInterval(state.config.retransmission);
  return failed(2, reason, `the responder answers ${notifyName(notification.notifyType)}`);
}

/** The peer has removed SAs (RFC 2408 3.15): ESP SAs by the SPI this side sends under, or the ISAKMP SA itself. */
function obey(state: IkeState, sa: EstablishedSa, { protocolId, spis }: Delete): IkeEffect[] {
  if (protocolId === ProtocolId.esp) {
    const deleted = spis.filter((spi) => spi.length === 4).map((spi) => readUint(spi, 0, 4));
    return state.table
      .childrenOf(sa)
      .filter((child) => deleted.includes(child.pair.outbound.spi))
      .flatMap((child) => removeChild(state, child, 'peer', 'the peer deleted it'));
  }
  const own = concat(sa.initiatorCookie, sa.responderCookie);
  if (protocolId !== ProtocolId.isakmp || !spis.some((spi) => equalOctets(spi, own))) return [];
  // ESP SAs outlive the ISAKMP SA that made them where another one with the same peer can delete them later.
  const heir = state.table.heirOf(sa);
  if (heir !== undefined) for (const child of state.table.childrenOf(sa)) child.parent = heir;
  const waiting = [...sa.quickModes.values()].some((quick) => quick.state.at === 'sa-sent');
  return [
    ...(waiting ? failed(2, 'deleted-by-peer', 'the peer deleted the ISAKMP SA') : []),
    ...removeIsakmpSa(state, sa, 'peer', 'the peer deleted it'),
  ];
}
