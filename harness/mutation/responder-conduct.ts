import { internetChecksum } from '../../stack/ip/checksum.ts';
import { headerLengthOf, viewPacket } from '../fabric/embedded/packet.ts';
import type { Mutation } from './mutation.ts';
import { effects, facts, faultUnnoticed, isEspInUdp, misbehaving, responder } from './seams.ts';

/** A responder that does otherwise than it was set up to do, and one that tells otherwise than it did. */
export const responderConductMutations: readonly Mutation[] = [
  {
    name: 'the responder forwards nothing of its users',
    cells: ['direct'],
    planted: {
      responder: (setUp) => {
        const { firewall } = setUp.host;
        return firewall
          ? { ...setUp, host: { ...setUp.host, firewall: { ...firewall, privateInterfaces: [] } } }
          : setUp;
      },
    },
  },
  {
    name: 'the responder forgets the way into the tunnel',
    cells: ['direct'],
    planted: effects(responder, (effect) =>
      effect.effect === 'link-up' ? [{ ...effect, peerAddress: '192.168.8.250' }] : [effect],
    ),
  },
  {
    name: 'the tunnel has another end than was negotiated',
    cells: ['direct'],
    planted: effects(responder, (effect) =>
      effect.effect === 'link-up' ? [{ ...effect, localAddress: '192.168.9.1' }] : [effect],
    ),
  },
  {
    name: 'the responder forwards without counting a hop',
    cells: ['direct'],
    planted: {
      wired: ({ network, topology }) => {
        const place = topology.path.find((name) => topology.nodes[name]?.kind === 'responder') ?? '';
        const node = network.node(place);
        const receive = node.receive.bind(node);
        node.receive = (packet, on) => {
          const copy = packet.slice();
          copy[8] = Math.min(255, (copy[8] ?? 0) + 1);
          copy.fill(0, 10, 12);
          const sum = internetChecksum(copy, 0, headerLengthOf(copy));
          copy.set([sum >>> 8, sum & 0xff], 10);
          receive(copy, on);
        };
      },
    },
  },
  {
    name: 'ESP of the second client goes to the first',
    cells: ['shared-nat/clients=2/sourceport=distinct'],
    planted: {
      wired: ({ responder: host }) => {
        let first: number | undefined;
        const act = host.act.bind(host);
        host.act = (action) =>
          act((endpoint, now) =>
            action(endpoint, now).map((effect) => {
              if (effect.effect !== 'send-udp' || !isEspInUdp(effect)) return effect;
              first ??= effect.peer.port;
              return { ...effect, peer: { ...effect.peer, port: first } };
            }),
          );
      },
    },
  },
  {
    name: 'the second client takes the place of the first',
    cells: ['shared-nat/clients=2/sourceport=distinct'],
    planted: {
      wired: ({ responder: host }) => {
        const ports = new Set<number>();
        const act = host.act.bind(host);
        host.act = (action) =>
          act((endpoint, now) =>
            action(endpoint, now).filter((effect) => {
              if (effect.effect !== 'send-udp' || !isEspInUdp(effect)) return true;
              ports.add(effect.peer.port);
              return ports.size === 1 || effect.peer.port !== [...ports][0];
            }),
          );
      },
    },
  },
  {
    name: 'deletes are ignored',
    cells: ['direct'],
    planted: {
      wired: ({ responder: host }) => {
        const { endpoint } = host;
        const receiveUdp = endpoint.receiveUdp.bind(endpoint);
        // RFC 2408 3.1: exchange type 5 at octet 18; on port 4500 behind the non-ESP marker.
        endpoint.receiveUdp = (datagram, now) =>
          datagram.payload[datagram.local.port === 4500 ? 22 : 18] === 5 ? [] : receiveUdp(datagram, now);
      },
    },
  },
  {
    name: 'an SA outlives its connection',
    cells: ['direct'],
    planted: {
      wired: ({ responder: { endpoint } }) => {
        const summary = endpoint.summary.bind(endpoint);
        endpoint.summary = () => ({ ...summary(), phase2: Math.max(1, summary().phase2) });
      },
    },
  },
  {
    name: 'the responder answers from another address',
    cells: ['direct'],
    planted: effects(responder, (effect) =>
      effect.effect === 'send-udp'
        ? [{ ...effect, local: { ...effect.local, ip: '198.18.2.99' } }]
        : [effect],
    ),
  },
  {
    name: 'the responder answers from port 4500 to port 500',
    cells: ['hotel-nat'],
    planted: effects(responder, (effect) =>
      effect.effect === 'send-udp' && effect.local.port === 4500
        ? [{ ...effect, peer: { ...effect.peer, port: 500 } }]
        : [effect],
    ),
  },
  {
    name: 'the responder forgets the non-ESP marker',
    cells: ['hotel-nat'],
    planted: effects(responder, (effect) =>
      effect.effect === 'send-udp' && effect.local.port === 4500 && !isEspInUdp(effect)
        ? [{ ...effect, payload: effect.payload.subarray(4) }]
        : [effect],
    ),
  },
  {
    name: 'the office server answers nobody',
    cells: ['direct'],
    planted: {
      wired: ({ network, topology }) => {
        network.node(topology.server).passage = {
          arriving: (packet) => (viewPacket(packet)?.icmpType === 8 ? undefined : packet),
          leaving: (packet) => packet,
        };
      },
    },
  },
  {
    name: 'the responder swallows a wrong hash',
    cells: ['office-nat/impair=wrong-hash'],
    planted: faultUnnoticed('client'),
  },
  {
    name: 'the responder swallows an unknown mandatory AVP',
    cells: ['office-nat/impair=l2tp-unknown-mandatory-avp'],
    planted: faultUnnoticed('client'),
  },
  {
    name: 'the responder swallows a wrong CHAP response',
    cells: ['office-nat/impair=wrong-chap-response'],
    planted: faultUnnoticed('client'),
  },
  {
    name: 'the responder swallows a payload that lies about its length',
    cells: ['office-nat/impair=payload-length-lies'],
    planted: faultUnnoticed('client'),
  },
  ...(
    ['phase1', 'phase2', 'l2tp-tunnel', 'l2tp-session', 'ppp-lcp', 'ppp-auth', 'ppp-ipcp', 'traffic'] as const
  ).map(
    (stage): Mutation => ({
      name: `the responder falls silent at ${stage}`,
      cells: ['office-nat'],
      planted: misbehaving('responder', `silent-at:${stage}`),
    }),
  ),
  {
    name: 'the responder deletes its SA at once',
    cells: ['office-nat'],
    planted: misbehaving('responder', 'delete-at-once'),
  },
  {
    name: 'the responder sends an AVP that nobody knows and all must',
    cells: ['office-nat'],
    planted: misbehaving('responder', 'l2tp-unknown-mandatory-avp'),
  },
  {
    name: 'the responder never agrees to a PPP option',
    cells: ['office-nat'],
    planted: misbehaving('responder', 'ppp-config-loop'),
  },
  {
    name: 'the responder names wrong addresses for NAT detection',
    cells: ['direct'],
    planted: misbehaving('responder', 'wrong-nat-d'),
  },
  {
    name: 'the responder tells of another cipher than it uses',
    cells: ['direct'],
    planted: facts(responder, (fact) =>
      fact.fact === 'phase2-proposal-chosen'
        ? { ...fact, algorithms: { ...fact.algorithms, encryption: 'des-cbc' } }
        : fact,
    ),
  },
  {
    name: 'the responder tells of no NAT where there is one',
    cells: ['office-nat'],
    planted: facts(responder, (fact) =>
      fact.fact === 'nat-detected' ? { ...fact, localBehindNat: false, peerBehindNat: false } : fact,
    ),
  },
  {
    name: "the responder takes its own NAT for the client's",
    cells: ['office-nat'],
    planted: facts(responder, (fact) =>
      fact.fact === 'nat-detected'
        ? { ...fact, localBehindNat: fact.peerBehindNat, peerBehindNat: fact.localBehindNat }
        : fact,
    ),
  },
  {
    name: 'the responder tells of a connection that it does not have',
    cells: ['direct/psk=wrong'],
    planted: facts(responder, (fact) =>
      fact.fact === 'ike-failed' ? { fact: 'phase1-established', peerIdentity: '198.18.1.10' } : fact,
    ),
  },
];
