import { ExchangeType } from '../isakmp/exchange-type.ts';
import { type IsakmpHeader, noFlags } from '../isakmp/header.ts';
import { ipsecDoi, ProtocolId } from '../isakmp/ipsec-doi.ts';
import { encodeMessage, type ReceivedPayload } from '../isakmp/message.ts';
import { type NotifyName, NotifyType } from '../isakmp/notify-type.ts';
import type { Payload } from '../isakmp/payload.ts';
import { concat, uint32 } from '../octets.ts';
import type { Cookies, Established } from './phase1.ts';
import { hashedPayloads, openMessage, sealMessage, withHash } from './protection.ts';
import { firstIv } from './quick-mode.ts';
import type { IkeTamper } from './tamper.ts';

/** An informational message under an established ISAKMP SA: HASH(1), then `payload` (RFC 2409 5.7). */
export function sealInformational(
  { initiatorCookie, responderCookie }: Cookies,
  phase1: Established,
  messageId: number,
  payload: Payload,
  tamper?: IkeTamper,
): Uint8Array {
  const payloads = withHash(phase1.keys, messageId, new Uint8Array(), [payload]);
  const start = { initiatorCookie, responderCookie, exchangeType: ExchangeType.informational, messageId };
  return sealMessage(phase1.keys, firstIv(phase1, messageId), start, payloads, tamper).octets;
}

/** The payloads of a protected informational message, or `undefined` where its hash does not vouch for them. */
export function openInformational(
  phase1: Established,
  header: IsakmpHeader,
  octets: Uint8Array,
): readonly ReceivedPayload[] | undefined {
  const { messageId } = header;
  const opened = openMessage(phase1.keys, firstIv(phase1, messageId), header, octets);
  return opened.ok ? hashedPayloads(phase1.keys, messageId, new Uint8Array(), opened.value) : undefined;
}

/** Before there is an ISAKMP SA, notifies go in the clear (RFC 2409 5.7). */
export function clearNotification(cookies: Cookies, messageId: number, notify: NotifyName): Uint8Array {
  const { initiatorCookie, responderCookie } = cookies;
  return encodeMessage(
    { initiatorCookie, responderCookie, exchangeType: ExchangeType.informational, flags: noFlags, messageId },
    [phase1Notification(cookies, notify)],
  );
}

/** A notify about an ISAKMP SA, whose SPI is both cookies (RFC 2407 4.6.3). */
export function phase1Notification(
  { initiatorCookie, responderCookie }: Cookies,
  notify: NotifyName,
): Extract<Payload, { payload: 'notification' }> {
  return {
    payload: 'notification',
    notification: {
      doi: ipsecDoi,
      protocolId: ProtocolId.isakmp,
      notifyType: NotifyType[notify],
      spi: concat(initiatorCookie, responderCookie),
      data: new Uint8Array(),
    },
  };
}

/** A notify about a quick mode; without SPI, since the peer has none of ours yet. */
export function phase2Notification(notify: NotifyName): Payload {
  return {
    payload: 'notification',
    notification: {
      doi: ipsecDoi,
      protocolId: ProtocolId.esp,
      notifyType: NotifyType[notify],
      spi: new Uint8Array(),
      data: new Uint8Array(),
    },
  };
}

/** Delete of ESP SAs by the SPIs under which this side received (RFC 2408 3.15). */
export function deleteEsp(spi: number): Payload {
  return { payload: 'delete', delete: { doi: ipsecDoi, protocolId: ProtocolId.esp, spis: [uint32(spi)] } };
}

/** Delete of the ISAKMP SA, whose SPI is both cookies (RFC 2408 2.4). */
export function deleteIsakmp({ initiatorCookie, responderCookie }: Cookies): Payload {
  const spi = concat(initiatorCookie, responderCookie);
  return { payload: 'delete', delete: { doi: ipsecDoi, protocolId: ProtocolId.isakmp, spis: [spi] } };
}
