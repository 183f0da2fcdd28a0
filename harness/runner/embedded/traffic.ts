import { clientHasOfficeSubnet } from '../../client-lan.ts';
import type { EmbeddedNetwork } from '../../fabric/embedded/embedded-network.ts';
import { type PacketView, protocolUdp } from '../../fabric/embedded/packet.ts';
import { median } from '../../measure/tool-output.ts';
import type { TrafficObservation } from '../../observation.ts';
import { tunnelInterface } from '../../peers/ts/embedded/endpoint-host.ts';
import { addressOf } from '../../subnet.ts';
import type { Topology } from '../../topology.ts';
import { enoughTransmissions } from '../../verdict/evidence.ts';
import { discardPort, Pinger, type Pings } from './pinger.ts';

/** As many as a verdict asks for before it believes a silence; under a virtual clock more would show the same. */
const pings = enoughTransmissions;
const datagrams = { count: 2, octets: 1200 };

/** What the two ends of a connection send and count to prove that it carries traffic. */
export class TrafficProof {
  readonly #network: EmbeddedNetwork;
  readonly #serverAddress: string;
  readonly #clientAddress: string;
  readonly #client: Pinger;
  readonly #server: Pinger;
  #discardedAtClient = 0;
  #discardedAtServer = 0;

  /** @param clientAddress what the client was given for the inside of the tunnel */
  constructor(network: EmbeddedNetwork, topology: Topology, clientNode: string, clientAddress: string) {
    this.#network = network;
    const [serverInterface = ''] = Object.values(topology.nodes[topology.server]?.interfaces ?? {});
    this.#serverAddress = addressOf(serverInterface);
    this.#clientAddress = clientAddress;
    const server = network.node(topology.server);
    const bound = clientHasOfficeSubnet(topology, clientNode) ? undefined : tunnelInterface;
    this.#client = new Pinger(network.node(clientNode), network.time, clientAddress, bound);
    this.#server = new Pinger(server, network.time, this.#serverAddress);
    server.onLocal = (view) => {
      this.#server.receive(view);
      if (isDiscard(view)) this.#discardedAtServer += 1;
    };
  }

  /** What comes to the client and is not for its endpoint. */
  receiveAtClient(view: PacketView): void {
    this.#client.receive(view);
    if (isDiscard(view)) this.#discardedAtClient += 1;
  }

  prove(): TrafficObservation {
    const toServer = this.#client.ping(this.#serverAddress, pings);
    const toClient = this.#server.ping(this.#clientAddress, pings);
    const traceroute = this.#client.traceroute(this.#serverAddress);
    const { count, octets } = datagrams;
    this.#client.discard(this.#serverAddress, count, octets);
    this.#server.discard(this.#clientAddress, count, octets);
    const [upBefore, downBefore] = [this.#discardedAtServer, this.#discardedAtClient];
    const arrived = () => ({
      up: this.#discardedAtServer - upBefore,
      down: this.#discardedAtClient - downBefore,
    });
    const { time } = this.#network;
    time.run(() => arrived().up >= count && arrived().down >= count, time.now + 2000);
    const { up, down } = arrived();
    return {
      target: this.#serverAddress,
      pingToServer: counts(toServer),
      pingToClient: counts(toClient),
      traceroute,
      datagrams: { each: octets, upSent: count, upReceived: up, downSent: count, downReceived: down },
      bytesEachWay: Math.min(up, down) * octets,
      sustained: false,
      failures: [],
    };
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

function isDiscard({ protocol, ports }: PacketView): boolean {
  return protocol === protocolUdp && ports?.destination === discardPort;
}

function counts({ sent, received, roundTrips }: Pings): TrafficObservation['pingToServer'] {
  const medianMs = median(roundTrips);
  return { sent, received, ...(medianMs !== undefined && { medianMs }) };
}
