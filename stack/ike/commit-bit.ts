import { ExchangeType } from '../isakmp/exchange-type.ts';
import type { IsakmpHeader } from '../isakmp/header.ts';
import { payloadsOf } from '../isakmp/message.ts';
import type { Notification } from '../isakmp/notification.ts';
import { NotifyType } from '../isakmp/notify-type.ts';
import { phase2Notification } from './informational.ts';
import type { Established } from './phase1.ts';
import { hashedPayloads, openMessage, sealMessage, withHash } from './protection.ts';
import { firstIv, type QuickStateAt } from './quick-mode.ts';
import type { EstablishedSa } from './sa-table.ts';

/*
 * The commit bit (RFC 2408 3.1): who sets it in quick mode says with a CONNECTED notify that its SA is in place,
 * and the other end does not send under the SA before. RFC 2408 wants an informational exchange under the message
 * id of the quick mode; Windows and racoon send a fourth message of quick mode. This end sends the latter and
 * understands both.
 */

/** The fourth message of a quick mode in which this end set the commit bit. */
export function sealConnected(
  { initiatorCookie, responderCookie, state: phase1 }: EstablishedSa,
  messageId: number,
  { iv }: QuickStateAt<'complete'>,
): Uint8Array {
  const payloads = withHash(phase1.keys, messageId, new Uint8Array(), [phase2Notification('CONNECTED')]);
  const start = { initiatorCookie, responderCookie, exchangeType: ExchangeType.quickMode, messageId };
  return sealMessage(phase1.keys, iv, start, payloads).octets;
}

/** The CONNECTED notify in a message under the message id of a complete quick mode; `undefined` where that is none. */
export function openConnected(
  phase1: Established,
  { iv }: QuickStateAt<'complete'>,
  header: IsakmpHeader,
  octets: Uint8Array,
): Notification | undefined {
  for (const start of [iv, firstIv(phase1, header.messageId)]) {
    const opened = openMessage(phase1.keys, start, header, octets);
    if (!opened.ok) continue;
    const payloads = hashedPayloads(phase1.keys, header.messageId, new Uint8Array(), opened.value) ?? [];
    const connected = payloadsOf(payloads, 'notification')
      .map(({ notification }) => notification)
      .find(({ notifyType }) => notifyType === NotifyType.CONNECTED);
    if (connected !== undefined) return connected;
  }
  return undefined;
}
