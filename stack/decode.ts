/**
 * What a codec returns. Codecs are total: any bytes give a value or a `DecodeError`
 * that names the field and its offset, never an exception of the runtime.
 */
export type Decoded<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly error: DecodeError };

export interface DecodeError {
  readonly code: 'truncated' | 'bad-length' | 'bad-value' | 'unsupported';
  /** The field as its RFC names it, with the path to it: `SecurityAssociation.Proposal[0].SPI Size`. */
  readonly field: string;
  /** Octets from the start of the buffer that was given to the codec. */
  readonly offset: number;
  readonly detail: string;
}

export function decoded<T>(value: T): Decoded<T> {
  return { ok: true, value };
}

export function malformed<T>(
  code: DecodeError['code'],
  field: string,
  offset: number,
  detail: string,
): Decoded<T> {
  return { ok: false, error: { code, field, offset, detail } };
}
