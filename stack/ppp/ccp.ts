import { uint32 } from '../octets.ts';
import type { Judgement, NegotiatedOptions } from './negotiation.ts';
import { CcpOptionType, type Option } from './option.ts';

/**
 * CCP (RFC 1962) as far as an end takes part that compresses nothing: every option of the peer is rejected. A
 * client may ask for MPPC or MPPE with an option (RFC 3078 2), as Windows does; it gives up what is not granted.
 */
export class CcpOptions implements NegotiatedOptions {
  readonly #request: readonly Option[];

  /** @param supportedBits of RFC 3078 2.1; absent: nothing is asked for */
  constructor(supportedBits: number | undefined) {
    this.#request =
      supportedBits === undefined ? [] : [{ type: CcpOptionType.mppc, data: uint32(supportedBits) }];
  }

  request(): readonly Option[] {
    return this.#request;
  }

  judge(options: readonly Option[]): Judgement {
    return options.length === 0 ? { answer: 'ack' } : { answer: 'reject', options };
  }

  accepted(): void {}

  nakked(): boolean {
    return false;
  }

  rejected(): boolean {
    return false;
  }
}
