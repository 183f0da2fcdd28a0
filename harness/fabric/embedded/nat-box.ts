import type { NatKind } from '../../nat-kind.ts';
import { isFragment } from './fragment.ts';
import { IkeHelper } from './ike-helper.ts';
import type { Passage } from './ip-node.ts';
import { type Forward, NatTable, type Translated } from './nat-table.ts';
import { viewPacket } from './packet.ts';
import { Reassembly } from './reassembly.ts';
import type { VirtualTime } from './virtual-time.ts';

/** The outside of a NAT box: the name and the address of its interface there. */
export interface Outside {
  readonly on: string;
  readonly address: number;
}

/** A NAT gateway: what a packet has to go through on its way from the inside to the outside and back. */
export class NatBox implements Passage {
  /** Packets that went no further, by the rule that ended their way. */
  readonly drops = new Map<string, number>();
  readonly #kind: NatKind;
  readonly #forwards: readonly Forward[];
  readonly #time: VirtualTime;
  readonly #randomPort: () => number;
  #outside: Outside;
  #table: NatTable;
  #ike: IkeHelper | undefined;
  readonly #reassembly = new Reassembly();

  constructor(
    kind: NatKind,
    outside: Outside,
    forwards: readonly Forward[],
    time: VirtualTime,
    randomPort: () => number,
  ) {
    this.#kind = kind;
    this.#outside = outside;
    this.#forwards = forwards;
    this.#time = time;
    this.#randomPort = randomPort;
    this.#table = new NatTable(kind, outside.address, forwards, randomPort);
    this.#ike = kind.ike === 'keeps-port-500' ? new IkeHelper(outside.address) : undefined;
  }

  /** As after switching it off and on. */
  forget(): void {
    this.#table.forget();
    this.#ike?.forget();
  }

  /** As after a new lease from the provider: everything is forgotten, and what is mapped anew gets any port, at this address. */
  rebind(address: number): void {
    const kind: NatKind = { ...this.#kind, ports: 'random' };
    this.#outside = { ...this.#outside, address };
    this.#table = new NatTable(kind, address, this.#forwards, this.#randomPort);
    this.#ike = undefined;
  }

  arriving(packet: Uint8Array, on: string): Uint8Array | undefined {
    if (!isFragment(packet)) return this.#arriving(packet, on);
    if (this.#kind.fragments === 'dropped') return this.#dropped('drop-fragment');
    const whole = this.#reassembly.add(packet, this.#time.now);
    return whole && this.#arriving(whole, on);
  }

  #arriving(packet: Uint8Array, on: string): Uint8Array | undefined {
    const isForOutside = viewPacket(packet)?.destination === this.#outside.address;
    if (on !== this.#outside.on) return isForOutside ? this.#hairpin(packet) : packet;
    // Whatever else comes from outside knows an inside address that it cannot know.
    if (!isForOutside) return this.#dropped('drop-unsolicited');
    return this.#ike?.inward(packet) ?? this.#passed(this.#table.inward(packet, this.#time.now));
  }

  leaving(packet: Uint8Array, from: string | undefined, on: string): Uint8Array | undefined {
    // What came in by it is translated already, wherever it goes.
    if (on !== this.#outside.on || from === undefined || from === on) return packet;
    return this.#ike?.outward(packet) ?? this.#passed(this.#table.outward(packet, this.#time.now));
  }

  /** RFC 4787 6: from one inside host to another, as if it came from outside. */
  #hairpin(packet: Uint8Array): Uint8Array | undefined {
    if (!this.#kind.hairpin) return this.#dropped('drop-hairpin');
    const outside = this.#passed(this.#table.outward(packet, this.#time.now));
    return outside && this.#passed(this.#table.inward(outside, this.#time.now));
  }

  #passed(translated: Translated): Uint8Array | undefined {
    return 'packet' in translated ? translated.packet : this.#dropped(translated.dropped);
  }

  #dropped(rule: string): undefined {
    this.drops.set(rule, (this.drops.get(rule) ?? 0) + 1);
    return undefined;
  }
}
