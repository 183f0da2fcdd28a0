import type { Mutation } from './mutation.ts';
import {
  clientSettings,
  clients,
  effects,
  exchangeType,
  facts,
  isEspInUdp,
  misbehaving,
  responder,
  responderSettings,
  withoutHello,
} from './seams.ts';

const quickMode = 32;

/** RFC 3948 2.3. */
const isKeepalive = (payload: Uint8Array) => payload.length === 1 && payload[0] === 0xff;

/** Rekey, retransmission, dead peers, keepalives and ports: what shows only while a connection comes about or stands. */
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
    cells: ['short-timeout-nat/nat=long-idle/client=ts:windows-vista/p1=3des-sha1-modp1024'],
    planted: {
      // What else keeps the mapping alive where nobody sends keepalives.
      ...withoutHello,
      ...responderSettings((config) => ({ ...config, ppp: { ...config.ppp, echoSeconds: 0 } })),
    },
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
