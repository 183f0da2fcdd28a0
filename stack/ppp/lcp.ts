import type { RandomSource } from '../engine.ts';
import type { PppFailure } from '../fact.ts';
import { equalOctets, readUint } from '../octets.ts';
import { authenticationOf, authenticationOption, authenticationText } from './authentication.ts';
import type { LcpWish, PppAuthentication, PppConfig } from './config.ts';
import { defaultMru, smallestMru, verdictOn } from './lcp-verdict.ts';
import { optionFor, wishesOf } from './lcp-wish.ts';
import { type Judgement, judgeEach, maximumFailureOf, type NegotiatedOptions } from './negotiation.ts';
import { LcpOptionType, type Option } from './option.ts';

/** Why LCP cannot come to an agreement. */
export interface LcpRefusal {
  readonly reason: Extract<PppFailure, 'auth-refused' | 'looped-back'>;
  readonly detail: string;
}

/** What LCP negotiates (RFC 1661 6), for either role: our request, and the judgement of the peer's. */
export class LcpOptions implements NegotiatedOptions {
  readonly #config: PppConfig;
  readonly #random: RandomSource;
  readonly #wishes: readonly LcpWish[];
  #mru: number;
  #characterMap: number | undefined;
  #magic: Uint8Array;
  /** Server: what may still be proposed; the first is. */
  #proposals: PppAuthentication[];
  readonly #rejected = new Set<number>();
  #peerMru = defaultMru;
  #peerTakes: ReadonlySet<number> = new Set();
  #agreedToGive: PppAuthentication | undefined;
  #authenticationRefusal: string | undefined;
  /** Requests of the peer, one after the other, that bore our own magic number. */
  #heardItself = 0;

  constructor(config: PppConfig, random: RandomSource) {
    this.#config = config;
    this.#random = random;
    this.#wishes = wishesOf(config);
    this.#mru = config.mru;
    this.#magic = this.#drawMagic();
    this.#proposals = config.role === 'server' ? [...config.authentication] : [];
  }

  /** The largest packet that may travel in either direction. */
  get mru(): number {
    return Math.min(this.#mru, this.#peerMru);
  }

  /** Ours; zero where the peer rejected it or it was not asked for (RFC 1661 5.8). */
  get magicNumber(): Uint8Array {
    return this.request().some(({ type }) => type === LcpOptionType.magicNumber)
      ? this.#magic
      : new Uint8Array(4);
  }

  /** What we ask of the peer, agreed once LCP is open. */
  get demanded(): PppAuthentication | undefined {
    return this.#proposals[0];
  }

  /** What the peer asks of us and we agreed to. */
  get given(): PppAuthentication | undefined {
    return this.#agreedToGive;
  }

  /** Whether the peer asked for frames without the first octet of the protocol (RFC 1661 6.5). */
  get compressesProtocol(): boolean {
    return this.#peerTakes.has(LcpOptionType.protocolFieldCompression);
  }

  /** Whether the peer asked for frames without address and control field (RFC 1661 6.6). */
  get compressesAddressAndControl(): boolean {
    return this.#peerTakes.has(LcpOptionType.addressAndControlFieldCompression);
  }

  /** What keeps the ends from agreeing; `undefined` where nothing that can be named does. */
  get refusal(): LcpRefusal | undefined {
    // A loop brings our own Reject back, too, and it is no answer of a peer.
    if (this.hopeless || (this.#heardItself > 0 && this.#authenticationRefusal !== undefined)) {
      return { reason: 'looped-back', detail: 'requests come back with the magic numbers of this end' };
    }
    const detail = this.#authenticationRefusal;
    return detail === undefined ? undefined : { reason: 'auth-refused', detail };
  }

  /** RFC 1661 6.4: that so many magic numbers were equal is no chance any more. */
  get hopeless(): boolean {
    return this.#heardItself >= maximumFailureOf(this.#config);
  }

  request(): Option[] {
    const values = {
      mru: this.#mru,
      magicNumber: this.#magic,
      authentication: this.demanded,
      characterMap: this.#characterMap,
    };
    return this.#wishes
      .map((wish) => optionFor(wish, values))
      .filter((option): option is Option => option !== undefined && !this.#rejected.has(option.type));
  }

  judge(options: readonly Option[]): Judgement {
    const find = (type: number) => options.find((option) => option.type === type);
    const authentication = find(LcpOptionType.authenticationProtocol);
    const agreeable = authentication === undefined || this.#verdictOn(authentication) === 'ack';
    if (this.#config.role === 'client') {
      const asked = authentication && authenticationText(authentication);
      this.#authenticationRefusal = agreeable
        ? undefined
        : `the peer asks for ${asked}, which this client refuses`;
    }
    const magic = find(LcpOptionType.magicNumber);
    this.#heardItself = magic && equalOctets(magic.data, this.#magic) ? this.#heardItself + 1 : 0;
    return judgeEach(options, (option) => this.#verdictOn(option));
  }

  /** An option object is the value to Nak with. */
  #verdictOn(option: Option): 'ack' | 'reject' | Option {
    const { type, data } = option;
    if (type === LcpOptionType.authenticationProtocol) return this.#verdictOnAuthentication(option);
    // RFC 1661 6.4: our own number comes back on a looped link, or by chance: another one is asked for.
    if (type === LcpOptionType.magicNumber && equalOctets(data, this.#magic)) {
      return { type, data: this.#drawMagic() };
    }
    return verdictOn(option, () => this.#drawMagic());
  }

  #verdictOnAuthentication(option: Option): 'ack' | 'reject' | Option {
    if (this.#config.role === 'server') return 'reject';
    const asked = authenticationOf(option);
    const [best] = this.#config.accepts;
    if (best === undefined) return 'reject';
    return asked !== undefined && this.#config.accepts.includes(asked) ? 'ack' : authenticationOption(best);
  }

  accepted(options: readonly Option[]): void {
    const find = (type: number) => options.find((option) => option.type === type);
    const mru = find(LcpOptionType.maximumReceiveUnit);
    this.#peerMru = mru ? readUint(mru.data, 0, 2) : defaultMru;
    this.#peerTakes = new Set(options.map(({ type }) => type));
    const authentication = find(LcpOptionType.authenticationProtocol);
    this.#agreedToGive = authentication && authenticationOf(authentication);
  }

  /** Options that are not ours, which a Nak may add (RFC 1661 5.3), are not taken up. */
  nakked(options: readonly Option[]): boolean {
    let mayGoOn = true;
    for (const option of options) {
      const { type, data } = option;
      switch (type) {
        case LcpOptionType.maximumReceiveUnit: {
          const wanted = readUint(data, 0, 2);
          if (data.length === 2 && wanted >= smallestMru && wanted <= this.#config.mru) this.#mru = wanted;
          break;
        }
        case LcpOptionType.asyncControlCharacterMap:
          this.#characterMap = readUint(data, 0, 4);
          break;
        case LcpOptionType.magicNumber:
          this.#magic = this.#drawMagic();
          break;
        case LcpOptionType.authenticationProtocol:
          mayGoOn &&= this.#proposeAnother(option);
          break;
        default:
          // What cannot be had as it was asked for is not asked for again.
          this.#rejected.add(type);
      }
    }
    return mayGoOn;
  }

  /** The one proposed is refused: what the peer names comes next if it may, else our next one. */
  #proposeAnother(wanted: Option): boolean {
    const refused = this.#proposals.shift();
    if (refused === undefined) return true;
    const named = authenticationOf(wanted);
    const rest = this.#proposals.filter((each) => each !== named);
    if (named !== undefined && rest.length < this.#proposals.length) this.#proposals = [named, ...rest];
    if (this.#proposals.length > 0) return true;
    this.#authenticationRefusal = `the peer refuses ${refused} and wants ${authenticationText(wanted)}`;
    return false;
  }

  rejected(options: readonly Option[]): boolean {
    for (const { type } of options) this.#rejected.add(type);
    if (!this.#rejected.has(LcpOptionType.authenticationProtocol)) return true;
    this.#authenticationRefusal = 'the peer refuses to authenticate';
    return false;
  }

  /** RFC 1661 6.4: at random, and never zero. */
  #drawMagic(): Uint8Array {
    const drawn = this.#random(4).slice();
    return drawn.some((octet) => octet !== 0) ? drawn : Uint8Array.of(0, 0, 0, 1);
  }
}
