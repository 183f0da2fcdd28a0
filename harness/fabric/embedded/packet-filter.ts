import type { Instant } from '../../../stack/engine.ts';
import type { FilterRules, Permit } from '../../topology.ts';
import { isFragment } from './fragment.ts';
import type { Passage } from './ip-node.ts';
import {
  type PacketView,
  protocolAh,
  protocolEsp,
  protocolIcmp,
  protocolTcp,
  protocolUdp,
  quotedIn,
  viewPacket,
} from './packet.ts';
import { Reassembly } from './reassembly.ts';
import type { VirtualTime } from './virtual-time.ts';

const protocols: Readonly<Record<Permit['protocol'], number>> = {
  udp: protocolUdp,
  tcp: protocolTcp,
  esp: protocolEsp,
  ah: protocolAh,
};
/** How long a flow that the inside began may be answered: the timer of Linux for UDP that goes both ways. */
const answerMs = 120_000;

/**
 * A router that filters without NAT: what is inside may begin anything; from outside come answers, and what a permit
 * names by protocol and destination port. Without ports there are no flows: of ESP and AH a permit alone decides.
 */
export class PacketFilter implements Passage {
  /** Packets that went no further, by the rule that ended their way. */
  readonly drops = new Map<string, number>();
  readonly #rules: FilterRules;
  readonly #time: VirtualTime;
  readonly #answersUntil = new Map<string, Instant>();
  readonly #reassembly = new Reassembly();

  constructor(rules: FilterRules, time: VirtualTime) {
    this.#rules = rules;
    this.#time = time;
  }

  /** Who tracks flows puts fragments together first: only one of them has ports. */
  arriving(packet: Uint8Array): Uint8Array | undefined {
    return isFragment(packet) ? this.#reassembly.add(packet, this.#time.now) : packet;
  }

  leaving(packet: Uint8Array, from: string | undefined): Uint8Array | undefined {
    const view = viewPacket(packet);
    if (view === undefined) return this.#dropped('drop-invalid');
    const { now } = this.#time;
    const { source, destination, ports } = view;
    if (from !== this.#rules.outside) {
      const answer = flow(view, destination, ports?.destination, source, ports?.source);
      if (ports) this.#answersUntil.set(answer, now + answerMs);
      return packet;
    }
    if (this.#rules.permits.some((permit) => isPermitted(view, permit))) return packet;
    const isAnswer =
      (this.#answersUntil.get(flow(view, source, ports?.source, destination, ports?.destination)) ?? 0) > now;
    if (ports !== undefined && isAnswer) return packet;
    if (this.#isAboutOurs(view, now)) return packet;
    return this.#dropped(view.protocol === protocolEsp ? 'drop-esp' : 'drop-not-permitted');
  }

  /** An ICMP error about what came from the inside: without ports it is known by nothing else than that. */
  #isAboutOurs(error: PacketView, now: Instant): boolean {
    const packet = quotedIn(error);
    const view = packet && viewPacket(packet);
    if (view === undefined) return false;
    const { source, destination, ports } = view;
    const answer = flow(view, destination, ports?.destination, source, ports?.source);
    return ports === undefined || (this.#answersUntil.get(answer) ?? 0) > now;
  }

  #dropped(rule: string): undefined {
    this.drops.set(rule, (this.drops.get(rule) ?? 0) + 1);
    return undefined;
  }
}

function isPermitted({ protocol, ports }: PacketView, permit: Permit): boolean {
  return (
    protocols[permit.protocol] === protocol &&
    (permit.port === undefined || permit.port === ports?.destination)
  );
}

function flow(
  { protocol }: PacketView,
  from: number,
  fromPort: number | undefined,
  to: number,
  toPort: number | undefined,
): string {
  // The identifier of an ICMP echo is the same in both directions.
  const portsText = protocol === protocolIcmp ? `${fromPort}` : `${fromPort} ${toPort}`;
  return `${protocol} ${from} ${to} ${portsText}`;
}
