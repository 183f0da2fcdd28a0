import { type Decoded, decoded, malformed } from '../decode.ts';
import { concat, readUint, uint16 } from '../octets.ts';
import { PayloadType } from './payload-type.ts';

/** A payload behind its generic header (RFC 2408 3.2), its body not yet read. */
export interface GenericPayload {
  readonly type: number;
  readonly body: Uint8Array;
}

export interface ChainedPayload extends GenericPayload {
  /** Octets from the start of the decoded buffer to the generic header and to the end of the body. */
  readonly start: number;
  readonly end: number;
}

export const genericHeaderLength = 4;

/** Payloads one after the other, each naming the type of the next, the last naming 0. */
export function encodePayloadChain(payloads: readonly GenericPayload[]): Uint8Array {
  return concat(
    ...payloads.flatMap(({ body }, index) => [
      Uint8Array.of(payloads[index + 1]?.type ?? PayloadType.none, 0),
      uint16(genericHeaderLength + body.length),
      body,
    ]),
  );
}

/**
 * Follows the chain from `start`, whose first payload has type `first`, until a Next Payload of 0.
 * What follows the chain is padding and not looked at. RESERVED must be 0, or the whole message is discarded
 * (RFC 2408 5.3). Bodies are views into `bytes`.
 */
export function decodePayloadChain(
  bytes: Uint8Array,
  first: number,
  start: number,
  field: string,
): Decoded<readonly ChainedPayload[]> {
  const payloads: ChainedPayload[] = [];
  let type = first;
  let offset = start;
  while (type !== PayloadType.none) {
    const path = `${field}[${payloads.length}]`;
    if (offset + genericHeaderLength > bytes.length) {
      return malformed('truncated', path, offset, `no room for the header of a payload of type ${type}`);
    }
    const length = readUint(bytes, offset + 2, 2);
    const end = offset + length;
    if (length < genericHeaderLength || end > bytes.length) {
      const detail = `${length} octets where ${bytes.length - offset} are left`;
      return malformed('bad-length', `${path}.Payload Length`, offset + 2, detail);
    }
    const reserved = readUint(bytes, offset + 1, 1);
    if (reserved !== 0) return malformed('bad-value', `${path}.RESERVED`, offset + 1, `${reserved}, not 0`);
    payloads.push({ type, body: bytes.subarray(offset + genericHeaderLength, end), start: offset, end });
    type = readUint(bytes, offset, 1);
    offset = end;
  }
  return decoded(payloads);
}
