import { type Ipv4, ipv4FromBytes, ipv4ToBytes } from '../address.ts';
import { type Judgement, judgeEach, type NegotiatedOptions } from './negotiation.ts';
import { ipcpOption, type Option } from './option.ts';

const UNSPECIFIED = '0.0.0.0';

function addressOption(type: number, address: Ipv4): Option {
  return { type, data: ipv4ToBytes(address) };
}

function addressOf(option: Option | undefined): Ipv4 {
  return option?.data.length === 4 ? ipv4FromBytes(option.data) : UNSPECIFIED;
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
  readonly #wanted = new Map<number, Ipv4>([[ipcpOption.ipAddress, UNSPECIFIED]]);
  #peerAddress = UNSPECIFIED;

  constructor(requestsDns: boolean) {
    if (!requestsDns) return;
    this.#wanted.set(ipcpOption.primaryDns, UNSPECIFIED);
    this.#wanted.set(ipcpOption.secondaryDns, UNSPECIFIED);
  }

  request(): Option[] {
    return [...this.#wanted].map(([type, address]) => addressOption(type, address));
  }

  judge(options: readonly Option[]): Judgement {
    return judgeEach(
      options,
      // A server that asks the client for its own address gets none.
      ({ type, data }) =>
        type === ipcpOption.ipAddress && data.length === 4 && data.some((octet) => octet !== 0)
          ? 'ack'
          : 'reject',
    );
  }

  accepted(options: readonly Option[]): void {
    this.#peerAddress = addressOf(options.find((option) => option.type === ipcpOption.ipAddress));
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
    return this.#wanted.has(ipcpOption.ipAddress);
  }

  result(): IpcpResult {
    const named = [ipcpOption.primaryDns, ipcpOption.secondaryDns].map(
      (type) => this.#wanted.get(type) ?? UNSPECIFIED,
    );
    return {
      localAddress: this.#wanted.get(ipcpOption.ipAddress) ?? UNSPECIFIED,
      peerAddress: this.#peerAddress,
      dns: named.filter((address) => address !== UNSPECIFIED),
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
    return this.#namesItself ? [addressOption(ipcpOption.ipAddress, this.#localAddress)] : [];
  }

  judge(options: readonly Option[]): Judgement {
    const given = new Map([[ipcpOption.ipAddress as number, this.#peerAddress]]);
    const [primary, secondary] = this.#dns;
    if (primary !== undefined) given.set(ipcpOption.primaryDns, primary);
    if (secondary !== undefined) given.set(ipcpOption.secondaryDns, secondary);
    // A client that does not ask for an address is told its own (RFC 1661 5.3: an option may be appended).
    const asked = options.some((option) => option.type === ipcpOption.ipAddress);
    const missing = asked ? [] : [addressOption(ipcpOption.ipAddress, this.#peerAddress)];
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
