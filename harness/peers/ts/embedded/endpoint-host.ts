import type { ClientEndpoint } from '../../../../stack/endpoint/client.ts';
import type { EndpointEffect } from '../../../../stack/endpoint/config.ts';
import type { ResponderEndpoint } from '../../../../stack/endpoint/responder.ts';
import type { Instant } from '../../../../stack/engine.ts';
import type { Fact } from '../../../../stack/fact.ts';
import { transportChecksumHolds } from '../../../../stack/ip/checksum.ts';
import { buildIpv4, ipv4Packet } from '../../../../stack/ip/ipv4.ts';
import { buildUdp, parseUdp } from '../../../../stack/ip/udp.ts';
import type { IpNode } from '../../../fabric/embedded/ip-node.ts';
import {
  addressNumber,
  addressText,
  type PacketView,
  protocolEsp,
  protocolUdp,
} from '../../../fabric/embedded/packet.ts';
import type { VirtualTime } from '../../../fabric/embedded/virtual-time.ts';
import { prefixOf } from '../../../subnet.ts';

/** The interface at which an endpoint's tunnels end, as in a container. */
export const tunnelInterface = 'l2tp0';

export interface ToldFact {
  readonly at: Instant;
  readonly path: string | undefined;
  readonly fact: Fact;
}

/**
 * An endpoint of our stack on a node of the embedded network: its datagrams, its timers and its tunnel interface,
 * in the place of sockets, clock and tun device.
 */
export class EndpointHost<Endpoint extends ClientEndpoint | ResponderEndpoint> {
  isUp = false;
  #endpoint: Endpoint;
  readonly #begin: (life: number) => Endpoint;
  #life = 0;
  #hasPower = true;
  readonly #node: IpNode;
  readonly #time: VirtualTime;
  readonly #tunnelRoutes: readonly string[];
  readonly #listeners = new Set<(told: ToldFact) => void>();
  #wakesAt: Instant | undefined;

  /**
   * @param begin makes the endpoint, and another one whenever this host begins anew; lives count from 0
   * @param tunnelRoutes what goes into the tunnel while a link is up, beside the address at its other end
   */
  constructor(
    node: IpNode,
    begin: (life: number) => Endpoint,
    time: VirtualTime,
    tunnelRoutes: readonly string[],
  ) {
    this.#node = node;
    this.#begin = begin;
    this.#endpoint = begin(0);
    this.#time = time;
    this.#tunnelRoutes = tunnelRoutes;
    node.onLocal = (view) => this.#receive(view);
  }

  get endpoint(): Endpoint {
    return this.#endpoint;
  }

  /** Everything that its endpoint knew is lost, without a word to anybody, and one that knows nothing stands in its place. */
  restart(): void {
    this.#life += 1;
    this.#endpoint = this.#begin(this.#life);
    this.#wakesAt = undefined;
    this.#hasPower = true;
    this.isUp = false;
    this.#node.detach(tunnelInterface);
  }

  /** It sends nothing any more and hears nothing, until `restart`. */
  cutPower(): void {
    this.#hasPower = false;
  }

  /** Tells facts from now on; gives what ends that. */
  listen(listener: (told: ToldFact) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Lets the endpoint do something now. */
  act(action: (endpoint: Endpoint, now: Instant) => EndpointEffect[]): void {
    if (!this.#hasPower) return;
    for (const effect of action(this.endpoint, this.#time.now)) this.#perform(effect);
    this.#planToWake();
  }

  #receive(view: PacketView): void {
    const { source, destination, protocol, payload } = view;
    const local = addressText(destination);
    const peer = addressText(source);
    if (protocol === protocolEsp) {
      return this.act((endpoint, now) => endpoint.receiveEsp({ local, peer, payload }, now));
    }
    const udp = protocol === protocolUdp ? parseUdp(payload) : undefined;
    if (!udp?.ok) return this.onOther(view);
    const { sourcePort, destinationPort } = udp.value;
    if (!udpPorts.includes(destinationPort)) return this.onOther(view);
    const addresses = { source: peer, destination: local };
    // A kernel drops a datagram whose checksum is wrong before any program sees it (RFC 1122 4.1.3.4).
    if (!transportChecksumHolds(addresses, protocolUdp, payload, 0, payload.length)) return;
    const datagram = {
      local: { ip: local, port: destinationPort },
      peer: { ip: peer, port: sourcePort },
      payload: udp.value.payload,
    };
    this.act((endpoint, now) => endpoint.receiveUdp(datagram, now));
  }

  /** What comes to this node and is not for the endpoint. */
  onOther: (view: PacketView) => void = () => {};

  #perform(effect: EndpointEffect): void {
    switch (effect.effect) {
      case 'send-udp': {
        const { local, peer, payload } = effect;
        const addresses = { source: local.ip, destination: peer.ip };
        const udp = buildUdp({ sourcePort: local.port, destinationPort: peer.port, payload }, addresses);
        return this.#send({ ...addresses, protocol: protocolUdp, payload: udp });
      }
      case 'send-esp': {
        const { local: source, peer: destination, payload } = effect;
        return this.#send({ source, destination, protocol: protocolEsp, payload });
      }
      case 'deliver-ip':
        return this.#node.receive(effect.packet, tunnelInterface);
      case 'link-up':
        return this.#linkUp(effect);
      case 'link-down':
        return this.#linkDown(effect);
      case 'fact':
        for (const listener of this.#listeners) {
          listener({ at: this.#time.now, path: effect.path, fact: effect.fact });
        }
    }
  }

  /**
   * As Linux does for a socket that asks for nothing (IP_PMTUDISC_WANT, ip(7)): nobody may cut what fits the way as
   * far as this node knows it, and what does not is cut here.
   */
  #send(fields: Parameters<typeof ipv4Packet>[0]): void {
    this.#node.send(buildIpv4(ipv4Packet({ ...fields, dontFragment: true })));
  }

  #linkUp({ localAddress, peerAddress, mtu }: Extract<EndpointEffect, { effect: 'link-up' }>): void {
    this.isUp = true;
    this.#node.attach({
      name: tunnelInterface,
      address: addressNumber(localAddress),
      prefix: 32,
      mtu,
      transmit: (_, packet) => this.act((endpoint, now) => endpoint.sendIp(packet, now)),
    });
    this.#node.addRoute(addressNumber(peerAddress), 32, undefined, tunnelInterface);
    for (const route of this.#tunnelRoutes) {
      const [network = ''] = route.split('/');
      this.#node.addRoute(addressNumber(network), prefixOf(route), undefined, tunnelInterface);
    }
  }

  /** Other links may end at the same interface: it stays while there is one. */
  #linkDown({ peerAddress }: Extract<EndpointEffect, { effect: 'link-down' }>): void {
    this.#node.removeRoute(addressNumber(peerAddress), 32);
    if (this.endpoint.summary().links > 0) return;
    this.isUp = false;
    this.#node.detach(tunnelInterface);
  }

  /** One happening at most is planned; one that comes too early plans the next. */
  #planToWake(): void {
    const due = this.endpoint.deadline();
    if (due === undefined || (this.#wakesAt !== undefined && this.#wakesAt <= due)) return;
    this.#wakesAt = due;
    this.#time.at(due, () => {
      if (this.#wakesAt !== due) return;
      this.#wakesAt = undefined;
      const deadline = this.endpoint.deadline();
      if (deadline !== undefined && deadline <= this.#time.now)
        this.act((endpoint, now) => endpoint.tick(now));
      else this.#planToWake();
    });
  }
}

/** IKE, IKE and ESP behind NAT, and L2TP in the clear, which is seen and dropped. */
const udpPorts = [500, 4500, 1701];
