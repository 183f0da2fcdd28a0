import { type Ipv4, ipv4FromBytes, ipv4ToBytes } from '../address.ts';
import type { PppFailure } from '../fact.ts';
import type { PppClientConfig, PppServerConfig } from './config.ts';
import { type Judgement, judgeEach, maximumFailureOf, type NegotiatedOptions } from './negotiation.ts';
import { IpcpOptionType, type Option } from './option.ts';

const unspecified = '0.0.0.0';

function addressOption(type: number, address: Ipv4): Option {
  return { type, data: ipv4ToBytes(address) };
}

function addressOf(option: Option | undefined): Ipv4 {
  return option?.data.length === 4 ? ipv4FromBytes(option.data) : unspecified;
}

/** What IPCP agreed on. */
export interface IpcpResult {
  readonly localAddress: Ipv4;
  readonly peerAddress: Ipv4;
  /** Name servers that the client learnt. */
  readonly dns: readonly Ipv4[];
  /** NetBIOS name servers that the client learnt. */
  readonly wins: readonly Ipv4[];
}

export interface IpcpRefusal {
  readonly reason: Extract<PppFailure, 'option-refused' | 'address-refused' | 'address-conflict'>;
  readonly detail: string;
}

/** Either side's options for the automaton. */
export interface IpcpOptions extends NegotiatedOptions {
  result(): IpcpResult;
  /** What keeps the ends from agreeing, or from using what they agreed on; `undefined` where nothing does. */
  readonly refusal: IpcpRefusal | undefined;
}

/** The client asks for an address and name servers by naming 0.0.0.0 (RFC 1332 3.3, RFC 1877 1). */
export class IpcpClient implements IpcpOptions {
  /** In the order of the wire, which is that of Windows XP (the field facts). */
  readonly #wanted = new Map<number, Ipv4>();
  readonly #fixed: Ipv4 | undefined;
  #peerAddress = unspecified;
  #refusal: IpcpRefusal | undefined;

  constructor(config: Pick<PppClientConfig, 'address' | 'requestsDns' | 'requestsWins'>) {
    const { address, requestsDns, requestsWins = false } = config;
    this.#fixed = address;
    this.#wanted.set(IpcpOptionType.ipAddress, address ?? unspecified);
    if (requestsDns) this.#wanted.set(IpcpOptionType.primaryDns, unspecified);
    if (requestsWins) this.#wanted.set(IpcpOptionType.primaryNbns, unspecified);
    if (requestsDns) this.#wanted.set(IpcpOptionType.secondaryDns, unspecified);
    if (requestsWins) this.#wanted.set(IpcpOptionType.secondaryNbns, unspecified);
  }

  get refusal(): IpcpRefusal | undefined {
    if (this.#refusal !== undefined) return this.#refusal;
    const { localAddress, peerAddress } = this.result();
    if (localAddress !== unspecified && localAddress === peerAddress) {
      return { reason: 'address-conflict', detail: `both ends are to be ${localAddress}` };
    }
    return undefined;
  }

  request(): Option[] {
    return [...this.#wanted].map(([type, address]) => addressOption(type, address));
  }

  judge(options: readonly Option[]): Judgement {
    return judgeEach(
      options,
      // A server that asks the client for its own address gets none; compression is not done.
      ({ type, data }) =>
        type === IpcpOptionType.ipAddress && data.length === 4 && data.some((octet) => octet !== 0)
          ? 'ack'
          : 'reject',
    );
  }

  accepted(options: readonly Option[]): void {
    this.#peerAddress = addressOf(options.find((option) => option.type === IpcpOptionType.ipAddress));
  }

  nakked(options: readonly Option[]): boolean {
    for (const option of options) {
      if (this.#wanted.has(option.type) && option.data.length === 4) {
        this.#wanted.set(option.type, addressOf(option));
      }
    }
    const given = this.#wanted.get(IpcpOptionType.ipAddress);
    if (this.#fixed === undefined || given === this.#fixed) return true;
    const detail = `the peer gives ${given}, and this client insists on ${this.#fixed}`;
    this.#refusal = { reason: 'address-refused', detail };
    return false;
  }

  /** Without an address of its own the client cannot go on. */
  rejected(options: readonly Option[]): boolean {
    for (const { type } of options) this.#wanted.delete(type);
    if (this.#wanted.has(IpcpOptionType.ipAddress)) return true;
    this.#refusal = { reason: 'address-refused', detail: 'the peer gives no address' };
    return false;
  }

  result(): IpcpResult {
    const named = (...types: readonly number[]) =>
      types.flatMap((type) => this.#wanted.get(type) ?? []).filter((address) => address !== unspecified);
    return {
      localAddress: this.#wanted.get(IpcpOptionType.ipAddress) ?? unspecified,
      peerAddress: this.#peerAddress,
      dns: named(IpcpOptionType.primaryDns, IpcpOptionType.secondaryDns),
      wins: named(IpcpOptionType.primaryNbns, IpcpOptionType.secondaryNbns),
    };
  }
}

/** The server names its own address and gives the client its address and name servers. */
export class IpcpServer implements IpcpOptions {
  readonly #localAddress: Ipv4;
  readonly #peerAddress: Ipv4;
  /** What the client gets, by option. */
  readonly #given: ReadonlyMap<number, Ipv4>;
  readonly #maximumFailure: number;
  #namesItself = true;
  /** Requests, one after the other, in which the client named another address than its own. */
  #insisted = 0;

  constructor(config: Pick<PppServerConfig, 'localAddress' | 'dns' | 'wins' | 'limits'>, peerAddress: Ipv4) {
    const { localAddress, dns, wins = [] } = config;
    this.#localAddress = localAddress;
    this.#peerAddress = peerAddress;
    this.#maximumFailure = maximumFailureOf(config);
    const given: readonly (readonly [number, Ipv4 | undefined])[] = [
      [IpcpOptionType.ipAddress, peerAddress],
      [IpcpOptionType.primaryDns, dns[0]],
      [IpcpOptionType.primaryNbns, wins[0]],
      [IpcpOptionType.secondaryDns, dns[1]],
      [IpcpOptionType.secondaryNbns, wins[1]],
    ];
    this.#given = new Map(
      given.flatMap(([type, address]) => (address === undefined ? [] : [[type, address]])),
    );
  }

  get refusal(): IpcpRefusal | undefined {
    if (this.#peerAddress === this.#localAddress) {
      return { reason: 'address-conflict', detail: `both ends are to be ${this.#localAddress}` };
    }
    if (!this.hopeless) return undefined;
    const detail = `the client does not take ${this.#peerAddress}`;
    return { reason: 'address-refused', detail };
  }

  get hopeless(): boolean {
    return this.#insisted >= this.#maximumFailure;
  }

  request(): Option[] {
    return this.#namesItself ? [addressOption(IpcpOptionType.ipAddress, this.#localAddress)] : [];
  }

  judge(options: readonly Option[]): Judgement {
    const named = options.find((option) => option.type === IpcpOptionType.ipAddress);
    const insists = ![unspecified, this.#peerAddress].includes(addressOf(named));
    this.#insisted = insists ? this.#insisted + 1 : 0;
    // A client that does not ask for an address is told its own (RFC 1661 5.3: an option may be appended).
    const missing = named ? [] : [addressOption(IpcpOptionType.ipAddress, this.#peerAddress)];
    return judgeEach(
      options,
      (option) => {
        const address = this.#given.get(option.type);
        // Van Jacobson compression, the old IP-Addresses option and name servers that there are none of.
        if (address === undefined) return 'reject';
        return option.data.length === 4 && addressOf(option) === address
          ? 'ack'
          : addressOption(option.type, address);
      },
      missing,
    );
  }

  accepted(): void {}

  /** The server's address is not the client's to choose: it is proposed again. */
  nakked(): boolean {
    return true;
  }

  rejected(): boolean {
    this.#namesItself = false;
    return true;
  }

  result(): IpcpResult {
    return { localAddress: this.#localAddress, peerAddress: this.#peerAddress, dns: [], wins: [] };
  }
}
