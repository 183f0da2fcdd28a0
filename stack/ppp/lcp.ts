import type { RandomSource } from '../engine.ts';
import { equalOctets, readUint } from '../octets.ts';
import { authenticationOf, authenticationOption, authenticationText } from './authentication.ts';
import type { PppAuthentication, PppConfig } from './config.ts';
import { type Judgement, judgeEach, type NegotiatedOptions } from './negotiation.ts';
import { flagOption, LcpOptionType, type Option, uint16Option } from './option.ts';

/** RFC 1661 6.1: the MRU of a peer that names none. */
const defaultMru = 1500;
/** An MRU below this carries no useful IP packet: it is Nak'd, and not taken from a Nak. */
const smallestMru = 128;

/** What LCP negotiates (RFC 1661 6), for either role: our request, and the judgement of the peer's. */
export class LcpOptions implements NegotiatedOptions {
  readonly #config: PppConfig;
  readonly #random: RandomSource;
  #mru: number;
  #magic: Uint8Array;
  /** Server: what may still be proposed; the first is. */
  #proposals: PppAuthentication[];
  readonly #rejected = new Set<number>();
  #peerMru = defaultMru;
  #agreedToGive: PppAuthentication | undefined;
  /** Why there is no agreement on authentication, so far. */
  #refusal: string | undefined;

  constructor(config: PppConfig, random: RandomSource) {
    this.#config = config;
    this.#random = random;
    this.#mru = config.mru;
    this.#magic = random(4);
    this.#proposals = config.role === 'server' ? [...config.authentication] : [];
  }

  /** The largest packet that may travel in either direction. */
  get mru(): number {
    return Math.min(this.#mru, this.#peerMru);
  }

  /** Ours; zero where the peer rejected it (RFC 1661 5.8). */
  get magicNumber(): Uint8Array {
    return this.#rejected.has(LcpOptionType.magicNumber) ? new Uint8Array(4) : this.#magic;
  }

  /** What we ask of the peer, agreed once LCP is open. */
  get demanded(): PppAuthentication | undefined {
    return this.#proposals[0];
  }

  /** What the peer asks of us and we agreed to. */
  get given(): PppAuthentication | undefined {
    return this.#agreedToGive;
  }

  /** What kept the ends from agreeing on authentication; `undefined` where nothing did. */
  get refusal(): string | undefined {
    return this.#refusal;
  }

  request(): Option[] {
    const options = [uint16Option(LcpOptionType.maximumReceiveUnit, this.#mru)];
    const [proposal] = this.#proposals;
    if (proposal !== undefined) options.push(authenticationOption(proposal));
    options.push({ type: LcpOptionType.magicNumber, data: this.#magic });
    if (this.#config.role === 'client') {
      options.push(flagOption(LcpOptionType.protocolFieldCompression));
      options.push(flagOption(LcpOptionType.addressAndControlFieldCompression));
    }
    return options.filter((option) => !this.#rejected.has(option.type));
  }

  judge(options: readonly Option[]): Judgement {
    const authentication = options.find((option) => option.type === LcpOptionType.authenticationProtocol);
    const agreeable = authentication === undefined || this.#verdictOn(authentication) === 'ack';
    if (this.#config.role === 'client') {
      const asked = authentication && authenticationText(authentication);
      this.#refusal = agreeable ? undefined : `the peer asks for ${asked}, which this client refuses`;
    }
    return judgeEach(options, (option) => this.#verdictOn(option));
  }

  /** An option object is the value to Nak with. */
  #verdictOn(option: Option): 'ack' | 'reject' | Option {
    const { type, data } = option;
    switch (type) {
      case LcpOptionType.maximumReceiveUnit:
        if (data.length !== 2) return 'reject';
        return readUint(data, 0, 2) >= smallestMru ? 'ack' : uint16Option(type, defaultMru);
      case LcpOptionType.asyncControlCharacterMap:
        return data.length === 4 ? 'ack' : 'reject';
      case LcpOptionType.authenticationProtocol:
        return this.#verdictOnAuthentication(option);
      case LcpOptionType.magicNumber:
        if (data.length !== 4) return 'reject';
        // RFC 1661 6.4: our own number comes back on a looped link, or by chance: another one is asked for.
        return equalOctets(data, this.#magic) ? { type, data: this.#random(4) } : 'ack';
      case LcpOptionType.protocolFieldCompression:
      case LcpOptionType.addressAndControlFieldCompression:
        return data.length === 0 ? 'ack' : 'reject';
      default:
        // Callback, MRRU, endpoint discriminator, quality protocol and everything unknown.
        return 'reject';
    }
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
    const authentication = find(LcpOptionType.authenticationProtocol);
    this.#agreedToGive = authentication && authenticationOf(authentication);
  }

  nakked(options: readonly Option[]): boolean {
    let mayGoOn = true;
    for (const option of options) {
      if (option.type === LcpOptionType.maximumReceiveUnit && option.data.length === 2) {
        const wanted = readUint(option.data, 0, 2);
        if (wanted >= smallestMru && wanted <= this.#config.mru) this.#mru = wanted;
      }
      if (option.type === LcpOptionType.magicNumber) this.#magic = this.#random(4);
      if (option.type === LcpOptionType.authenticationProtocol) mayGoOn &&= this.#proposeAnother(option);
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
    this.#refusal = `the peer refuses ${refused} and wants ${authenticationText(wanted)}`;
    return false;
  }

  rejected(options: readonly Option[]): boolean {
    for (const { type } of options) this.#rejected.add(type);
    if (!this.#rejected.has(LcpOptionType.authenticationProtocol)) return true;
    this.#refusal = 'the peer refuses to authenticate';
    return false;
  }
}
