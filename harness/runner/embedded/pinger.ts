import type { Instant } from '../../../stack/engine.ts';
import { internetChecksum } from '../../../stack/ip/checksum.ts';
import { buildIpv4, ipv4Packet } from '../../../stack/ip/ipv4.ts';
import { buildUdp } from '../../../stack/ip/udp.ts';
import { echoReply, echoRequest, type IpNode, timeExceeded } from '../../fabric/embedded/ip-node.ts';
import {
  addressText,
  type PacketView,
  protocolIcmp,
  protocolUdp,
  viewPacket,
} from '../../fabric/embedded/packet.ts';
import type { VirtualTime } from '../../fabric/embedded/virtual-time.ts';

export interface Pings {
  readonly sent: number;
  readonly received: number;
  /** Milliseconds of each that came back. */
  readonly roundTrips: readonly number[];
}

/** As long as ping waits for an answer, in virtual milliseconds. */
const patienceMs = 2000;
const betweenPingsMs = 20;
const mostHops = 8;

/** What a node on the embedded network sends by itself to prove that traffic passes: ping, traceroute, datagrams. */
export class Pinger {
  readonly #node: IpNode;
  readonly #time: VirtualTime;
  readonly #source: string;
  readonly #bound: string | undefined;
  #identifier = 0;
  /** What came back for each identifier: from whom, and when. */
  readonly #answers = new Map<
    number,
    { readonly from: number; readonly type: number; readonly at: Instant }
  >();

  /** @param bound the interface that everything leaves by, as `ping -I` has it; absent: as the routes say */
  constructor(node: IpNode, time: VirtualTime, source: string, bound?: string) {
    this.#node = node;
    this.#time = time;
    this.#source = source;
    this.#bound = bound;
  }

  /** To be called with every packet that comes to the node itself. */
  receive(view: PacketView): void {
    if (view.protocol !== protocolIcmp) return;
    const { source, icmpType, payload } = view;
    const at = this.#time.now;
    if (icmpType === echoReply)
      this.#answers.set(view.ports?.source ?? 0, { from: source, type: echoReply, at });
    if (icmpType !== timeExceeded) return;
    const quoted = viewPacket(completed(payload.subarray(8)));
    if (quoted?.ports) this.#answers.set(quoted.ports.source, { from: source, type: timeExceeded, at });
  }

  ping(address: string, count: number): Pings {
    const started = new Map<number, Instant>();
    for (let number = 0; number < count; number++) {
      this.#time.after(number * betweenPingsMs, () => started.set(this.#echo(address, 64), this.#time.now));
    }
    const roundTrips = () =>
      [...started].flatMap(([identifier, at]) => {
        const answer = this.#answers.get(identifier);
        return answer?.type === echoReply ? [answer.at - at] : [];
      });
    this.#time.run(() => roundTrips().length === count, this.#time.now + patienceMs);
    const came = roundTrips();
    return { sent: count, received: came.length, roundTrips: came };
  }

  /** The hops to an address, `*` for one that stays silent. */
  traceroute(address: string): string[] {
    const hops: string[] = [];
    for (let timeToLive = 1; timeToLive <= mostHops && hops.at(-1) !== address; timeToLive++) {
      const identifier = this.#echo(address, timeToLive);
      this.#time.run(() => this.#answers.has(identifier), this.#time.now + patienceMs);
      const answer = this.#answers.get(identifier);
      hops.push(answer === undefined ? '*' : addressText(answer.from));
    }
    return hops;
  }

  /** Datagrams to the discard port (RFC 863), one each virtual millisecond. */
  discard(address: string, count: number, octets: number): void {
    for (let number = 0; number < count; number++) {
      this.#time.after(number, () => {
        const addresses = { source: this.#source, destination: address };
        const datagram = { sourcePort: discardPort, destinationPort: discardPort };
        const payload = buildUdp({ ...datagram, payload: new Uint8Array(octets) }, addresses);
        this.#send(buildIpv4(ipv4Packet({ ...addresses, protocol: protocolUdp, payload })));
      });
    }
  }

  /** Gives the identifier, by which answers are known. */
  #echo(address: string, timeToLive: number): number {
    this.#identifier += 1;
    const message = new Uint8Array(64);
    message.set([echoRequest, 0, 0, 0, this.#identifier >>> 8, this.#identifier & 0xff]);
    const sum = internetChecksum(message);
    message.set([sum >>> 8, sum & 0xff], 2);
    const addresses = { source: this.#source, destination: address };
    this.#send(buildIpv4(ipv4Packet({ ...addresses, protocol: protocolIcmp, timeToLive, payload: message })));
    return this.#identifier;
  }

  #send(packet: Uint8Array): void {
    this.#node.send(packet, this.#bound);
  }
}

export const discardPort = 9;

/** An ICMP error quotes a packet's beginning; its header still tells the length of the whole. */
function completed(quoted: Uint8Array): Uint8Array {
  const whole = new Uint8Array(Math.max(quoted.length, ((quoted[2] ?? 0) << 8) | (quoted[3] ?? 0)));
  whole.set(quoted);
  return whole;
}
