/*
 * For tests: reads an ISAKMP message by RFC 2408 alone, and shares no line with the stack's codecs, so that what a
 * profile makes of itself is held against the documents.
 */

interface Payload {
  readonly type: number;
  readonly body: Buffer;
}

export interface ReadTransform {
  readonly number: number;
  /** Attribute types in their order, and each value; Life Type and Life Duration come as 11 and 12. */
  readonly attributes: readonly (readonly [type: number, value: number])[];
  readonly octets: number;
}

export interface ReadMessage {
  /** 2 is main mode, 4 aggressive mode (RFC 2408 3.1). */
  readonly exchange: number;
  readonly octets: number;
  readonly vendorIds: readonly string[];
  readonly transforms: readonly ReadTransform[];
  readonly payloads: readonly Payload[];
}

/** Reads message 1 of phase 1: header, SA with one proposal, vendor ids. */
export function readFirstMessage(message: Uint8Array): ReadMessage {
  const octets = Buffer.from(message);
  const payloads = chain(octets.subarray(28), octets.readUInt8(16));
  const sa = payloads.find(({ type }) => type === 1)?.body ?? Buffer.alloc(0);
  // DOI and situation are eight octets; the proposal has no SPI and counts its transforms in its last octet.
  const [proposal] = chain(sa.subarray(8), 2);
  return {
    exchange: octets.readUInt8(18),
    octets: octets.readUInt32BE(24),
    vendorIds: payloads.filter(({ type }) => type === 13).map(({ body }) => body.toString('hex')),
    transforms: chain(proposal?.body.subarray(4) ?? Buffer.alloc(0), 3).map(({ body }) => transform(body)),
    payloads,
  };
}

function chain(octets: Buffer, first: number): Payload[] {
  const found: Payload[] = [];
  for (let at = 0, type = first; type !== 0 && at + 4 <= octets.length; ) {
    const length = octets.readUInt16BE(at + 2);
    found.push({ type, body: octets.subarray(at + 4, at + length) });
    type = octets.readUInt8(at);
    at += length;
  }
  return found;
}

function transform(body: Buffer): ReadTransform {
  const attributes: [number, number][] = [];
  for (let at = 4; at + 4 <= body.length; ) {
    const type = body.readUInt16BE(at);
    const isShort = (type & 0x8000) !== 0;
    const length = body.readUInt16BE(at + 2);
    attributes.push([type & 0x7fff, isShort ? length : body.readUIntBE(at + 4, length)]);
    at += 4 + (isShort ? 0 : length);
  }
  return { number: body.readUInt8(0), attributes, octets: body.length + 4 };
}
