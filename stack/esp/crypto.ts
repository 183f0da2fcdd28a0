import type { SaParameters } from '../sa.ts';

/**
 * The cipher room of one SA direction: all that a back end has to bring. Every call works in place on the
 * ESP packet whose `length` octets, from the SPI up to the next header, stand at `offset` of the pool with
 * the ICV right behind them; offsets and lengths were checked by the caller. `sequenceHigh` is the upper
 * half of the sequence number, which goes into the ICV of an SA with extended ones and of no other
 * (RFC 4303 2.2.1, RFC 4106 5).
 */
export interface EspCrypto {
  /** Encrypts what follows the IV, then writes the ICV. */
  seal(pool: Uint8Array, offset: number, length: number, sequenceHigh: number): void;
  /**
   * Whether the ICV holds, compared in constant time. Only then what follows the IV is decrypted;
   * otherwise the pool stays as it was, so that the same packet can be tried again.
   */
  open(pool: Uint8Array, offset: number, length: number, sequenceHigh: number): boolean;
}

export type CreateEspCrypto = (parameters: SaParameters) => EspCrypto;
