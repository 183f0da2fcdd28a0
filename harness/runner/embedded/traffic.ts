import type { EmbeddedNetwork } from '../../fabric/embedded/embedded-network.ts';
import type { PacketView } from '../../fabric/embedded/packet.ts';
import { median } from '../../measure/tool-output.ts';
import type { TrafficObservation } from '../../observation.ts';
import { tunnelInterface } from '../../peers/ts/embedded/endpoint-host.ts';
import { addressOf } from '../../subnet.ts';
import type { Topology } from '../../topology.ts';
import { enoughTransmissions } from '../../verdict/evidence.ts';
import { discardedNumber, Pinger, type Pings } from './pinger.ts';

/** As many as a verdict asks for before it believes a silence; under a virtual clock more would show the same. */
const pings = enoughTransmissions;
/** Each way; each is sent again as long as it does not arrive, as TCP does, a few times. */
const segments = [1, 2];
const mostTransmissions = 3;
/** How often what is not answered is asked where wires lose packets by themselves; elsewhere once is enough. */
const triesOnLossyWires = 5;
/** What an Ethernet carries, and so the most that the office's side of a TCP connection sends. */
const serverMtu = 1500;

/** What the two ends of a connection send and count to prove that it carries traffic. */
export class TrafficProof {
  readonly #network: EmbeddedNetwork;
  readonly #serverAddress: string;
  readonly #clientAddress: string;
  readonly #client: Pinger;
  readonly #server: Pinger;
  readonly #discardedAtClient = new Set<number>();
  readonly #discardedAtServer = new Set<number>();
  /** Octets of the packets that a TCP connection through the tunnel consists of: both ends heed what the link at the client allows. */
  readonly #fullSize: number;

  /**
   * @param clientAddress what the client was given for the inside of the tunnel
   * @param bound the client's interface that all it sends leaves by; undefined: as its routes say
   */
  constructor(
    network: EmbeddedNetwork,
    topology: Topology,
    clientNode: string,
    clientAddress: string,
    bound: string | undefined,
  ) {
    this.#network = network;
    const [serverInterface = ''] = Object.values(topology.nodes[topology.server]?.interfaces ?? {});
    this.#serverAddress = addressOf(serverInterface);
    this.#clientAddress = clientAddress;
    const server = network.node(topology.server);
    const client = network.node(clientNode);
    const tries = network.losesPackets ? triesOnLossyWires : 1;
    this.#fullSize = Math.min(client.mtuOf(tunnelInterface) ?? serverMtu, serverMtu);
    this.#client = new Pinger(client, network.time, clientAddress, tries, bound);
    this.#server = new Pinger(server, network.time, this.#serverAddress, tries);
    server.onLocal = (view) => {
      this.#server.receive(view);
      keep(this.#discardedAtServer, view);
    };
  }

  /** What comes to the client and is not for its endpoint. */
  receiveAtClient(view: PacketView): void {
    this.#client.receive(view);
    keep(this.#discardedAtClient, view);
  }

  prove(): TrafficObservation {
    const toServer = this.#client.ping(this.#serverAddress, pings);
    const toClient = this.#server.ping(this.#clientAddress, pings);
    const traceroute = this.#client.traceroute(this.#serverAddress);
    this.#sendBulk();
    const sent = segments.length;
    const [up, down] = [this.#discardedAtServer.size, this.#discardedAtClient.size];
    return {
      target: this.#serverAddress,
      pingToServer: counts(toServer),
      pingToClient: counts(toClient),
      traceroute,
      datagrams: {
        each: this.#fullSize,
        upSent: sent,
        upReceived: up,
        downSent: sent,
        downReceived: down,
      },
      bytesEachWay: Math.min(up, down) * this.#fullSize,
      sustained: false,
      failures: [],
    };
  }

  /** Packets that fill the tunnel, in both directions at once. */
  #sendBulk(): void {
    const missing = (arrived: ReadonlySet<number>) => segments.filter((number) => !arrived.has(number));
    const [up, down] = [this.#discardedAtServer, this.#discardedAtClient];
    const isDone = () => missing(up).length === 0 && missing(down).length === 0;
    const { time } = this.#network;
    for (let transmission = 1; transmission <= mostTransmissions && !isDone(); transmission++) {
      this.#client.discard(this.#serverAddress, missing(up), this.#fullSize);
      this.#server.discard(this.#clientAddress, missing(down), this.#fullSize);
      time.run(isDone, time.now + 2000);
    }
  }

  /** Round trips begun in the office. */
  pingBack(): { sent: number; received: number } {
    const { sent, received } = this.#server.ping(this.#clientAddress, pings);
    return { sent, received };
  }

  /** Round trips once more. */
  pingAgain(): { sent: number; received: number } {
    const { sent, received } = this.#client.ping(this.#serverAddress, pings);
    return { sent, received };
  }
}

function keep(arrived: Set<number>, view: PacketView): void {
  const number = discardedNumber(view);
  if (number !== undefined) arrived.add(number);
}

function counts({ sent, received, roundTrips }: Pings): TrafficObservation['pingToServer'] {
  const medianMs = median(roundTrips);
  return { sent, received, ...(medianMs !== undefined && { medianMs }) };
}
