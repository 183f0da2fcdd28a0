import { type IkeFailure, told } from '../fact.ts';
import { ProtocolId } from '../isakmp/ipsec-doi.ts';
import type { Notification } from '../isakmp/notification.ts';
import { NotifyType, notifyName } from '../isakmp/notify-type.ts';
import type { IkeEffect } from './effect.ts';

/** The fact that a notify came. */
export function receivedNotification(
  { notifyType, protocolId }: Notification,
  isProtected: boolean,
): IkeEffect[] {
  return told({
    fact: 'notify',
    direction: 'received',
    notify: notifyName(notifyType),
    phase: protocolId === ProtocolId.isakmp ? 1 : 2,
    protected: isProtected,
  });
}

/**
 * Why a negotiation that this notify answers is lost; `undefined` where it may go on. A notify says what was
 * objected to and not why: that no policy takes the identities is known to the responder alone.
 */
export function failureOf({ notifyType }: Notification): IkeFailure | undefined {
  switch (notifyType) {
    case NotifyType['NO-PROPOSAL-CHOSEN']:
    case NotifyType['BAD-PROPOSAL-SYNTAX']:
    case NotifyType['ATTRIBUTES-NOT-SUPPORTED']:
      return 'no-proposal-chosen';
    case NotifyType['INVALID-ID-INFORMATION']:
      return 'id-mismatch';
    case NotifyType['AUTHENTICATION-FAILED']:
    case NotifyType['INVALID-HASH-INFORMATION']:
      return 'auth-failed';
    case NotifyType['INVALID-EXCHANGE-TYPE']:
    case NotifyType['UNSUPPORTED-EXCHANGE-TYPE']:
      return 'no-policy';
    case NotifyType['INVALID-KEY-INFORMATION']:
      return 'malformed';
    default:
      return undefined;
  }
}
