import type { RandomSource } from '../engine.ts';
import { payloadsOf, type ReceivedPayload } from '../isakmp/message.ts';
import type { Payload } from '../isakmp/payload.ts';
import type { Group, IpsecPolicy } from './config.ts';
import { generateKeyPair, type KeyPair, publicValueLength, sharedSecret } from './diffie-hellman.ts';

/*
 * Perfect forward secrecy (RFC 2409 5.5): a Diffie-Hellman exchange within quick mode, so that whoever learns the
 * keys of phase 1 does not learn those of ESP. Its group is an attribute of each transform (RFC 2407 4.5).
 */

/** What an initiator began. */
export interface QuickModeExchange {
  readonly group: Group;
  readonly keyPair: KeyPair;
}

/** The KE payload of a public value; none without PFS. */
export function keyExchangePayloads(publicValue: Uint8Array | undefined): Payload[] {
  return publicValue === undefined ? [] : [{ payload: 'key-exchange', data: publicValue }];
}

/** The content of the KE payload of quick mode message 1 or 2; `undefined` where there is none. */
export function keyExchangeIn(payloads: readonly ReceivedPayload[]): Uint8Array | undefined {
  return payloadsOf(payloads, 'key-exchange')[0]?.data;
}

/**
 * Whether a policy takes a transform for its group, beside the KE payload that came: both or neither, and of one
 * length, as a public value has that of its group (RFC 2409 5).
 */
export function takesGroup(
  { pfs }: Pick<IpsecPolicy, 'pfs'>,
  keyExchange: Uint8Array | undefined,
): (group: Group | undefined) => boolean {
  return (group) => {
    if (group === undefined) return keyExchange === undefined && (pfs === undefined || pfs.length === 0);
    return (pfs === undefined || pfs.includes(group)) && keyExchange?.length === publicValueLength(group);
  };
}

/** The responder's part: its public value and g(qm)^xy, or what is wrong with the initiator's value. */
export function answerKeyExchange(
  group: Group,
  keyExchange: Uint8Array,
  random: RandomSource,
): { readonly publicValue: Uint8Array; readonly secret: Uint8Array } | string {
  const { privateKey, publicValue } = generateKeyPair(group, random);
  const secret = sharedSecret(group, privateKey, keyExchange);
  return typeof secret === 'string' ? secret : { publicValue, secret };
}
