import type { SaParameters } from '../sa.ts';

/**
 * The cipher room of one SA direction: all that a back end has to bring. Every call works in place
 * in the packet pool; offsets and lengths are octets and were checked by the caller.
 */
export interface EspCrypto {
  /** Encrypts `length` octets at `offset`, whole blocks, with the IV at `ivOffset`. */
  encrypt(pool: Uint8Array, ivOffset: number, offset: number, length: number): void;
  decrypt(pool: Uint8Array, ivOffset: number, offset: number, length: number): void;
  /** Writes the truncated MAC of `length` octets at `offset` right behind them. */
  sign(pool: Uint8Array, offset: number, length: number): void;
  /** Compares the MAC that stands right behind the octets in constant time. */
  verify(pool: Uint8Array, offset: number, length: number): boolean;
}

export type CreateEspCrypto = (parameters: SaParameters) => EspCrypto;
