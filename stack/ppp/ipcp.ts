import { type Ipv4, ipv4FromBytes, ipv4ToBytes } from '../address.ts';
import { type Judgement, judgeEach, type NegotiatedOptions } from './negotiation.ts';
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
}

/** Either side's options for the automaton. */
export interface IpcpOptions extends NegotiatedOptions {
  result(): IpcpResult;
}

/** The client asks for an address and name servers by naming 0.0.0.0 (RFC 1332 3.3, RFC 1877 1). */
export class IpcpClient implements IpcpOptions {
  readonly #wanted = new Map<number, Ipv4>([[IpcpOptionType.ipAddress, unspecified]]);
  #peerAddress = unspecified;

  constructor(requestsDns: boolean) {
    if (!requestsDns) return;
    this.#wanted.set(IpcpOptionType.primaryDns, unspecified);
    this.#wanted.set(IpcpOptionType.secondaryDns, unspecified);
  }

  request(): Option[] {
    return [...this.#wanted].map(([type, address]) => addressOption(type, address));
  }

  judge(options: readonly Option[]): Judgement {
    return judgeEach(
      options,
      // A server that asks the client for its own address gets none.
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
    return true;
  }

  /** Without an address of its own the client cannot go on. */
  rejected(options: readonly Option[]): boolean {
    for (const { type } of options) this.#wanted.delete(type);
    return this.#wanted.has(IpcpOptionType.ipAddress);
  }

  result(): IpcpResult {
    const named = [IpcpOptionType.primaryDns, IpcpOptionType.secondaryDns].map(
      (type) => this.#wanted.get(type) ?? unspecified,
    );
    return {
      localAddress: this.#wanted.get(IpcpOptionType.ipAddress) ?? unspecified,
      peerAddress: this.#peerAddress,
      dns: named.filter((address) => address !== unspecified),
    };
  }
}

/** The server names its own address and gives the client its address and name servers. */
export class IpcpServer implements IpcpOptions {
  readonly #localAddress: Ipv4;
  readonly #peerAddress: Ipv4;
  readonly #dns: readonly Ipv4[];
  #namesItself = true;

  constructor(localAddress: Ipv4, peerAddress: Ipv4, dns: readonly Ipv4[]) {
    this.#localAddress = localAddress;
    this.#peerAddress = peerAddress;
    this.#dns = dns;
  }

  request(): Option[] {
    return this.#namesItself ? [addressOption(IpcpOptionType.ipAddress, this.#localAddress)] : [];
  }

  judge(options: readonly Option[]): Judgement {
    const given = new Map([[IpcpOptionType.ipAddress as number, this.#peerAddress]]);
    const [primary, secondary] = this.#dns;
    if (primary !== undefined) given.set(IpcpOptionType.primaryDns, primary);
    if (secondary !== undefined) given.set(IpcpOptionType.secondaryDns, secondary);
    // A client that does not ask for an address is told its own (RFC 1661 5.3: an option may be appended).
    const asked = options.some((option) => option.type === IpcpOptionType.ipAddress);
    const missing = asked ? [] : [addressOption(IpcpOptionType.ipAddress, this.#peerAddress)];
    return judgeEach(
      options,
      (option) => {
        const address = given.get(option.type);
        // WINS (RFC 1877 1.2, 1.4), Van Jacobson compression and the old IP-Addresses option among them.
        if (address === undefined || option.data.length !== 4) return 'reject';
        return addressOf(option) === address ? 'ack' : addressOption(option.type, address);
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
    return { localAddress: this.#localAddress, peerAddress: this.#peerAddress, dns: [] };
  }
}
