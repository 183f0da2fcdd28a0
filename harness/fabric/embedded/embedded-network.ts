import type { RandomSource } from '../../../stack/engine.ts';
import { seededRandom } from '../../../stack/host/random.ts';
import { readUint } from '../../../stack/octets.ts';
import type { NatSetting, NetworkSettings } from '../../network-settings.ts';
import { addressOf, prefixOf } from '../../subnet.ts';
import type { SegmentQuality, Topology, TopologyNode } from '../../topology.ts';
import { type Attachment, IpNode } from './ip-node.ts';
import { NatBox } from './nat-box.ts';
import type { Forward } from './nat-table.ts';
import { addressNumber, protocolEsp, protocolTcp, protocolUdp } from './packet.ts';
import { PacketFilter } from './packet-filter.ts';
import { type LinkQuality, perfectLink, Segment } from './segment.ts';
import { VirtualTime } from './virtual-time.ts';

const protocols = { udp: protocolUdp, tcp: protocolTcp, esp: protocolEsp };

/** A topology in this process: its segments, nodes and boxes under one virtual clock. Every random choice comes from the seed. */
export class EmbeddedNetwork {
  readonly time = new VirtualTime();
  readonly segments: ReadonlyMap<string, Segment>;
  /** Boxes that translate or filter. */
  readonly boxes: ReadonlyMap<string, NatBox | PacketFilter>;
  readonly #topology: Topology;
  readonly #nodes: ReadonlyMap<string, IpNode>;
  readonly #random: RandomSource;
  readonly #hidingTooBig = new Set<string>();

  /** @param settings of boxes and segments, as the cell's axis `nat` says */
  constructor(topology: Topology, { nats, filters, links }: NetworkSettings, seed: string) {
    this.#topology = topology;
    this.losesPackets = Object.values(links).some(({ loss }) => loss !== undefined);
    this.#random = seededRandom(`${seed}/network`);
    const segments = new Map<string, Segment>();
    for (const name of Object.keys(topology.segments)) {
      const segment = new Segment(name, this.time, this.chance);
      segment.quality = linkQuality(links[name] ?? {});
      if (links[name]?.tooBig === 'lost') this.#hidingTooBig.add(name);
      segments.set(name, segment);
    }
    this.segments = segments;
    const nodes = new Map<string, IpNode>();
    const boxes = new Map<string, NatBox | PacketFilter>();
    for (const [name, place] of Object.entries(topology.nodes)) {
      const node = new IpNode(name, this.time);
      for (const attachment of this.#attachments(node, place)) node.attach(attachment);
      for (const { to, via } of place.routes) {
        node.addRouteVia(addressNumber(addressOf(to)), prefixOf(to), addressNumber(via));
      }
      if (place.gateway !== undefined) node.addRouteVia(0, 0, addressNumber(place.gateway));
      const [nat, filter] = [nats[name], filters[name]];
      const box = nat ? this.#box(place, nat) : filter && new PacketFilter(filter, this.time);
      if (box) {
        node.passage = box;
        boxes.set(name, box);
      }
      nodes.set(name, node);
    }
    this.#nodes = nodes;
    this.boxes = boxes;
  }

  /** A number from 0 to below 1. */
  readonly chance = (): number => readUint(this.#random(4), 0, 4) / 2 ** 32;

  /** Whether a segment was set to lose packets now and then. */
  readonly losesPackets: boolean;

  node(name: string): IpNode {
    const node = this.#nodes.get(name);
    if (node === undefined) throw new RangeError(`no node is named ${name}`);
    return node;
  }

  /** A NAT box gets new ports for all that it maps, and this address outside where one is given. */
  rebind(name: string, address: string | undefined): void {
    const place = this.#topology.nodes[name];
    const box = this.boxes.get(name);
    const outside = place?.nat?.outside ?? '';
    if (place === undefined || !(box instanceof NatBox)) throw new RangeError(`${name} is no NAT box`);
    const [, prefix] = (place.interfaces[outside] ?? '').split('/');
    if (address !== undefined) {
      const moved = { ...place, interfaces: { [outside]: `${address}/${prefix}` } };
      const node = this.node(name);
      // What was sent to the old address before finds nobody there.
      this.segments.get(outside)?.detach(addressNumber(addressOf(place.interfaces[outside] ?? '')));
      for (const attachment of this.#attachments(node, moved)) node.attach(attachment);
      if (place.gateway !== undefined) node.addRouteVia(0, 0, addressNumber(place.gateway));
    }
    box.rebind(addressNumber(address ?? addressOf(place.interfaces[outside] ?? '')));
  }

  #attachments(node: IpNode, { interfaces }: TopologyNode): Attachment[] {
    return Object.entries(interfaces).flatMap(([name, cidr]) => {
      const segment = this.segments.get(name);
      if (segment === undefined) return [];
      const address = addressNumber(addressOf(cidr));
      segment.attach(address, (packet) => node.receive(packet, name));
      const transmit = (to: number, packet: Uint8Array) => segment.send(address, to, packet);
      const { mtu } = segment.quality;
      const hidesTooBig = this.#hidingTooBig.has(name);
      return [{ name, address, prefix: prefixOf(cidr), mtu, hidesTooBig, transmit }];
    });
  }

  #box({ interfaces }: TopologyNode, { outside, forwards, kind }: NatSetting): NatBox {
    const address = addressNumber(addressOf(interfaces[outside] ?? ''));
    const randomPort = () => readUint(this.#random(2), 0, 2);
    return new NatBox(kind, { on: outside, address }, forwards.map(forwardOf), this.time, randomPort);
  }
}

function linkQuality(quality: SegmentQuality): LinkQuality {
  const { latencyMs, jitterMs, loss, duplication, reordering, mtu, rate, queue } = quality;
  return {
    latencyMs: latencyMs ?? perfectLink.latencyMs,
    jitterMs: jitterMs ?? perfectLink.jitterMs,
    loss: loss ?? perfectLink.loss,
    duplication: duplication ?? perfectLink.duplication,
    reordering: reordering ?? perfectLink.reordering,
    mtu: mtu ?? perfectLink.mtu,
    queue: queue ?? perfectLink.queue,
    ...(rate !== undefined && { rate }),
  };
}

function forwardOf({ protocol, port, to }: NatSetting['forwards'][number]): Forward {
  return { protocol: protocols[protocol], to: addressNumber(to), ...(port !== undefined && { port }) };
}
