import { type Attribute, attributeNumber } from '../isakmp/attribute.ts';
import type { IkeResponderConfig } from './config.ts';

/** A lifetime that no attribute names, of either phase (RFC 2407 4.5.4: eight hours). */
export const defaultLifetimeSeconds = 28_800;

/** The number that the first attribute of a type holds. */
export function numberOf(attributes: readonly Attribute[], type: number): number | undefined {
  const found = attributes.find((attribute) => attribute.type === type);
  return found === undefined ? undefined : attributeNumber(found);
}

/**
 * Whether an attribute stands there twice with different values: such a transform cannot be meant (RFC 2407 4.5.2).
 * @param repeated types of which there may be several: life types and their durations
 */
export function contradict(
  attributes: readonly Attribute[],
  repeated: { readonly lifeType: number; readonly lifeDuration: number },
): boolean {
  const once = attributes.filter(({ type }) => type !== repeated.lifeType && type !== repeated.lifeDuration);
  return once.some((each) => attributeNumber(each) !== numberOf(once, each.type));
}

/** Key Length is named for ciphers of variable length alone. */
export function keyLengthAttribute(type: number, keyLength: number | undefined): Attribute[] {
  return keyLength === undefined ? [] : [{ form: 'TV', type, value: keyLength }];
}

/** The first pair of the initiator's and the responder's list that are the same, in the order of one of them. */
export function firstCommon<Offered, Own>(
  offered: readonly Offered[],
  own: readonly Own[],
  choice: IkeResponderConfig['choice'],
  same: (offered: Offered, own: Own) => boolean,
): { readonly offered: Offered; readonly own: Own } | undefined {
  const pairs = offered.flatMap((theirs, place) =>
    own.flatMap((ours, rank) => (same(theirs, ours) ? [{ offered: theirs, own: ours, place, rank }] : [])),
  );
  const [best] = choice === 'initiator-order' ? pairs : pairs.sort((a, b) => a.rank - b.rank);
  return best;
}

export function namesOf<Name extends string>(record: Readonly<Record<Name, unknown>>): Name[] {
  return Object.keys(record) as Name[];
}
