import type { Instant } from '../engine.ts';
import { type Attribute, attributeNumber, decodeAttributes, encodeAttributes } from '../isakmp/attribute.ts';
import { IpsecAttribute, ipsecDoi, ProtocolId, SaLifeType } from '../isakmp/ipsec-doi.ts';
import { payloadsOf, type ReceivedPayload } from '../isakmp/message.ts';
import type { Notification } from '../isakmp/notification.ts';
import { NotifyType } from '../isakmp/notify-type.ts';
import { OakleyAttribute } from '../isakmp/oakley.ts';
import type { Payload } from '../isakmp/payload.ts';
import { decodeSecurityAssociation } from '../isakmp/security-association.ts';
import { concat, equalOctets, readUint, uint32 } from '../octets.ts';
import type { IkeResponderConfig } from './config.ts';
import type { IkeEffect } from './effect.ts';
import { type Limits, newLifetime, shorten } from './lifetime.ts';
import type { Cookies, Keyed } from './main-mode.ts';
import { readPhase1Offer, samePhase1 } from './phase1-proposal.ts';
import type { ChosenPhase2 } from './phase2-proposal.ts';
import type { EstablishedSa, IkeState } from './sa-table.ts';

/*
 * RESPONDER-LIFETIME (RFC 2407 4.6.3.1): the answer to an offer repeats its attributes, so a responder that keeps
 * the SA for less says so in a notify beside it. Life types and durations have the numbers of their phase.
 */

interface Numbers {
  readonly type: number;
  readonly duration: number;
}

const phase1Numbers: Numbers = { type: OakleyAttribute.lifeType, duration: OakleyAttribute.lifeDuration };
const phase2Numbers: Numbers = { type: IpsecAttribute.saLifeType, duration: IpsecAttribute.saLifeDuration };

/** Beside HASH_R: how long this responder keeps the ISAKMP SA, where that is less than the initiator offered. */
export function phase1Lifetime(
  config: IkeResponderConfig,
  { initiatorCookie, responderCookie }: Cookies,
  { transform, initiatorSa }: Keyed,
): Payload[] {
  const offer = decodeSecurityAssociation(initiatorSa, 0);
  if (config.sendsResponderLifetime === undefined || !offer.ok) return [];
  const offered = readPhase1Offer(offer.value).find((each) => samePhase1(each.transform, transform));
  if (offered === undefined || !isLess(transform, offered.transform)) return [];
  const spi = concat(initiatorCookie, responderCookie);
  return [payload(ProtocolId.isakmp, spi, phase1Numbers, transform)];
}

/** In message 2 of quick mode: the same of the pair that is received under `spi`. */
export function phase2Lifetime(
  config: IkeResponderConfig,
  { proposal, wire }: ChosenPhase2,
  spi: number,
): Payload[] {
  const [transform] = wire.transforms;
  if (config.sendsResponderLifetime === undefined || transform === undefined) return [];
  const offered = limitsIn(transform.attributes, phase2Numbers);
  return isLess(proposal, offered) ? [payload(ProtocolId.esp, uint32(spi), phase2Numbers, proposal)] : [];
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

function payload(protocolId: number, spi: Uint8Array, numbers: Numbers, limits: Limits): Payload {
  const attributes = [
    ...attributesOf(numbers, SaLifeType.seconds, limits.lifetimeSeconds),
    ...(limits.lifetimeKilobytes === undefined
      ? []
      : attributesOf(numbers, SaLifeType.kilobytes, limits.lifetimeKilobytes)),
  ];
  const notifyType = NotifyType['RESPONDER-LIFETIME'];
  const data = encodeAttributes(attributes);
  return { payload: 'notification', notification: { doi: ipsecDoi, protocolId, notifyType, spi, data } };
}

function attributesOf({ type, duration }: Numbers, lifeType: number, value: number): Attribute[] {
  return [
    { form: 'TV', type, value: lifeType },
    { form: 'TLV', type: duration, value: uint32(value) },
  ];
}

function limitsOf({ protocolId, data }: Notification): Partial<Limits> {
  const attributes = decodeAttributes(data, 0, 'RESPONDER-LIFETIME');
  if (!attributes.ok) return {};
  return limitsIn(attributes.value, protocolId === ProtocolId.isakmp ? phase1Numbers : phase2Numbers);
}

/** A life duration belongs to the life type before it (RFC 2407 4.5); one of nothing is none. */
function limitsIn(attributes: readonly Attribute[], { type, duration }: Numbers): Partial<Limits> {
  let lifeType: number | undefined;
  let limits: Partial<Limits> = {};
  for (const attribute of attributes) {
    const value = attributeNumber(attribute);
    if (attribute.type === type) lifeType = value;
    if (attribute.type !== duration || value === 0) continue;
    if (lifeType === SaLifeType.seconds) limits = { ...limits, lifetimeSeconds: value };
    if (lifeType === SaLifeType.kilobytes) limits = { ...limits, lifetimeKilobytes: value };
  }
  return limits;
}

function shorter(agreed: Limits, told: Partial<Limits>): Limits {
  const kilobytes = Math.min(agreed.lifetimeKilobytes ?? Infinity, told.lifetimeKilobytes ?? Infinity);
  return {
    lifetimeSeconds: Math.min(agreed.lifetimeSeconds, told.lifetimeSeconds ?? Infinity),
    ...(Number.isFinite(kilobytes) ? { lifetimeKilobytes: kilobytes } : {}),
  };
}

function isLess(own: Limits, offered: Partial<Limits>): boolean {
  return (
    own.lifetimeSeconds < (offered.lifetimeSeconds ?? Infinity) ||
    (own.lifetimeKilobytes ?? Infinity) < (offered.lifetimeKilobytes ?? Infinity)
  );
}
