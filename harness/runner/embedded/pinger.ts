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
  quotedIn,
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
  readonly #tries: number;
  #identifier = 0;
  /** What came back for each identifier: from whom, and when. */
  readonly #answers = new Map<
    number,
    { readonly from: number; readonly type: number; readonly at: Instant }
  >();

  /**
   * @param tries how often what stays silent is asked; more than once only where wires lose packets by themselves
   * @param bound the interface that everything leaves by, as `ping -I` has it; absent: as the routes say
   */
  constructor(node: IpNode, time: VirtualTime, source: string, tries: number, bound?: string) {
    this.#node = node;
    this.#time = time;
    this.#source = source;
    this.#tries = tries;
    this.#bound = bound;
  }

  /** To be called with every packet that comes to the node itself. */
  receive(view: PacketView): void {
    if (view.protocol !== protocolIcmp) return;
    const { source, icmpType } = view;
    const at = this.#time.now;
    if (icmpType === echoReply)
      this.#answers.set(view.ports?.source ?? 0, { from: source, type: echoReply, at });
    if (icmpType !== timeExceeded) return;
    const packet = quotedIn(view);
    const quoted = packet && viewPacket(packet);
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
    for (let tries = 1; tries <= this.#tries && roundTrips().length < count; tries++) {
      for (let number = 0; number < count - roundTrips().length && tries > 1; number++) {
        this.#time.after(number * betweenPingsMs, () => started.set(this.#echo(address, 64), this.#time.now));
      }
      this.#time.run(() => roundTrips().length === count, this.#time.now + patienceMs);
    }
    const came = roundTrips();
    return { sent: count, received: came.length, roundTrips: came };
  }

  /** The hops to an address, `*` for one that stays silent. */
  traceroute(address: string): string[] {
    const hops: string[] = [];
    for (let timeToLive = 1; timeToLive <= mostHops && hops.at(-1) !== address; timeToLive++) {
      let answer: { readonly from: number } | undefined;
      for (let tries = 0; tries < this.#tries && answer === undefined; tries++) {
        const identifier = this.#echo(address, timeToLive);
        this.#time.run(() => this.#answers.has(identifier), this.#time.now + patienceMs);
        answer = this.#answers.get(identifier);
      }
      hops.push(answer === undefined ? '*' : addressText(answer.from));
    }
    return hops;
  }

  /**
   * A datagram to the discard port (RFC 863) for each of these numbers, one each virtual millisecond: as large as a TCP
   * segment would be, and like one not to be cut.
   *
   * @param octets of the IP packet
   */
  discard(address: string, numbers: readonly number[], octets: number): void {
    for (const [place, number] of numbers.entries()) {
      this.#time.after(place, () => {
        const addresses = { source: this.#source, destination: address };
        const data = new Uint8Array(octets - ipAndUdpHeaders);
        data[0] = number;
        const payload = buildUdp(
          { sourcePort: discardPort, destinationPort: discardPort, payload: data },
          addresses,
        );
        this.#send(
          buildIpv4(ipv4Packet({ ...addresses, protocol: protocolUdp, dontFragment: true, payload })),
        );
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

const discardPort = 9;
const ipAndUdpHeaders = 28;

/** The number of a datagram to the discard port; `undefined` for everything else. */
export function discardedNumber({ protocol, ports, payload }: PacketView): number | undefined {
  return protocol === protocolUdp && ports?.destination === discardPort ? payload[8] : undefined;
}
