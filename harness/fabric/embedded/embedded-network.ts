import type { RandomSource } from '../../../stack/engine.ts';
import { seededRandom } from '../../../stack/host/random.ts';
import { readUint } from '../../../stack/octets.ts';
import type { NatKind } from '../../nat-kind.ts';
import { addressOf, prefixOf } from '../../subnet.ts';
import type { NatRules, Topology, TopologyNode } from '../../topology.ts';
import { type Attachment, IpNode } from './ip-node.ts';
import { NatBox } from './nat-box.ts';
import type { Forward } from './nat-table.ts';
import { addressNumber, protocolEsp, protocolTcp, protocolUdp } from './packet.ts';
import { Segment } from './segment.ts';
import { VirtualTime } from './virtual-time.ts';

/** What the NAT boxes of containers do: Linux connection tracking, and protocol 50 only where a forward names it. */
export const linuxNat: NatKind = {
  name: 'linux',
  summary: 'Linux connection tracking with masquerading, ESP dropped',
  source: 'kernel nf_conntrack-sysctl; the rules of the containers (box-rules.ts)',
  mapping: 'address-and-port-dependent',
  filtering: 'address-and-port-dependent',
  ports: 'preserved',
  hairpin: false,
  udpSeconds: 120,
  refresh: 'either-way',
  esp: 'dropped',
  ike: 'like-any-udp',
};

const protocols = { udp: protocolUdp, tcp: protocolTcp, esp: protocolEsp };

/** A topology in this process: its segments, nodes and boxes under one virtual clock. Every random choice comes from the seed. */
export class EmbeddedNetwork {
  readonly time = new VirtualTime();
  readonly segments: ReadonlyMap<string, Segment>;
  readonly boxes: ReadonlyMap<string, NatBox>;
  readonly #nodes: ReadonlyMap<string, IpNode>;
  readonly #random: RandomSource;

  /** @param rules the NAT rules of each box: its own, or those of a variant */
  constructor(topology: Topology, rules: Readonly<Record<string, NatRules>>, seed: string) {
    this.#random = seededRandom(`${seed}/network`);
    const segments = new Map<string, Segment>();
    for (const name of Object.keys(topology.segments)) {
      segments.set(name, new Segment(name, this.time, this.chance));
    }
    this.segments = segments;
    const nodes = new Map<string, IpNode>();
    const boxes = new Map<string, NatBox>();
    for (const [name, place] of Object.entries(topology.nodes)) {
      const node = new IpNode(name);
      for (const attachment of this.#attachments(node, place)) node.attach(attachment);
      for (const { to, via } of place.routes) {
        node.addRouteVia(addressNumber(addressOf(to)), prefixOf(to), addressNumber(via));
      }
      if (place.gateway !== undefined) node.addRouteVia(0, 0, addressNumber(place.gateway));
      const box = place.nat && this.#box(place, rules[name] ?? place.nat);
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

  node(name: string): IpNode {
    const node = this.#nodes.get(name);
    if (node === undefined) throw new RangeError(`no node is named ${name}`);
    return node;
  }

  #attachments(node: IpNode, { interfaces }: TopologyNode): Attachment[] {
    return Object.entries(interfaces).flatMap(([name, cidr]) => {
      const segment = this.segments.get(name);
      if (segment === undefined) return [];
      const address = addressNumber(addressOf(cidr));
      segment.attach(address, (packet) => node.receive(packet, name));
      const transmit = (to: number, packet: Uint8Array) => segment.send(address, to, packet);
      return [{ name, address, prefix: prefixOf(cidr), transmit }];
    });
  }

  #box({ interfaces }: TopologyNode, { outside, forwards }: NatRules): NatBox {
    const address = addressNumber(addressOf(interfaces[outside] ?? ''));
    const randomPort = () => readUint(this.#random(2), 0, 2);
    return new NatBox(linuxNat, { on: outside, address }, forwards.map(forwardOf), this.time, randomPort);
  }
}

function forwardOf({ protocol, port, to }: NatRules['forwards'][number]): Forward {
  return { protocol: protocols[protocol], to: addressNumber(to), ...(port !== undefined && { port }) };
}
