import { addressNumber, viewPacket } from '../fabric/embedded/packet.ts';
import type { Mutation, Sown } from './mutation.ts';
import { clientIke, clientSettings, clients, effects, exchangeType, facts, responder } from './seams.ts';

const informational = 5;

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

/** What goes beside the tunnel or not through it, what neighbours do to each other, and what is left in the end. */
export const wayMutations: readonly Mutation[] = [
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
];
