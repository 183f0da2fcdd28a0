import { AddressPool } from '../../stack/endpoint/address-pool.ts';
import { EspTransport } from '../../stack/endpoint/esp-transport.ts';
import { DataChannel } from '../../stack/l2tp/data-channel.ts';
import { L2tpEngine } from '../../stack/l2tp/engine.ts';
import { negotiated } from './inside-engines.ts';
import type { Mutation, Sown } from './mutation.ts';
import {
  clientSettings,
  clients,
  effects,
  facts,
  inside,
  misbehaving,
  responder,
  responderSettings,
} from './seams.ts';

let firstKey: Uint8Array | undefined;
const reusing = negotiated(responder, (pair) => {
  firstKey ??= pair.inbound.encryptionKey;
  return { ...pair, inbound: { ...pair.inbound, encryptionKey: firstKey } };
});
const withFirstKey: Sown = {
  wired: (scene) => {
    firstKey = undefined;
    reusing.wired?.(scene);
  },
  lifted: () => reusing.lifted?.(),
};

/** L2TP, PPP and addresses: what is agreed on inside the SA, what it costs when something is lost, and who moves. */
export const linkMutations: readonly Mutation[] = [
  {
    name: 'the client repeats no L2TP message',
    cells: ['office-nat/impair=drop:l2tp:ICRQ'],
    planted: clientSettings(({ l2tp, ...config }) => ({
      ...config,
      l2tp: {
        ...l2tp,
        retransmission: { ...l2tp.retransmission, transmissions: 1 },
        startRetransmission: { ...l2tp.retransmission, transmissions: 1 },
      },
    })),
  },
  {
    name: 'the responder challenges its peers in L2TP, which it does not declare',
    cells: ['direct'],
    planted: responderSettings(({ l2tp, ...config }) => ({
      ...config,
      l2tp: { ...l2tp, tunnelSecret: 'friend', challenges: true },
    })),
  },
  {
    name: 'the responder has room for no session',
    cells: ['direct'],
    planted: responderSettings(({ l2tp, ...config }) => ({
      ...config,
      l2tp: { ...l2tp, maximumSessions: 0 },
    })),
  },
  {
    name: 'the responder leaves the last octet of odd frames out',
    cells: ['direct'],
    planted: inside(responder, DataChannel, 'wrap', (usual) => {
      return (frame) => (frame.length % 2 === 0 ? usual(frame) : usual(frame.subarray(0, frame.length - 1)));
    }),
  },
  {
    name: 'a tunnel of the cell before takes up room',
    cells: ['shared-nat/responder=ts:one-tunnel/clients=2'],
    planted: responderSettings(({ l2tp, ...config }) => ({
      ...config,
      l2tp: { ...l2tp, maximumTunnels: l2tp.maximumTunnels - 1 },
    })),
  },
  {
    name: 'an address of the cell before is not free',
    cells: ['direct', 'direct/user=dialin2'],
    planted: inside(responder, AddressPool, 'allocate', (usual) => (user) => {
      usual(user);
      return usual(user);
    }),
  },
  {
    name: 'an address that was given back is not free',
    cells: ['hotel-nat/event=client-power-cut'],
    planted: inside(responder, AddressPool, 'release', () => () => {}),
  },
  {
    name: 'the responder gives its users the address of the office server',
    cells: ['direct/user=dialin2'],
    planted: inside(responder, AddressPool, 'allocate', () => () => '192.168.2.10'),
  },
  {
    name: 'the client insists on an address',
    cells: ['direct/user=dialin2'],
    planted: clientSettings((config) => ({ ...config, ppp: { ...config.ppp, address: '192.168.8.99' } })),
  },
  {
    name: 'the responder calls itself by the address that it gives its user',
    cells: ['direct'],
    planted: responderSettings((config) => ({
      ...config,
      ppp: { ...config.ppp, localAddress: '192.168.8.50' },
    })),
  },
  {
    name: 'the client lets itself be asked for its password in the clear alone',
    cells: ['direct'],
    planted: clientSettings((config) => ({ ...config, ppp: { ...config.ppp, accepts: ['pap'] } })),
  },
  {
    name: 'the responder asks for the password in the clear first',
    cells: ['direct', 'direct/client=ts:plain/responder=ts:plain'],
    planted: responderSettings((config) => ({
      ...config,
      ppp: { ...config.ppp, authentication: ['pap', ...config.ppp.authentication] },
    })),
  },
  {
    name: 'the client answers echoes as if it heard itself',
    cells: ['hotel-nat/event=client-power-cut', 'short-timeout-nat/nat=long-idle'],
    planted: misbehaving('client', 'ppp-bad-magic'),
  },
  {
    name: 'the responder does not follow a client whose mapping changed',
    cells: ['rebinding-nat'],
    planted: inside(responder, EspTransport, 'move', () => () => {}),
  },
  {
    name: 'the responder follows the address of a client, and not the port',
    cells: ['rebinding-nat'],
    planted: {
      wired: (scene) => {
        let first: number | undefined;
        effects(responder, (effect) => {
          if (effect.effect !== 'send-udp' || effect.local.port !== 4500) return [effect];
          first ??= effect.peer.port;
          return [{ ...effect, peer: { ...effect.peer, port: first } }];
        }).wired?.(scene);
      },
    },
  },
  {
    name: 'the responder opens the ESP of the second client with the keys of the first',
    cells: ['shared-nat/clients=2/sourceport=distinct'],
    planted: withFirstKey,
  },
  {
    name: 'the responder tells of the second client as if it were the first',
    cells: ['shared-nat/clients=2/sourceport=distinct'],
    planted: {
      wired: (scene) => {
        let first: string | undefined;
        effects(responder, (effect) => {
          if (effect.effect !== 'fact' || effect.path === undefined) return [effect];
          first ??= effect.path;
          return [{ ...effect, path: first }];
        }).wired?.(scene);
      },
    },
  },
  {
    name: 'the responder does not acknowledge StopCCN',
    cells: ['direct'],
    planted: inside(responder, L2tpEngine, 'receive', (usual) => (datagram, now) => {
      const effects = usual(datagram, now);
      const isStop =
        (datagram.message[0] ?? 0) & 0x80 && datagram.message[18] === 0 && datagram.message[19] === 4;
      return isStop ? effects.filter(({ effect }) => effect !== 'send-l2tp') : effects;
    }),
  },
  {
    name: 'the client deletes the SA of phase 2, and not that of phase 1',
    cells: ['direct'],
    planted: {
      wired: (scene) => {
        let seen = 0;
        effects(clients, (effect) => {
          if (effect.effect !== 'send-udp' || effect.payload[18] !== 5) return [effect];
          seen += 1;
          return seen === 2 ? [] : [effect];
        }).wired?.(scene);
      },
    },
  },
  {
    name: 'the client tells of no end',
    cells: ['direct'],
    planted: facts(clients, (fact) => (fact.fact === 'l2tp-ended' ? undefined : fact)),
  },
];
