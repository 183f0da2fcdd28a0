import type { Instant } from '../engine.ts';
import { decodeAttributes, encodeAttributes } from '../isakmp/attribute.ts';
import { ipsecDoi, ProtocolId, SaLifeType } from '../isakmp/ipsec-doi.ts';
import { payloadsOf, type ReceivedPayload } from '../isakmp/message.ts';
import type { Notification } from '../isakmp/notification.ts';
import { NotifyType } from '../isakmp/notify-type.ts';
import type { Payload } from '../isakmp/payload.ts';
import { decodeSecurityAssociation } from '../isakmp/security-association.ts';
import { concat, equalOctets, readUint, uint32 } from '../octets.ts';
import type { IkeResponderConfig } from './config.ts';
import type { IkeEffect } from './effect.ts';
import { newLifetime, shorten } from './lifetime.ts';
import {
  isShorter,
  type LifeAttributes,
  type Limits,
  limitsIn,
  phase1Life,
  phase2Life,
  shorter,
} from './limits.ts';
import type { Cookies, Keyed } from './phase1.ts';
import { readPhase1Offer, samePhase1 } from './phase1-proposal.ts';
import type { ChosenPhase2 } from './phase2-proposal.ts';
import type { EstablishedSa, IkeState } from './sa-table.ts';
import { lifetimeAttributes } from './transform-style.ts';

/*
 * RESPONDER-LIFETIME (RFC 2407 4.6.3.1): the answer to an offer repeats its attributes, so a responder that keeps
 * the SA for less says so in a notify beside it. Life types and durations have the numbers of their phase.
 */

/** Beside HASH_R: how long this responder keeps the ISAKMP SA, where that is less than the initiator offered. */
export function phase1Lifetime(
  config: IkeResponderConfig,
  { initiatorCookie, responderCookie }: Cookies,
  { transform, initiatorSa }: Keyed,
): Payload[] {
  const offer = decodeSecurityAssociation(initiatorSa, 0);
  if (config.sendsResponderLifetime === undefined || !offer.ok) return [];
  const offered = readPhase1Offer(offer.value).find((each) => samePhase1(each.transform, transform));
  if (offered === undefined || !isShorter(transform, offered.transform)) return [];
  const spi = concat(initiatorCookie, responderCookie);
  return [payload(ProtocolId.isakmp, spi, phase1Life, transform)];
}

/** In message 2 of quick mode: the same of the pair that is received under `spi`. */
export function phase2Lifetime(
  config: IkeResponderConfig,
  { proposal, wire }: ChosenPhase2,
  spi: number,
): Payload[] {
  const [transform] = wire.transforms;
  if (config.sendsResponderLifetime === undefined || transform === undefined) return [];
  const offered = limitsIn(transform.attributes, phase2Life);
  return isShorter(proposal, offered) ? [payload(ProtocolId.esp, uint32(spi), phase2Life, proposal)] : [];
}

/** The limits that hold for an initiator whose responder answered with these payloads. */
export function heedingLifetime<Agreed extends Limits>(
  agreed: Agreed,
  payloads: readonly ReceivedPayload[],
): Agreed {
  let limits: Limits = agreed;
  for (const { notification } of payloadsOf(payloads, 'notification')) {
    if (notification.notifyType === NotifyType['RESPONDER-LIFETIME']) {
      limits = shorter(limits, limitsOf(notification));
    }
  }
  return { ...agreed, ...limits };
}

/** A RESPONDER-LIFETIME that comes by itself, about an SA that is there already. */
export function heedResponderLifetime(
  { config, random, table }: IkeState,
  sa: EstablishedSa,
  notification: Notification,
  now: Instant,
): IkeEffect[] {
  const { protocolId, spi } = notification;
  const limits = limitsOf(notification);
  if (protocolId === ProtocolId.isakmp) {
    if (!equalOctets(spi, concat(sa.initiatorCookie, sa.responderCookie)) || !sa.lifetime) return [];
    shorten(sa.lifetime, newLifetime(shorter(sa.state.transform, limits), config.rekey, random, now));
  }
  if (protocolId === ProtocolId.esp && spi.length === 4) {
    const outbound = readUint(spi, 0, 4);
    const child = table.childrenOn(sa.path).find(({ pair }) => pair.outbound.spi === outbound);
    if (child) shorten(child.lifetime, newLifetime(shorter(child.pair, limits), config.rekey, random, now));
  }
  return [];
}

function payload(protocolId: number, spi: Uint8Array, life: LifeAttributes, limits: Limits): Payload {
  const attributes = [
    ...lifetimeAttributes('TLV', life, SaLifeType.seconds, limits.lifetimeSeconds),
    ...(limits.lifetimeKilobytes === undefined
      ? []
      : lifetimeAttributes('TLV', life, SaLifeType.kilobytes, limits.lifetimeKilobytes)),
  ];
  const notifyType = NotifyType['RESPONDER-LIFETIME'];
  const data = encodeAttributes(attributes);
  return { payload: 'notification', notification: { doi: ipsecDoi, protocolId, notifyType, spi, data } };
}

function limitsOf({ protocolId, data }: Notification): Partial<Limits> {
  const attributes = decodeAttributes(data, 0, 'RESPONDER-LIFETIME');
  if (!attributes.ok) return {};
  return limitsIn(attributes.value, protocolId === ProtocolId.isakmp ? phase1Life : phase2Life);
}
