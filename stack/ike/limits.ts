import { type Attribute, attributeNumber } from '../isakmp/attribute.ts';
import { IpsecAttribute, SaLifeType } from '../isakmp/ipsec-doi.ts';
import { OakleyAttribute } from '../isakmp/oakley.ts';

/** For how long an SA was agreed on. Kilobytes are of 1024 octets (RFC 2407 4.5). */
export interface Limits {
  readonly lifetimeSeconds: number;
  readonly lifetimeKilobytes?: number;
}

/** The attributes that say so; the life types themselves have the same numbers in both phases. */
export interface LifeAttributes {
  readonly lifeType: number;
  readonly lifeDuration: number;
}

export const phase1Life: LifeAttributes = OakleyAttribute;
export const phase2Life: LifeAttributes = {
  lifeType: IpsecAttribute.saLifeType,
  lifeDuration: IpsecAttribute.saLifeDuration,
};

/** A life duration belongs to the life type before it, the first of each type counts (RFC 2407 4.5), and one of nothing is none. */
export function limitsIn(
  attributes: readonly Attribute[],
  { lifeType, lifeDuration }: LifeAttributes,
): Partial<Limits> {
  let type: number | undefined;
  let limits: Partial<Limits> = {};
  for (const attribute of attributes) {
    const value = attributeNumber(attribute);
    if (attribute.type === lifeType) type = value;
    if (attribute.type !== lifeDuration || value === 0) continue;
    if (type === SaLifeType.seconds) limits = { lifetimeSeconds: value, ...limits };
    if (type === SaLifeType.kilobytes) limits = { lifetimeKilobytes: value, ...limits };
  }
  return limits;
}

/** What two ends can agree on: of each limit the shorter (rule PROP-7). */
export function shorter(own: Limits, other: Partial<Limits>): Limits {
  const kilobytes = Math.min(own.lifetimeKilobytes ?? Infinity, other.lifetimeKilobytes ?? Infinity);
  return {
    lifetimeSeconds: Math.min(own.lifetimeSeconds, other.lifetimeSeconds ?? Infinity),
    ...(Number.isFinite(kilobytes) ? { lifetimeKilobytes: kilobytes } : {}),
  };
}

/** Whether an SA is kept for less than was offered. */
export function isShorter(own: Limits, offered: Partial<Limits>): boolean {
  return (
    own.lifetimeSeconds < (offered.lifetimeSeconds ?? Infinity) ||
    (own.lifetimeKilobytes ?? Infinity) < (offered.lifetimeKilobytes ?? Infinity)
  );
}
