import { type Decoded, decoded } from '../decode.ts';
import { concat } from '../octets.ts';
import { decodeHeader, encodeHeader, type IsakmpHeader, isakmpHeaderLength } from './header.ts';
import { decodePayload, encodePayload, type Payload } from './payload.ts';
import { decodePayloadChain, encodePayloadChain } from './payload-chain.ts';
import { PayloadType } from './payload-type.ts';

/** A payload together with its octets: hashes are taken over these, never over a re-encoding. */
export interface ReceivedPayload {
  readonly payload: Payload;
  readonly body: Uint8Array;
  /** Offset behind the payload in the buffer it was read from. */
  readonly end: number;
}

export interface Message {
  readonly header: IsakmpHeader;
  readonly payloads: readonly ReceivedPayload[];
}

/** The payloads of one kind, in wire order. */
export function payloadsOf<Kind extends Payload['payload']>(
  payloads: readonly ReceivedPayload[],
  kind: Kind,
): (Extract<Payload, { payload: Kind }> & { readonly body: Uint8Array })[] {
  return payloads.flatMap(({ payload, body }) =>
    payload.payload === kind ? [{ ...(payload as Extract<Payload, { payload: Kind }>), body }] : [],
  );
}

/** A header before its Next Payload and Length are known. */
export type HeaderStart = Omit<IsakmpHeader, 'nextPayload' | 'length'>;

/** A whole message in the clear (RFC 2408 3.1). */
export function encodeMessage(start: HeaderStart, payloads: readonly Payload[]): Uint8Array {
  const generic = payloads.map(encodePayload);
  const chain = encodePayloadChain(generic);
  const nextPayload = generic[0]?.type ?? PayloadType.none;
  return concat(encodeHeader({ ...start, nextPayload, length: isakmpHeaderLength + chain.length }), chain);
}

/** Reads a whole message that is not encrypted. */
export function decodeMessage(bytes: Uint8Array): Decoded<Message> {
  const header = decodeHeader(bytes);
  if (!header.ok) return header;
  const payloads = decodePayloads(bytes, header.value.nextPayload, isakmpHeaderLength);
  return payloads.ok ? decoded({ header: header.value, payloads: payloads.value }) : payloads;
}

/** Reads the payloads that start at `start`: after the header, or at 0 of a decrypted body. */
export function decodePayloads(
  bytes: Uint8Array,
  first: number,
  start: number,
): Decoded<readonly ReceivedPayload[]> {
  const chain = decodePayloadChain(bytes, first, start, 'Payload');
  if (!chain.ok) return chain;
  const payloads: ReceivedPayload[] = [];
  for (const chained of chain.value) {
    const payload = decodePayload(chained);
    if (!payload.ok) return payload;
    payloads.push({ payload: payload.value, body: chained.body, end: chained.end });
  }
  return decoded(payloads);
}
