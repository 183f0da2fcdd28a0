import { internetChecksum } from '../../../stack/ip/checksum.ts';
import { buildIpv4, ipv4Packet } from '../../../stack/ip/ipv4.ts';
import { fragmentsOf, isFragment, mayNotBeCut } from './fragment.ts';
import {
  addressText,
  headerLengthOf,
  maskOf,
  type PacketView,
  protocolIcmp,
  viewPacket,
  withHopLess,
} from './packet.ts';
import { fragmentationNeeded, PathMtus } from './path-mtus.ts';
import { Reassembly } from './reassembly.ts';
import type { VirtualTime } from './virtual-time.ts';

/** An interface of a node: of a segment, or of a tunnel that ends here. */
export interface Attachment {
  readonly name: string;
  readonly address: number;
  readonly prefix: number;
  /** Octets of an IP packet. */
  readonly mtu: number;
  /** Nobody is told of a packet that was too large to go on by it: "too big" is filtered (RFC 2923 2.1). */
  readonly hidesTooBig?: boolean;
  transmit(nextHop: number, packet: Uint8Array): void;
}

interface Route {
  readonly network: number;
  readonly prefix: number;
  readonly via: number | undefined;
  readonly on: string;
}

/** What a box does to packets that pass it; `undefined` is a packet that goes no further. */
export interface Passage {
  /** Before the way is chosen: where a NAT gives packets for its outside address their inside one. */
  arriving(packet: Uint8Array, on: string): Uint8Array | undefined;
  /** Once it is: where a firewall refuses, and a NAT hides the inside. `from` is `undefined` for the node's own. */
  leaving(packet: Uint8Array, from: string | undefined, on: string): Uint8Array | undefined;
}

/**
 * An IPv4 host or router: interfaces, routes, forwarding with ICMP as far as ping and traceroute need it (RFC 1812).
 * What it sends itself it cuts where it is too large for the way, as far as it knows that; what it forwards it cuts
 * where the sender lets it, and else tells the sender (RFC 1191).
 */
export class IpNode {
  readonly name: string;
  passage: Passage = { arriving: (packet) => packet, leaving: (packet) => packet };
  /** What is for this node itself and no echo request. */
  onLocal: (view: PacketView) => void = () => {};
  readonly #attachments = new Map<string, Attachment>();
  readonly #time: VirtualTime;
  readonly #reassembly = new Reassembly();
  readonly #pathMtus = new PathMtus();
  #routes: Route[] = [];
  #identification = 0;

  constructor(name: string, time: VirtualTime) {
    this.name = name;
    this.#time = time;
  }

  attach(attachment: Attachment): void {
    this.#attachments.set(attachment.name, attachment);
    this.addRoute(attachment.address, attachment.prefix, undefined, attachment.name);
  }

  detach(name: string): void {
    this.#attachments.delete(name);
    this.#routes = this.#routes.filter(({ on }) => on !== name);
  }

  /** The most specific route wins, and of two alike the later one. */
  addRoute(address: number, prefix: number, via: number | undefined, on: string): void {
    this.removeRoute(address, prefix);
    this.#routes.push({ network: (address & maskOf(prefix)) >>> 0, prefix, via, on });
    this.#routes.sort((a, b) => b.prefix - a.prefix);
  }

  removeRoute(address: number, prefix: number): void {
    const network = (address & maskOf(prefix)) >>> 0;
    this.#routes = this.#routes.filter((route) => route.network !== network || route.prefix !== prefix);
  }

  /** A route by a neighbour, on whichever interface that one is. */
  addRouteVia(address: number, prefix: number, via: number): void {
    const on = this.#routes.find((route) => route.via === undefined && covers(route, via))?.on;
    if (on !== undefined) this.addRoute(address, prefix, via, on);
  }

  /** Octets of an IP packet that this interface takes; `undefined` where there is none of that name. */
  mtuOf(name: string): number | undefined {
    return this.#attachments.get(name)?.mtu;
  }

  owns(address: number): boolean {
    return [...this.#attachments.values()].some((each) => each.address === address);
  }

  /** From which address a packet of this node's own to that one goes: of the interface that its routes choose; 0 where they have none. */
  addressTowards(destination: number): number {
    const route = this.#routes.find((each) => covers(each, destination));
    return this.#attachments.get(route?.on ?? '')?.address ?? 0;
  }

  /** A packet that comes in by one of the interfaces. */
  receive(packet: Uint8Array, on: string): void {
    // RFC 1122 3.2.1.2, RFC 1812 5.2.2: a header whose checksum is wrong goes no further.
    if (internetChecksum(packet, 0, headerLengthOf(packet)) !== 0) return;
    const arrived = this.passage.arriving(packet, on);
    const view = arrived && viewPacket(arrived);
    if (arrived === undefined || view === undefined) return;
    if (this.owns(view.destination)) return this.#arrived(arrived, view);
    if (view.timeToLive <= 1) return this.#complain(arrived, on, Uint8Array.of(timeExceeded, 0, 0, 0));
    this.#leave(withHopLess(arrived), view.destination, { packet, on }, undefined);
  }

  /** A packet of this node's own; `bound` sends it by that interface whatever the routes say. */
  send(packet: Uint8Array, bound?: string): void {
    const view = viewPacket(packet);
    if (view !== undefined) this.#leave(packet, view.destination, undefined, bound);
  }

  /** @param came what is forwarded, as it came and by which interface */
  #leave(
    packet: Uint8Array,
    destination: number,
    came: { readonly packet: Uint8Array; readonly on: string } | undefined,
    bound: string | undefined,
  ): void {
    const route = this.#routes.find((each) => covers(each, destination));
    const on = this.#attachments.get(bound ?? route?.on ?? '');
    if (on === undefined) return;
    const mtu = came === undefined ? this.#pathMtus.toward(destination, on.mtu) : on.mtu;
    const isTooLarge = packet.length > mtu;
    if (isTooLarge && came !== undefined && mayNotBeCut(packet)) {
      return on.hidesTooBig ? undefined : this.#tooBig(came.packet, came.on, mtu);
    }
    const left = this.passage.leaving(packet, came?.on, on.name);
    if (left === undefined) return;
    const nextHop = bound === undefined || bound === route?.on ? (route?.via ?? destination) : destination;
    if (!isTooLarge) return on.transmit(nextHop, left);
    for (const part of fragmentsOf(left, mtu, this.#identificationFor(left, came === undefined))) {
      on.transmit(nextHop, part);
    }
  }

  /** RFC 6864: what was never to be cut need not say which packet it is; now its parts must. */
  #identificationFor(packet: Uint8Array, isOwn: boolean): number | undefined {
    if (!isOwn || isFragment(packet)) return undefined;
    this.#identification = (this.#identification % 0xffff) + 1;
    return this.#identification;
  }

  #arrived(packet: Uint8Array, view: PacketView): void {
    if (!view.isFragment) return this.#local(view);
    const whole = this.#reassembly.add(packet, this.#time.now);
    const wholeView = whole && viewPacket(whole);
    if (wholeView) this.#local(wholeView);
  }

  #local(view: PacketView): void {
    if (view.icmpType === unreachable) this.#pathMtus.learn(view.payload, (address) => this.owns(address));
    if (view.icmpType !== echoRequest) return this.onLocal(view);
    const reply = view.payload.slice();
    reply[0] = echoReply;
    this.#sendIcmp(view.destination, view.source, reply);
  }

  /** RFC 1191 4: the MTU of the next hop stands in the last two of the octets that RFC 792 leaves unused. */
  #tooBig(packet: Uint8Array, on: string, mtu: number): void {
    const start = Uint8Array.of(unreachable, fragmentationNeeded, 0, 0, 0, 0, mtu >> 8, mtu & 0xff);
    this.#complain(packet, on, start);
  }

  /** RFC 792: the header of the packet and eight octets more, from the interface that it came in by. */
  #complain(packet: Uint8Array, on: string, start: Uint8Array): void {
    const source = this.#attachments.get(on)?.address;
    const view = viewPacket(packet);
    // RFC 1122 3.2.2: never about a later fragment, nor about another error.
    const isError = view?.icmpType === unreachable || view?.icmpType === timeExceeded;
    if (source === undefined || view === undefined || view.isLaterFragment || isError) return;
    const quoted = packet.subarray(0, packet.length - view.payload.length + 8);
    const message = new Uint8Array(8 + quoted.length);
    message.set(start);
    message.set(quoted, 8);
    this.#sendIcmp(source, view.source, message);
  }

  #sendIcmp(source: number, destination: number, message: Uint8Array): void {
    message.fill(0, 2, 4);
    const sum = internetChecksum(message);
    message.set([sum >>> 8, sum & 0xff], 2);
    const addresses = { source: addressText(source), destination: addressText(destination) };
    this.send(buildIpv4(ipv4Packet({ ...addresses, protocol: protocolIcmp, payload: message })));
  }
}

export const echoRequest = 8;
export const echoReply = 0;
export const timeExceeded = 11;
const unreachable = 3;

function covers({ network, prefix }: Pick<Route, 'network' | 'prefix'>, address: number): boolean {
  return (address & maskOf(prefix)) >>> 0 === network;
}
