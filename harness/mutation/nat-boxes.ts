import { addressNumber, protocolUdp, readdressed, viewPacket } from '../fabric/embedded/packet.ts';
import type { Mutation } from './mutation.ts';
import { afterBox, natSettings } from './seams.ts';

const stranger = '10.0.0.99';

/** Of UDP in IPv4 without options. */
const checksumAt = 26;

const isUdp = (packet: Uint8Array, port: number, fromLength = 0, toLength = 65_535) => {
  const view = viewPacket(packet);
  if (view?.protocol !== protocolUdp || view.ports === undefined) return false;
  const { source, destination } = view.ports;
  const within = view.payload.length > fromLength && view.payload.length < toLength;
  return within && (source === port || destination === port);
};

/** The non-ESP marker of RFC 3948 2.2 stands before IKE alone. */
const isEspInUdp = (packet: Uint8Array) =>
  isUdp(packet, 4500, 9) &&
  (viewPacket(packet)
    ?.payload.subarray(8, 12)
    .some((octet) => octet !== 0) ??
    false);

let passed = 0;

export const natBoxMutations: readonly Mutation[] = [
  {
    name: 'a pinhole leads to the wrong inside host',
    cells: ['office-nat'],
    planted: natSettings((nat) => ({
      ...nat,
      forwards: nat.forwards.map((forward) => ({ ...forward, to: stranger })),
    })),
  },
  {
    name: 'the pinhole of port 500 is forgotten',
    cells: ['office-nat'],
    planted: natSettings((nat) => ({ ...nat, forwards: nat.forwards.filter(({ port }) => port !== 500) })),
  },
  {
    name: 'the pinhole of port 4500 is forgotten',
    cells: ['office-nat'],
    planted: natSettings((nat) => ({ ...nat, forwards: nat.forwards.filter(({ port }) => port !== 4500) })),
  },
  {
    name: 'a pinhole is for TCP in the place of UDP',
    cells: ['office-nat'],
    planted: natSettings((nat) => ({
      ...nat,
      forwards: nat.forwards.map((forward) => ({ ...forward, protocol: 'tcp' as const })),
    })),
  },
  {
    name: 'a box without pinholes lets in what nobody asked for',
    cells: ['office-nat/nat=no-forwards'],
    planted: natSettings((nat) => ({
      ...nat,
      forwards: [500, 4500].map((port) => ({ protocol: 'udp' as const, port, to: '10.0.0.2' })),
    })),
  },
  {
    name: 'a box with a pinhole for 500 alone lets in 4500 too',
    cells: ['office-nat/nat=only-500'],
    planted: natSettings((nat) => ({
      ...nat,
      forwards: nat.forwards.flatMap((forward) => [forward, { ...forward, port: 4500 }]),
    })),
  },
  {
    name: 'a NAT lets protocol 50 through',
    cells: [
      'esp-passthrough/nat=linux-esp/client=ts:no-checksums/responder=ts:any-address/natt=off/clients=2',
    ],
    planted: natSettings((nat) => ({ ...nat, kind: { ...nat.kind, esp: 'one-host' } })),
  },
  {
    name: 'a NAT that passes protocol 50 drops it',
    cells: ['esp-passthrough/client=ts:no-checksums/responder=ts:any-address/natt=off/clients=2'],
    planted: natSettings((nat) => ({
      ...nat,
      kind: { ...nat.kind, esp: 'dropped', ike: 'like-any-udp' },
      forwards: nat.forwards.filter(({ protocol }) => protocol !== 'esp'),
    })),
  },
  {
    name: 'a NAT leaves the UDP checksum as it was',
    cells: ['hotel-nat'],
    planted: afterBox('hotel-nat', (packet, before) => {
      const copy = packet.slice();
      if (viewPacket(copy)?.protocol === protocolUdp)
        copy.set(before.subarray(checksumAt, checksumAt + 2), checksumAt);
      return copy;
    }),
  },
  {
    name: 'a NAT leaves the checksum of the IP header as it was',
    cells: ['hotel-nat'],
    planted: afterBox('hotel-nat', (packet, before) => {
      const copy = packet.slice();
      copy.set(before.subarray(10, 12), 10);
      return copy;
    }),
  },
  {
    name: 'answers through a pinhole keep their inside address',
    cells: ['office-nat'],
    planted: afterBox('office-nat', (packet, before, way) => (way === 'outward' ? before : packet)),
  },
  {
    name: 'a NAT drops answers',
    cells: ['hotel-nat'],
    planted: afterBox('hotel-nat', (packet, _, way) => (way === 'inward' ? undefined : packet)),
  },
  {
    name: 'a NAT sends from another address than its own',
    cells: ['hotel-nat'],
    planted: afterBox('hotel-nat', (packet, _, way) =>
      way === 'outward' ? readdressed(packet, 'source', { address: addressNumber('198.18.1.77') }) : packet,
    ),
  },
  {
    name: 'a NAT drops large datagrams',
    cells: ['hotel-nat'],
    planted: afterBox('hotel-nat', (packet) => (packet.length > 1000 ? undefined : packet)),
  },
  {
    name: 'a NAT lets IKE through on port 4500, and ESP not',
    cells: ['hotel-nat'],
    planted: afterBox('hotel-nat', (packet) => (isEspInUdp(packet) ? undefined : packet)),
  },
  {
    name: 'a NAT lets ESP out, and none in',
    cells: ['hotel-nat'],
    planted: afterBox('hotel-nat', (packet, _, way) =>
      way === 'inward' && isEspInUdp(packet) ? undefined : packet,
    ),
  },
  {
    name: 'a NAT lets port 500 through, and 4500 not',
    cells: ['hotel-nat'],
    planted: afterBox('hotel-nat', (packet) => (isUdp(packet, 4500) ? undefined : packet)),
  },
  {
    name: 'a NAT changes an octet of what it passes',
    cells: ['hotel-nat'],
    planted: afterBox('hotel-nat', (packet) => {
      if (!isEspInUdp(packet)) return packet;
      const copy = packet.slice();
      // No UDP checksum, so that ESP's own has to notice.
      copy.fill(0, checksumAt, checksumAt + 2);
      copy[copy.length - 1] = (copy.at(-1) ?? 0) ^ 1;
      return copy;
    }),
  },
  {
    name: 'a NAT loses every third packet of ESP',
    cells: ['hotel-nat'],
    planted: afterBox('hotel-nat', (packet) => {
      passed = isEspInUdp(packet) ? passed + 1 : passed;
      return isEspInUdp(packet) && passed % 3 === 0 ? undefined : packet;
    }),
  },
  {
    name: 'two inside hosts share one mapping',
    cells: ['shared-nat/clients=2'],
    planted: {
      wired: ({ network, topology }) => {
        if (!('hotel-nat' in topology.nodes)) return;
        const box = network.node('hotel-nat');
        const { passage } = box;
        let first: number | undefined;
        box.passage = {
          arriving: (packet, on) => {
            const treated = passage.arriving(packet, on);
            if (treated === undefined || treated === packet || first === undefined) return treated;
            return readdressed(treated, 'destination', { address: first });
          },
          leaving: (packet, from, on) => {
            const treated = passage.leaving(packet, from, on);
            if (treated !== packet) first ??= viewPacket(packet)?.source;
            return treated;
          },
        };
      },
    },
  },
  {
    name: 'a NAT forgets its mappings at once',
    cells: ['short-timeout-nat', 'shared-nat/clients=2'],
    planted: natSettings((nat) => ({ ...nat, kind: { ...nat.kind, udpSeconds: 0 } })),
  },
  {
    name: 'a NAT keeps a mapping that should be over',
    cells: ['short-timeout-nat/nat=very-short'],
    planted: natSettings((nat) => ({ ...nat, kind: { ...nat.kind, udpSeconds: 7200 } })),
  },
  {
    name: 'a wire loses a third of its packets',
    cells: ['direct'],
    planted: {
      wired: ({ network }) => {
        for (const segment of network.segments.values()) segment.quality = { ...segment.quality, loss: 0.34 };
      },
    },
  },
  {
    name: 'a filter lets everything through',
    cells: ['filtering-gateway/nat=pinholes'],
    planted: { surroundings: (settings) => ({ ...settings, filters: {} }) },
  },
];
