import { AddressPool } from '../../stack/endpoint/address-pool.ts';
import { EspTransport } from '../../stack/endpoint/esp-transport.ts';
import { DataChannel } from '../../stack/l2tp/data-channel.ts';
import { L2tpEngine } from '../../stack/l2tp/engine.ts';
import type { SaPair, SaParameters } from '../../stack/sa.ts';
import type { Mutation, Sown } from './mutation.ts';
import { both, clients, inside, responder, responderSettings, withoutHello } from './seams.ts';

/** Octets with those at an offset replaced. */
function withOctets(octets: Uint8Array, at: number, ...others: readonly number[]): Uint8Array {
  const copy = octets.slice();
  copy.set(others, at);
  return copy;
}

/** RFC 2661 3.1: a control message has the T bit; without a Message Type AVP, first of all, it is a ZLB (4.1, 4.4.1). */
function messageType(octets: Uint8Array): number | undefined {
  const isControl = ((octets[0] ?? 0) & 0x80) !== 0;
  if (!isControl || octets.length < 20) return undefined;
  return ((octets[18] ?? 0) << 8) | (octets[19] ?? 0);
}

const firstPath = new WeakMap<L2tpEngine, string>();

const hello = 6;
const stopCcn = 4;

/** Of every pair that IKE hands over, what ESP makes of it. */
export function negotiated(hostsOf: Parameters<typeof inside>[0], change: (pair: SaPair) => SaPair): Sown {
  const parts = (['expect', 'install'] as const).map((name) =>
    inside(hostsOf, EspTransport, name, (usual) => (pair, path) => usual(change(pair), path)),
  );
  return {
    wired: (scene) => parts.forEach(({ wired }) => wired?.(scene)),
    lifted: () => parts.forEach(({ lifted }) => lifted?.()),
  };
}

function unencrypted(sa: SaParameters): SaParameters {
  const { integrity } = sa.algorithms;
  if (integrity === 'none') return sa;
  return { ...sa, algorithms: { ...sa.algorithms, encryption: 'null' }, encryptionKey: new Uint8Array(0) };
}

/** What an engine does otherwise than its RFC has it, where the cell's own objects do not show it. */
export const engineMutations: readonly Mutation[] = [
  {
    name: 'the responder sends data under the id of another tunnel',
    cells: ['direct'],
    planted: inside(
      responder,
      DataChannel,
      'wrap',
      (usual) => (frame) => withOctets(usual(frame), 4, 0x7f, 0xff),
    ),
  },
  {
    name: 'the client sends data under the id of another session',
    cells: ['direct'],
    planted: inside(
      clients,
      DataChannel,
      'wrap',
      (usual) => (frame) => withOctets(usual(frame), 6, 0x7f, 0xff),
    ),
  },
  {
    name: "the responder's L2TP takes what comes out of another client's SA",
    cells: ['shared-nat/clients=2'],
    planted: inside(responder, L2tpEngine, 'receive', (usual, engine) => {
      return (datagram, now) => {
        const path = firstPath.get(engine) ?? datagram.peer.path;
        firstPath.set(engine, path);
        return usual({ ...datagram, peer: { ...datagram.peer, path } }, now);
      };
    }),
  },
  {
    name: 'the client does not acknowledge HELLO',
    cells: ['short-timeout-nat/nat=long-idle'],
    planted: {
      // HELLO is for the silence that ends without LCP echoes leave; to do without them is no defect.
      ...responderSettings((config) => ({ ...config, ppp: { ...config.ppp, echoSeconds: 0 } })),
      ...withoutHello,
      ...inside(clients, L2tpEngine, 'receive', (usual) => {
        return (datagram, now) => (messageType(datagram.message) === hello ? [] : usual(datagram, now));
      }),
    },
  },
  {
    name: 'the responder overhears StopCCN',
    cells: ['direct'],
    planted: inside(responder, L2tpEngine, 'receive', (usual) => {
      return (datagram, now) => (messageType(datagram.message) === stopCcn ? [] : usual(datagram, now));
    }),
  },
  {
    name: 'the client leaves a gap in Ns of its control messages',
    cells: ['direct'],
    planted: inside(responder, L2tpEngine, 'receive', (usual) => {
      return ({ peer, message }, now) => {
        const isLater = messageType(message) !== undefined && (message[9] ?? 0) > 0;
        const changed = isLater ? withOctets(message, 9, (message[9] ?? 0) + 1) : message;
        return usual({ peer, message: changed }, now);
      };
    }),
  },
  {
    name: 'the responder gives an address beside its pool',
    cells: ['direct/user=dialin2'],
    planted: inside(responder, AddressPool, 'allocate', () => () => '192.168.9.77'),
  },
  {
    name: 'the responder gives everybody one address',
    cells: ['shared-nat/clients=2/sourceport=distinct'],
    planted: inside(responder, AddressPool, 'allocate', () => () => '192.168.8.50'),
  },
  {
    name: 'the responder keeps an SA that was deleted, and takes its ESP',
    cells: ['direct'],
    planted: inside(responder, EspTransport, 'remove', () => () => {}),
  },
  {
    name: 'NAT-OA names other addresses than the checksum is over',
    cells: ['both-nat', 'both-nat/client=ts:plain/responder=ts:plain'],
    planted: negotiated(responder, (pair) => {
      const natOriginal = { initiator: '10.9.9.1', responder: '10.9.9.2' };
      return pair.natOriginal ? { ...pair, natOriginal } : pair;
    }),
  },
  {
    name: 'both ends leave ESP unencrypted',
    cells: ['direct', 'hotel-nat'],
    planted: negotiated(both, (pair) => ({
      ...pair,
      inbound: unencrypted(pair.inbound),
      outbound: unencrypted(pair.outbound),
    })),
  },
];
