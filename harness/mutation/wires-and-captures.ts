import { addressNumber, protocolIcmp, viewPacket } from '../fabric/embedded/packet.ts';
import type { Segment } from '../fabric/embedded/segment.ts';
import type { Planted, Scene } from '../runner/embedded/planted.ts';
import type { Mutation } from './mutation.ts';
import { afterBox, natSettings } from './seams.ts';

/** A wire of a cell that stands, by its name in the topology. */
function wire(name: string, change: (segment: Segment, scene: Scene) => void): Planted {
  return {
    wired: (scene) => {
      const segment = scene.network.segments.get(name);
      if (segment) change(segment, scene);
    },
  };
}

/** RFC 792: destination unreachable and time exceeded quote the packet that they are about. */
const icmpErrors = [3, 11];

const isIcmpError = (packet: Uint8Array) => {
  const view = viewPacket(packet);
  return view?.protocol === protocolIcmp && icmpErrors.includes(view.icmpType ?? -1);
};

/** A NAT box that forwards and translates nothing, with a way back to what it should have hidden. */
const translatesNothing: Planted = {
  wired: ({ network, topology }) => {
    if (!('hotel-nat' in topology.nodes)) return;
    network.node('hotel-nat').passage = { arriving: (packet) => packet, leaving: (packet) => packet };
    network.node('isp').addRouteVia(addressNumber('192.168.1.0'), 24, addressNumber('198.18.1.10'));
  },
};

/** Topologies, captures, and what NAT boxes are beside their mappings. */
export const wireMutations: readonly Mutation[] = [
  {
    name: 'a segment was not captured',
    cells: ['hotel-nat'],
    planted: wire('access', (segment) => Object.defineProperty(segment, 'frames', { get: () => [] })),
  },
  {
    name: "the client's own segment was not captured",
    cells: ['office-nat/nat=no-forwards'],
    planted: wire('access', (segment) => Object.defineProperty(segment, 'frames', { get: () => [] })),
  },
  {
    name: 'a capture has one direction alone',
    cells: ['hotel-nat'],
    planted: wire('internet', (segment) => {
      const send = segment.send.bind(segment);
      segment.send = (from, to, packet) => {
        const before = segment.frames.length;
        send(from, to, packet);
        if (to !== addressNumber('198.18.2.10')) segment.frames.length = before;
      };
    }),
  },
  {
    name: 'a NAT box translates nothing',
    cells: ['hotel-nat'],
    planted: translatesNothing,
  },
  {
    name: 'a way leads around the gateway of the office',
    cells: ['filtering-gateway/nat=pinholes', 'filtering-gateway', 'office-nat/nat=no-forwards'],
    planted: {
      wired: ({ network }) => {
        for (const box of network.boxes.keys()) {
          network.node(box).passage = { arriving: (packet) => packet, leaving: (packet) => packet };
        }
      },
    },
  },
  {
    name: 'a NAT maps each destination anew',
    cells: ['hotel-nat', 'shared-nat/clients=2'],
    planted: natSettings((nat) => ({
      ...nat,
      kind: { ...nat.kind, mapping: 'address-and-port-dependent', ports: 'random' },
    })),
  },
  {
    name: 'a NAT lets anybody answer through a mapping',
    cells: ['hotel-nat', 'office-nat/nat=no-forwards'],
    planted: natSettings((nat) => ({ ...nat, kind: { ...nat.kind, filtering: 'endpoint-independent' } })),
  },
  {
    name: 'a NAT sends what is for its own outside address back inside',
    cells: ['shared-nat/clients=2'],
    planted: natSettings((nat) => ({ ...nat, kind: { ...nat.kind, hairpin: true } })),
  },
  {
    name: 'a NAT keeps source port 500 for every inside host',
    cells: ['shared-nat/clients=2'],
    planted: natSettings((nat) => ({ ...nat, kind: { ...nat.kind, ike: 'keeps-port-500' } })),
  },
  {
    name: 'a mapping lives half as long as it should',
    cells: ['short-timeout-nat/nat=long-idle/client=ts:windows-vista/p1=3des-sha1-modp1024'],
    planted: natSettings((nat) => ({ ...nat, kind: { ...nat.kind, udpSeconds: nat.kind.udpSeconds / 2 } })),
  },
  {
    name: 'only what comes from inside keeps a mapping alive',
    cells: ['short-timeout-nat', 'short-timeout-nat/nat=long-idle'],
    planted: natSettings((nat) => ({ ...nat, kind: { ...nat.kind, refresh: 'outbound' } })),
  },
  {
    name: 'a NAT leaves what an ICMP error quotes as it was',
    cells: ['hotel-nat'],
    planted: {
      // As with ICMP errors that are kept back, a narrow wire beyond the NAT is no defect by itself.
      surroundings: (settings) => ({ ...settings, links: { ...settings.links, internet: { mtu: 1400 } } }),
      ...afterBox('hotel-nat', (packet, before) => {
        if (!isIcmpError(packet)) return packet;
        const copy = packet.slice();
        copy.set(before.subarray(28), 28);
        return copy;
      }),
    },
  },
];
