import type { Attribute } from '../isakmp/attribute.ts';
import { uint32 } from '../octets.ts';
import type { TransformStyle } from './config.ts';
import { namesOf } from './proposal.ts';

/** As Windows writes (field facts B): its message 1 is known octet for octet. */
export const windowsStyle: TransformStyle = {
  phase1Attributes: ['encryption', 'key-length', 'hash', 'group', 'authentication', 'lifetime'],
  phase2Attributes: ['lifetime', 'encapsulation', 'integrity', 'key-length', 'group'],
  lifetimeForm: 'TLV',
  firstTransform: 1,
  phase2Offer: 'proposals',
};

/** The attributes of a transform in the order of a style; what `order` leaves out comes last. */
export function inOrder<Name extends string>(
  order: readonly Name[],
  attributes: Readonly<Record<Name, readonly Attribute[]>>,
): Attribute[] {
  const unnamed = namesOf(attributes).filter((name) => !order.includes(name));
  return [...order, ...unnamed].flatMap((name) => attributes[name]);
}

/**
 * A life type and its duration, in seconds or kilobytes as `lifeType` says (RFC 2407 4.5, RFC 2409 appendix A).
 * @param types the attribute types of both, which differ between the phases
 */
export function lifetimeAttributes(
  form: TransformStyle['lifetimeForm'],
  types: { readonly lifeType: number; readonly lifeDuration: number },
  lifeType: number,
  duration: number,
): Attribute[] {
  const short = form === 'TV' && duration <= 0xffff;
  return [
    { form: 'TV', type: types.lifeType, value: lifeType },
    short
      ? { form: 'TV', type: types.lifeDuration, value: duration }
      : { form: 'TLV', type: types.lifeDuration, value: uint32(duration) },
  ];
}
