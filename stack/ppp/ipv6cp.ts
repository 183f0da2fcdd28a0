import type { RandomSource } from '../engine.ts';
import { equalOctets, hex } from '../octets.ts';
import { type Judgement, judgeEach, type NegotiatedOptions } from './negotiation.ts';
import { Ipv6cpOptionType, type Option } from './option.ts';

const identifierLength = 8;
/** RFC 5072 4.1: clear in identifiers that are not globally unique. */
const universalBit = 0x02;

/** What IPV6CP agreed on, in hexadecimal. */
export interface Ipv6cpResult {
  readonly localIdentifier: string;
  readonly peerIdentifier: string;
}

/** The interface identifiers of both ends (RFC 5072 4.1), for either role; compression (4.2) is rejected. */
export class Ipv6cpOptions implements NegotiatedOptions {
  readonly #random: RandomSource;
  #own: Uint8Array;
  #peer: Uint8Array = new Uint8Array(identifierLength);

  constructor(random: RandomSource) {
    this.#random = random;
    this.#own = this.#draw();
  }

  request(): Option[] {
    return [{ type: Ipv6cpOptionType.interfaceIdentifier, data: this.#own }];
  }

  /** Zero asks for an identifier; one that is ours already must be another (RFC 5072 4.1). */
  judge(options: readonly Option[]): Judgement {
    return judgeEach(options, ({ type, data }) => {
      if (type !== Ipv6cpOptionType.interfaceIdentifier) return 'reject';
      return isIdentifier(data) && !equalOctets(data, this.#own) ? 'ack' : { type, data: this.#draw() };
    });
  }

  accepted(options: readonly Option[]): void {
    this.#peer = (options[0]?.data ?? new Uint8Array(identifierLength)).slice();
  }

  nakked(options: readonly Option[]): boolean {
    const named = options.find(({ type }) => type === Ipv6cpOptionType.interfaceIdentifier)?.data;
    const usable = named && isIdentifier(named) && !equalOctets(named, this.#own);
    this.#own = usable ? named.slice() : this.#draw();
    return true;
  }

  rejected(): boolean {
    return false;
  }

  result(): Ipv6cpResult {
    return { localIdentifier: hex(this.#own), peerIdentifier: hex(this.#peer) };
  }

  #draw(): Uint8Array {
    const identifier = this.#random(identifierLength).slice();
    identifier[0] = (identifier[0] ?? 0) & ~universalBit;
    return identifier;
  }
}

function isIdentifier(data: Uint8Array): boolean {
  return data.length === identifierLength && data.some((octet) => octet !== 0);
}
