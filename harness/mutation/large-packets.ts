import { viewPacket } from '../fabric/embedded/packet.ts';
import type { NetworkSettings } from '../network-settings.ts';
import type { Planted } from '../runner/embedded/planted.ts';
import type { Mutation } from './mutation.ts';
import { afterBox, clientSettings, natSettings } from './seams.ts';

/** Says of the hotel's line whether anybody hears of what is too large for it. */
function tooBig(word: 'told' | 'lost'): Planted {
  return {
    surroundings: (settings): NetworkSettings => ({
      ...settings,
      links: { ...settings.links, access: { ...settings.links.access, tooBig: word } },
    }),
  };
}

/** Wires and boxes that carry small packets as they should, and large ones not. */
export const largePacketMutations: readonly Mutation[] = [
  {
    name: 'a NAT drops fragments',
    cells: ['hotel-nat/client=ts:macos/p1=3des-sha1-modp1024'],
    planted: natSettings((nat) => ({ ...nat, kind: { ...nat.kind, fragments: 'dropped' } })),
  },
  {
    name: 'a NAT that drops fragments lets them through',
    cells: ['hotel-nat/nat=fragment-dropping/impair=oversized'],
    planted: natSettings((nat) => ({ ...nat, kind: { ...nat.kind, fragments: 'forwarded' } })),
  },
  {
    name: 'a router does not say that a packet was too big',
    cells: ['hotel-nat/nat=small-mtu'],
    planted: tooBig('lost'),
  },
  {
    name: 'a router says that a packet was too big where that is filtered',
    cells: ['hotel-nat/nat=black-hole'],
    planted: tooBig('told'),
  },
  {
    name: 'a NAT keeps ICMP errors to itself',
    cells: ['hotel-nat'],
    planted: {
      // A narrow wire beyond it is no defect by itself: whoever is told of it cuts its packets.
      surroundings: (settings) => ({ ...settings, links: { ...settings.links, internet: { mtu: 1400 } } }),
      ...afterBox('hotel-nat', (packet, _, way) =>
        way === 'inward' && viewPacket(packet)?.icmpType === 3 ? undefined : packet,
      ),
    },
  },
  {
    name: 'a wire carries less than its nodes know',
    cells: ['hotel-nat'],
    planted: {
      wired: ({ network }) => {
        const access = network.segments.get('access');
        if (access) access.quality = { ...access.quality, mtu: 1400 };
      },
    },
  },
  {
    name: 'the client announces IKE fragmentation and does not cut',
    cells: [
      'hotel-nat/nat=fragment-dropping/client=ts:android/responder=ts:windows-server-2003/impair=oversized',
    ],
    planted: clientSettings(({ ike: { fragmentation, ...ike }, ...config }) => ({ ...config, ike })),
  },
];
