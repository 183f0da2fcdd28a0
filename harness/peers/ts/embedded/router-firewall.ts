import { isFragment } from '../../../fabric/embedded/fragment.ts';
import type { Passage } from '../../../fabric/embedded/ip-node.ts';
import { NatTable } from '../../../fabric/embedded/nat-table.ts';
import { addressNumber, type PacketView, viewPacket } from '../../../fabric/embedded/packet.ts';
import { Reassembly } from '../../../fabric/embedded/reassembly.ts';
import type { VirtualTime } from '../../../fabric/embedded/virtual-time.ts';
import type { NatKind } from '../../../nat-kind.ts';
import type { ResponderHostConfig } from '../forwarding.ts';

interface Translation {
  readonly inside: string;
  readonly outside: string;
  readonly address: number;
  readonly table: NatTable;
}

/**
 * The forwarding side of a responder with a firewall, as `firewallRules` sets it up in a container: from private
 * interfaces anything may be begun, from public ones only answers come, and what is for a VPN user goes into its
 * tunnel or nowhere.
 */
export class RouterFirewall implements Passage {
  readonly #firewall: NonNullable<ResponderHostConfig['firewall']>;
  readonly #nameOf: (on: { kind: 'segment'; name: string } | { kind: 'tunnel' }) => string;
  readonly #tunnel: string;
  readonly #time: VirtualTime;
  readonly #translations: readonly Translation[];
  /** What private interfaces began; answers are the same the other way round. */
  readonly #begun = new Set<string>();
  readonly #reassembly = new Reassembly();

  /**
   * @param tunnel name of the interface at which all tunnels end
   * @param addressOn the router's own address on an interface
   * @param kind how it hides its inside, where it does
   */
  constructor(
    firewall: NonNullable<ResponderHostConfig['firewall']>,
    tunnel: string,
    addressOn: (name: string) => number,
    kind: NatKind,
    time: VirtualTime,
    randomPort: () => number,
  ) {
    this.#firewall = firewall;
    this.#tunnel = tunnel;
    this.#time = time;
    this.#nameOf = (on) => (on.kind === 'tunnel' ? tunnel : on.name);
    this.#translations = firewall.translations.map(({ inside, outside }) => {
      const address = addressOn(this.#nameOf(outside));
      const table = new NatTable(kind, address, [], randomPort);
      return { inside: this.#nameOf(inside), outside: this.#nameOf(outside), address, table };
    });
  }

  /** What no translation knows is for the router itself. */
  arriving(packet: Uint8Array, on: string): Uint8Array | undefined {
    const whole = isFragment(packet) ? this.#reassembly.add(packet, this.#time.now) : packet;
    return whole && this.#arriving(whole, on);
  }

  #arriving(packet: Uint8Array, on: string): Uint8Array {
    for (const { outside, address, table } of this.#translations) {
      if (outside !== on || viewPacket(packet)?.destination !== address) continue;
      const translated = table.inward(packet, this.#time.now);
      if ('packet' in translated) return translated.packet;
    }
    return packet;
  }

  leaving(packet: Uint8Array, from: string | undefined, on: string): Uint8Array | undefined {
    const view = viewPacket(packet);
    if (view === undefined || from === undefined) return packet;
    if (on !== this.#tunnel && this.#isForUser(view.destination)) return undefined;
    const isPrivate = this.#firewall.privateInterfaces.some((each) => this.#nameOf(each) === from);
    if (isPrivate) this.#begun.add(flowOf(view, false));
    else if (!this.#begun.has(flowOf(view, true))) return undefined;
    const translation = this.#translations.find(({ inside, outside }) => inside === from && outside === on);
    if (translation === undefined) return packet;
    const translated = translation.table.outward(packet, this.#time.now);
    return 'packet' in translated ? translated.packet : undefined;
  }

  #isForUser(address: number): boolean {
    return this.#firewall.tunnelAddresses.some(
      ({ first, last }) => addressNumber(first) <= address && address <= addressNumber(last),
    );
  }
}

/** Who speaks to whom; of an answer, the flow that it answers. */
function flowOf({ protocol, source, destination, ports }: PacketView, isAnswer: boolean): string {
  const one = `${source}:${ports?.source}`;
  const other = `${destination}:${ports?.destination}`;
  return isAnswer ? `${protocol} ${other} ${one}` : `${protocol} ${one} ${other}`;
}
