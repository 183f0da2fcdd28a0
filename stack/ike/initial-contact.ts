import { told } from '../fact.ts';
import { payloadsOf, type ReceivedPayload } from '../isakmp/message.ts';
import { NotifyType } from '../isakmp/notify-type.ts';
import type { IkeEffect } from './effect.ts';
import { phase1Notification } from './informational.ts';
import { isSamePeer } from './path.ts';
import { removeChild, removeIsakmpSa, sendNotification } from './removal.ts';
import type { EstablishedSa, IkeState } from './sa-table.ts';

/**
 * An initiator that knows of no earlier SA says so after aggressive mode, whose messages must not carry it (RFC 2407
 * 4.6.3); in main mode message 5 did.
 */
export function announceInitialContact(state: IkeState, sa: EstablishedSa): IkeEffect[] {
  const { config, table } = state;
  const first = sa.role === 'initiator' && sa.renewal === undefined && table.heirOf(sa) === undefined;
  if (!first || sa.phase1Exchange.kind !== 'aggressive-mode' || !config.initialContact) return [];
  return sendNotification(state, sa, phase1Notification(sa, 'INITIAL-CONTACT').notification);
}

/**
 * The peer says that it knows of no earlier SA (RFC 2407 4.6.3.3): what is left of it goes. Two clients behind one
 * NAT are told apart by their ports (RFC 3947 6), so that none speaks for the other.
 */
export function forgetPast(state: IkeState, newcomer: EstablishedSa): IkeEffect[] {
  const { table } = state;
  const detail = 'INITIAL-CONTACT';
  const past = table.established.filter((sa) => isSamePeer(sa, newcomer));
  const earlier = table.childrenOn(newcomer.path).filter(({ parent }) => parent !== newcomer);
  return [
    ...earlier.flatMap((child) => removeChild(state, child, 'peer', detail)),
    ...past.flatMap((sa) => [
      ...removeIsakmpSa(state, sa, 'peer', detail),
      // The newcomer does not go on with the connection that this was.
      ...told({ fact: 'closed', layer: 'phase1', by: 'peer', detail }),
    ]),
  ];
}

export function saysInitialContact(payloads: readonly ReceivedPayload[]): boolean {
  return payloadsOf(payloads, 'notification').some(
    ({ notification }) => notification.notifyType === NotifyType['INITIAL-CONTACT'],
  );
}
