import { addressNumber, viewPacket } from '../fabric/embedded/packet.ts';
import type { Mutation, Sown } from './mutation.ts';
import {
  clientIke,
  clientSettings,
  clients,
  effects,
  exchangeType,
  facts,
  isEspInUdp,
  misbehaving,
  responder,
  responderSettings,
} from './seams.ts';

const quickMode = 32;
const informational = 5;

/** RFC 3948 2.3. */
const isKeepalive = (payload: Uint8Array) => payload.length === 1 && payload[0] === 0xff;

/** Nothing goes to or comes from the first client once this is true of the whole cell. */
function firstIsForgotten(when: (clientsSeen: number) => boolean): Sown {
  return {
    wired: ({ responder: host }) => {
      const ports: number[] = [];
      const isLost = (peer: { readonly port: number }) => when(ports.length) && peer.port === ports[0];
      const { endpoint } = host;
      const receiveUdp = endpoint.receiveUdp.bind(endpoint);
      endpoint.receiveUdp = (datagram, now) => {
        const { local, peer } = datagram;
        if (local.port === 4500 && !ports.includes(peer.port)) ports.push(peer.port);
        return local.port === 4500 && isLost(peer) ? [] : receiveUdp(datagram, now);
      };
      const act = host.act.bind(host);
      host.act = (action) =>
        act((one, now) =>
          action(one, now).filter(
            (effect) => effect.effect !== 'send-udp' || effect.local.port !== 4500 || !isLost(effect.peer),
          ),
        );
    },
  };
}

/** Rekey, retransmission, dead peers, keepalives, ports and ends: what shows only while a connection stands, or ends. */
export const standingMutations: readonly Mutation[] = [
  {
    name: 'the responder answers keepalives',
    cells: ['short-timeout-nat'],
    planted: {
      wired: ({ responder: { endpoint } }) => {
        const receiveUdp = endpoint.receiveUdp.bind(endpoint);
        endpoint.receiveUdp = (datagram, now) => {
          const answers = receiveUdp(datagram, now);
          return isKeepalive(datagram.payload) ? [...answers, { effect: 'send-udp', ...datagram }] : answers;
        };
      },
    },
  },
  {
    name: 'the client takes up a quick mode on port 500 after it has floated',
    cells: ['hotel-nat'],
    planted: effects(clients, (effect) => {
      if (effect.effect !== 'send-udp' || exchangeType(effect) !== quickMode) return [effect];
      if (effect.local.port !== 4500) return [effect];
      const { local, peer, payload } = effect;
      return [
        {
          ...effect,
          local: { ...local, port: 500 },
          peer: { ...peer, port: 500 },
          payload: payload.subarray(4),
        },
      ];
    }),
  },
  {
    name: 'the client floats its own port and not the other one',
    cells: ['hotel-nat'],
    planted: effects(clients, (effect) =>
      effect.effect === 'send-udp' && effect.local.port === 4500
        ? [{ ...effect, peer: { ...effect.peer, port: 500 } }]
        : [effect],
    ),
  },
  {
    name: 'the responder answers the float from port 500',
    cells: ['hotel-nat'],
    planted: effects(responder, (effect) =>
      effect.effect === 'send-udp' && effect.local.port === 4500
        ? [{ ...effect, local: { ...effect.local, port: 500 } }]
        : [effect],
    ),
  },
  {
    name: 'the responder answers from another port',
    cells: ['direct', 'hotel-nat'],
    planted: effects(responder, (effect) =>
      effect.effect === 'send-udp' ? [{ ...effect, local: { ...effect.local, port: 501 } }] : [effect],
    ),
  },
  {
    name: 'the client never sends a message again',
    cells: ['office-nat/impair=drop:main-mode:5'],
    planted: clientSettings((config) => ({
      ...config,
      ike: { ...config.ike, retransmission: { ...config.ike.retransmission, transmissions: 1 } },
    })),
  },
  {
    name: 'the responder does not answer a message that comes again',
    cells: ['office-nat/impair=drop:main-mode:2', 'office-nat/impair=drop:main-mode:6'],
    planted: {
      wired: ({ responder: { endpoint } }) => {
        const seen = new Set<string>();
        const receiveUdp = endpoint.receiveUdp.bind(endpoint);
        endpoint.receiveUdp = (datagram, now) => {
          const octets = Buffer.from(datagram.payload).toString('hex');
          if (seen.has(octets)) return [];
          seen.add(octets);
          return receiveUdp(datagram, now);
        };
      },
    },
  },
  {
    name: 'the responder sends every IKE message twice',
    cells: ['direct', 'hotel-nat/nat=slow'],
    planted: effects(responder, (effect) =>
      effect.effect === 'send-udp' && exchangeType(effect) !== undefined ? [effect, effect] : [effect],
    ),
  },
  {
    name: 'the client replays its ESP',
    cells: ['hotel-nat'],
    planted: misbehaving('client', 'replayed-esp'),
  },
  {
    name: 'the client gives one packet of ESP an old number',
    cells: ['office-nat'],
    planted: misbehaving('client', 'stale-esp-sequence'),
  },
  {
    name: 'the responder tells of no packet that it has had before',
    cells: ['office-nat/impair=replayed-esp'],
    planted: facts(responder, (fact) =>
      fact.fact === 'packet-dropped' && fact.reason === 'replayed' ? undefined : fact,
    ),
  },
  {
    name: 'the client pads ESP wrongly',
    cells: ['office-nat'],
    planted: misbehaving('client', 'bad-padding'),
  },
  {
    name: 'the client sends L2TP under a tunnel id that is not the one assigned, once',
    cells: ['office-nat'],
    planted: misbehaving('client', 'l2tp-wrong-tunnel-id'),
  },
  {
    name: 'the client sends L2TP messages out of order',
    cells: ['office-nat'],
    planted: misbehaving('client', 'l2tp-out-of-order'),
  },
  {
    name: 'the client sends more L2TP messages than the window has',
    cells: ['office-nat'],
    planted: misbehaving('client', 'l2tp-window-violation'),
  },
  {
    name: 'the client answers no LCP echo',
    cells: ['short-timeout-nat/nat=long-idle'],
    planted: misbehaving('client', 'ppp-echo-silent'),
  },
  {
    name: 'both ends tell of a cipher that nobody offered',
    cells: ['direct'],
    planted: facts(
      (scene) => [...scene.clients, scene.responder],
      (fact) =>
        fact.fact === 'phase2-proposal-chosen'
          ? { ...fact, algorithms: { ...fact.algorithms, encryption: 'aes-cbc-256' } }
          : fact,
    ),
  },
  {
    name: 'the responder sends L2TP in the clear too',
    cells: ['direct'],
    planted: effects(responder, (effect) => {
      if (effect.effect !== 'send-esp') return [effect];
      const local = { ip: effect.local, port: 1701 };
      const peer = { ip: effect.peer, port: 1701 };
      return [effect, { effect: 'send-udp', local, peer, payload: new Uint8Array(12) }];
    }),
  },
  {
    name: 'the responder sends inner packets outside of the tunnel too',
    cells: ['direct'],
    planted: {
      wired: ({ network, responder: { endpoint } }) => {
        const sendIp = endpoint.sendIp.bind(endpoint);
        endpoint.sendIp = (packet, now) => {
          network.segments
            .get('internet')
            ?.send(addressNumber('198.18.2.10'), addressNumber('198.18.2.1'), packet);
          return sendIp(packet, now);
        };
      },
    },
  },
  {
    name: 'the client keeps its default route beside the tunnel',
    cells: ['hotel-nat', 'hotel-nat/browse=internet'],
    planted: {
      wired: ({ network, topology }) => {
        const [place = ''] = topology.path;
        const node = network.node(place);
        const addRoute = node.addRoute.bind(node);
        // 0.0.0.0/1 and 128.0.0.0/1 are what sends everything into the tunnel.
        node.addRoute = (address, prefix, via, on) => {
          if (prefix !== 1) addRoute(address, prefix, via, on);
        };
      },
    },
  },
  {
    name: 'the responder tells no hop that a packet has died',
    cells: ['direct'],
    planted: {
      wired: ({ network, topology }) => {
        const place = topology.path.find((name) => topology.nodes[name]?.kind === 'responder') ?? '';
        const node = network.node(place);
        const { send } = node;
        node.send = (packet, on) => {
          if (viewPacket(packet)?.icmpType !== 11) send.call(node, packet, on);
        };
      },
    },
  },
  {
    name: 'the responder drops large packets of its users',
    cells: ['direct'],
    planted: effects(responder, (effect) =>
      effect.effect === 'deliver-ip' && effect.packet.length > 1000 ? [] : [effect],
    ),
  },
  {
    name: 'INITIAL-CONTACT of the second client ends the SAs of the first',
    cells: ['shared-nat/client=ts:plain/responder=ts:plain/clients=2'],
    planted: firstIsForgotten((clientsSeen) => clientsSeen > 1),
  },
  {
    name: 'the end of one client ends the others too',
    cells: ['shared-nat/clients=2/sourceport=distinct'],
    planted: {
      wired: (scene) => {
        let isOver = false;
        const { endpoint } = scene.responder;
        const receiveUdp = endpoint.receiveUdp.bind(endpoint);
        endpoint.receiveUdp = (datagram, now) => {
          if (isOver) return [];
          isOver = exchangeType(datagram) === informational;
          return receiveUdp(datagram, now);
        };
      },
    },
  },
  {
    name: 'the client deletes no SA',
    cells: ['direct'],
    planted: clientIke({ endsSilently: true }),
  },
  {
    name: 'the client ends L2TP without a word',
    cells: ['direct'],
    planted: clientSettings((config) => ({ ...config, l2tp: { ...config.l2tp, teardown: 'silent' } })),
  },
  {
    name: "the client's tunnel interface outlives the link",
    cells: ['direct'],
    planted: effects(clients, (effect) => (effect.effect === 'link-down' ? [] : [effect])),
  },
  {
    name: "the responder's way into the tunnel outlives the link",
    cells: ['direct'],
    planted: effects(responder, (effect) => (effect.effect === 'link-down' ? [] : [effect])),
  },
  {
    name: 'the client asks no dead peer whether it is alive',
    cells: ['short-timeout-nat/nat=long-idle/client=ts:macos/responder=ts:setup-ipsec-vpn'],
    planted: clientSettings(({ ike: { deadPeerDetection, ...ike }, ...config }) => ({ ...config, ike })),
  },
  {
    name: 'the responder takes no second quick mode',
    cells: ['direct/event=rekey-by-client', 'hotel-nat/event=rekey-by-client'],
    planted: {
      wired: ({ responder: { endpoint } }) => {
        const ids = new Set<string>();
        const receiveUdp = endpoint.receiveUdp.bind(endpoint);
        endpoint.receiveUdp = (datagram, now) => {
          if (exchangeType(datagram) !== quickMode) return receiveUdp(datagram, now);
          const at = datagram.local.port === 4500 ? 24 : 20;
          ids.add(datagram.payload.subarray(at, at + 4).join('.'));
          return ids.size > 1 ? [] : receiveUdp(datagram, now);
        };
      },
    },
  },
  {
    name: 'the responder sends on under the SA that was replaced, and drops the new one',
    cells: ['hotel-nat/event=rekey-by-client'],
    planted: {
      wired: ({ responder: host }) => {
        const spis = new Set<string>();
        const act = host.act.bind(host);
        host.act = (action) =>
          act((endpoint, now) =>
            action(endpoint, now).filter((effect) => {
              if (effect.effect !== 'send-udp' || !isEspInUdp(effect)) return true;
              spis.add(effect.payload.subarray(0, 4).join('.'));
              return spis.size === 1;
            }),
          );
      },
    },
  },
  {
    name: 'the responder sends no LCP echo',
    cells: ['hotel-nat/event=client-power-cut', 'direct/user=dialin2/event=client-power-cut'],
    planted: responderSettings(({ ppp: { echoSeconds, ...ppp }, ...config }) => ({
      ...config,
      ppp: { ...ppp, echoSeconds: 0 },
    })),
  },
  {
    name: 'the responder asks a silent client nothing',
    cells: ['hotel-nat/event=client-power-cut'],
    planted: responderSettings((config) => ({
      ...config,
      ppp: { ...config.ppp, echoSeconds: 0 },
      l2tp: { ...config.l2tp, helloSeconds: 0 },
    })),
  },
];
