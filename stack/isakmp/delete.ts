import { type Decoded, decoded, malformed } from '../decode.ts';
import { concat, readUint, uint16, uint32 } from '../octets.ts';

/** The Delete payload (RFC 2408 3.15): SPIs of SAs that the sender has removed from its own tables. */
export interface Delete {
  readonly doi: number;
  readonly protocolId: number;
  /** All of one size: 4 for ESP, 16 (both cookies) for ISAKMP. */
  readonly spis: readonly Uint8Array[];
}

const spisStart = 8;

export function encodeDelete(payload: Delete): Uint8Array {
  return concat(
    uint32(payload.doi),
    Uint8Array.of(payload.protocolId, payload.spis[0]?.length ?? 0),
    uint16(payload.spis.length),
    ...payload.spis,
  );
}

export function decodeDelete(body: Uint8Array, offset: number): Decoded<Delete> {
  if (body.length < spisStart) {
    return malformed('truncated', 'Delete', offset, `${body.length} of at least ${spisStart} octets`);
  }
  const size = readUint(body, 5, 1);
  const count = readUint(body, 6, 2);
  if (count > 0 && size === 0)
    return malformed('bad-value', 'Delete.SPI Size', offset + 5, 'SPIs of no octets');
  if (size * count !== body.length - spisStart) {
    const detail = `${count} SPIs of ${size} where ${body.length - spisStart} octets are left`;
    return malformed('bad-length', 'Delete.# of SPIs', offset + 6, detail);
  }
  const spis = Array.from({ length: count }, (_, index) =>
    body.subarray(spisStart + index * size, spisStart + (index + 1) * size),
  );
  return decoded({ doi: readUint(body, 0, 4), protocolId: readUint(body, 4, 1), spis });
}
