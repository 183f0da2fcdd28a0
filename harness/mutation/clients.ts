import { addressNumber } from '../fabric/embedded/packet.ts';
import type { Mutation } from './mutation.ts';
import { clientIke, clientSettings, clients, effects, facts, isEspInUdp, misbehaving } from './seams.ts';

const otherKey = new TextEncoder().encode('CrossnatLab1');
const wrongKey = new TextEncoder().encode('CrossnatLab3');

export const clientMutations: readonly Mutation[] = [
  {
    name: 'the client speaks another draft of NAT-T',
    cells: ['office-nat', 'hotel-nat'],
    planted: clientIke({ natTraversal: ['draft-05'], vendorIds: [] }),
  },
  {
    name: 'the client does not speak NAT-T',
    cells: ['office-nat'],
    planted: clientIke({ natTraversal: [], vendorIds: [] }),
  },
  {
    name: 'the client stays on port 500',
    cells: ['hotel-nat'],
    planted: clientIke({ natTraversal: ['draft-00'], vendorIds: [] }),
  },
  {
    name: 'the client puts ESP in UDP where no NAT is',
    cells: ['direct'],
    planted: clientIke({ forcedEncapsulation: true }),
  },
  {
    name: 'the client has another key',
    cells: ['direct'],
    planted: clientIke({ preSharedKey: wrongKey }),
  },
  {
    name: 'a wrong key is accepted',
    cells: ['direct/psk=wrong'],
    planted: clientIke({ preSharedKey: otherKey }),
  },
  {
    name: 'the client offers its last proposal alone',
    cells: ['direct'],
    planted: clientSettings((config) => ({
      ...config,
      ike: { ...config.ike, phase2: config.ike.phase2.slice(-1) },
    })),
  },
  {
    name: 'the client offers its proposals in the wrong order',
    cells: ['hotel-nat/client=ts:android/responder=ts:windows-server-2000'],
    planted: clientSettings((config) => ({
      ...config,
      ike: { ...config.ike, phase2: config.ike.phase2.toReversed() },
    })),
  },
  {
    name: 'rule 0 is ignored',
    cells: ['office-nat/rule=0/reading=a'],
    planted: clientSettings(({ ike: { natRule, ...ike }, ...config }) => ({ ...config, ike })),
  },
  {
    name: 'rule 2 is taken for rule 0',
    cells: ['office-nat'],
    planted: clientIke({ natRule: { rule: 0, whenRefused: 'stop-after-nat-detection' } }),
  },
  {
    name: 'rule 1 is taken for rule 2',
    cells: ['both-nat/rule=1/reading=a'],
    planted: clientIke({ natRule: { rule: 2, whenRefused: 'stop-after-nat-detection' } }),
  },
  {
    name: 'the client that must stop at once completes phase 2',
    cells: ['office-nat/rule=0/reading=a'],
    planted: clientIke({ natRule: { rule: 0, whenRefused: 'complete-but-send-no-esp' } }),
  },
  {
    name: 'the client leaves without a word',
    cells: ['direct'],
    planted: clientSettings((config) => ({
      ...config,
      ike: { ...config.ike, endsSilently: true },
      l2tp: { ...config.l2tp, teardown: 'silent' },
    })),
  },
  {
    name: 'the client sends no keepalives',
    cells: ['short-timeout-nat'],
    planted: clientIke({ keepaliveSeconds: 0 }),
  },
  {
    name: 'the client sends a keepalive once in a minute',
    cells: ['short-timeout-nat'],
    planted: clientIke({ keepaliveSeconds: 60 }),
  },
  {
    name: 'the client tells of no NAT where there is one',
    cells: ['hotel-nat'],
    planted: facts(clients, (fact) =>
      fact.fact === 'nat-detected' ? { ...fact, localBehindNat: false } : fact,
    ),
  },
  {
    name: 'the client dials another address',
    cells: ['direct'],
    planted: clientSettings((config) => ({ ...config, dial: '198.18.1.99' })),
  },
  {
    name: 'the client gives another password',
    cells: ['direct'],
    planted: clientSettings((config) => ({ ...config, ppp: { ...config.ppp, password: 'nofriend' } })),
  },
  {
    name: 'the client calls itself another user',
    cells: ['shared-nat/clients=2/sourceport=distinct', 'esp-passthrough/nat=address-restricted/clients=2'],
    planted: clientSettings((config) =>
      config.ppp.user === 'dialin2'
        ? { ...config, ppp: { ...config.ppp, user: 'dialin1', password: 'friend1' } }
        : config,
    ),
  },
  {
    name: 'the client does not ask for a name server',
    cells: ['direct'],
    planted: clientSettings((config) => ({ ...config, ppp: { ...config.ppp, requestsDns: false } })),
  },
  {
    name: 'the client takes another address than it was given',
    cells: ['direct'],
    planted: effects(clients, (effect) =>
      effect.effect === 'link-up' ? [{ ...effect, localAddress: '192.168.8.77' }] : [effect],
    ),
  },
  {
    name: 'the second client believes that it has the address of the first',
    cells: ['shared-nat/clients=2/sourceport=distinct'],
    planted: facts(
      ({ clients: [, second] }) => (second ? [second] : []),
      (fact) => (fact.fact === 'ipcp-opened' ? { ...fact, localAddress: '192.168.8.50' } : fact),
    ),
  },
  {
    name: 'the client sends inner packets outside of the tunnel too',
    cells: ['office-nat'],
    planted: {
      wired: ({ network, topology, clients: hosts }) => {
        const [place = '', segment = ''] = topology.path;
        const gateway = addressNumber(topology.nodes[place]?.gateway ?? '0.0.0.0');
        for (const { endpoint } of hosts) {
          const sendIp = endpoint.sendIp.bind(endpoint);
          endpoint.sendIp = (packet, now) => {
            network.segments.get(segment)?.send(0, gateway, packet);
            return sendIp(packet, now);
          };
        }
      },
    },
  },
  {
    name: 'the client sends L2TP in the clear too',
    cells: ['direct'],
    planted: effects(clients, (effect) => {
      if (effect.effect !== 'send-esp') return [effect];
      const clear = {
        effect: 'send-udp',
        local: { ip: effect.local, port: 1701 },
        peer: { ip: effect.peer, port: 1701 },
        payload: new Uint8Array(12),
      } as const;
      return [effect, clear];
    }),
  },
  {
    name: 'the client sends ESP as protocol 50 through a NAT',
    cells: ['hotel-nat'],
    planted: effects(clients, (effect) => {
      if (effect.effect !== 'send-udp' || !isEspInUdp(effect)) return [effect];
      return [{ effect: 'send-esp', local: effect.local.ip, peer: effect.peer.ip, payload: effect.payload }];
    }),
  },
  {
    name: 'the client delivers nothing of what comes through the tunnel',
    cells: ['direct'],
    planted: effects(clients, (effect) => (effect.effect === 'deliver-ip' ? [] : [effect])),
  },
  {
    name: 'the client hashes other octets than it sends',
    cells: ['direct'],
    planted: misbehaving('client', 'wrong-hash'),
  },
  {
    name: 'the client names an identity that is not its own',
    cells: ['direct'],
    planted: misbehaving('client', 'wrong-identity'),
  },
  {
    name: 'the client sends too short a nonce',
    cells: ['direct'],
    planted: misbehaving('client', 'truncated-payload'),
  },
  {
    name: 'the client leaves garbage in a reserved field',
    cells: ['direct'],
    planted: misbehaving('client', 'reserved-not-zero'),
  },
  {
    name: 'the client answers a CHAP challenge wrongly',
    cells: ['direct'],
    planted: misbehaving('client', 'wrong-chap-response'),
  },
  {
    name: 'the client never agrees to a PPP option',
    cells: ['direct'],
    planted: misbehaving('client', 'ppp-config-loop'),
  },
  {
    name: 'the client names no addresses for NAT detection',
    cells: ['hotel-nat'],
    planted: misbehaving('client', 'no-nat-d'),
  },
  {
    name: 'the client falls silent when ESP begins',
    cells: ['direct'],
    planted: misbehaving('client', 'silent-at'),
  },
];
