import type { ClientEndpointConfig, ResponderEndpointConfig } from '../../endpoint/config.ts';
import { clientExample, responderExample } from '../../endpoint/testing/examples.ts';
import type { Way } from '../../endpoint/testing/joined.ts';
import { allAlgorithms } from '../../esp/testing/sealed.ts';
import type {
  IkeInitiatorConfig,
  IkeResponderConfig,
  Phase1Transform,
  Phase2Proposal,
} from '../../ike/config.ts';
import type { L2tpConfig } from '../../l2tp/config.ts';
import { everyRevision } from '../../nat-traversal/numbers.ts';
import type { PppAuthentication } from '../../ppp/config.ts';

/** Two endpoints that connect, and what lies between them. */
export interface Scenario {
  readonly name: string;
  readonly way: Way;
  readonly client: ClientEndpointConfig;
  readonly responder: ResponderEndpointConfig;
}

const publicAddress = '198.18.2.10';
const insideAddress = '10.0.0.2';
const clientNat = { clientNat: '198.18.1.2' } as const;
const responderNat = { responderNat: { public: publicAddress, forwards: [500, 4500] } } as const;
const ways: readonly Way[] = [clientNat, {}, { ...clientNat, ...responderNat }, responderNat];

/** Quick ones: what a fuzzer repeats a hundred thousand times. Groups are all of one kind to what reads messages. */
const phase1: readonly Phase1Transform[] = [
  { encryption: 'aes-cbc-128', hash: 'sha1', group: 19, lifetimeSeconds: 28_800 },
  { encryption: '3des-cbc', hash: 'md5', group: 19, lifetimeSeconds: 3600, lifetimeKilobytes: 100_000 },
  { encryption: 'aes-cbc-256', hash: 'sha2-256', group: 20, lifetimeSeconds: 28_800 },
  { encryption: 'des-cbc', hash: 'sha2-512', group: 2, lifetimeSeconds: 86_400 },
];
const authentications: readonly PppAuthentication[] = ['chap-md5', 'pap', 'ms-chap-v1', 'ms-chap-v2'];

/** Settings that use everything which reads the peer's octets. */
const secretive: Partial<L2tpConfig> = {
  tunnelSecret: 'secret',
  challenges: true,
  hides: ['assignedTunnelId', 'assignedSessionId', 'challenge', 'challengeResponse', 'vendorName'],
  tieBreaker: 'random',
  sequencesData: true,
  reordering: { maximumFrames: 4, maximumMs: 100 },
};

/** More than the scripts of an insider open: an honest client has to find room. */
export const mostTunnels = 32;

/** Who dials after whatever came before, and must get through. */
const honestUser = { name: 'honest', password: 'honest password' };

/** A revision of NAT traversal each, and with it, in turn, one of everything else that can be chosen. */
export const scenarios: readonly Scenario[] = everyRevision.map((revision, index) => {
  const turn = <T>(choices: readonly T[], every = 1) =>
    choices[Math.floor(index / every) % choices.length] as T;
  const way = turn(ways);
  const authentication = turn(authentications);
  const first = turn(phase1, 2);
  const esp = allAlgorithms[(index * 13) % allAlgorithms.length] ?? clientExample.ike.phase2[0];
  const soon = index % 3 === 2;
  const tunnel = index % 5 === 3 && way.responderNat === undefined;
  const phase2 = [
    { ...esp, lifetimeSeconds: soon ? 60 : 3600, ...(tunnel && { mode: 'tunnel' }) } as Phase2Proposal,
  ];
  const aggressive = index % 2 === 1;
  const breadth: Partial<Omit<IkeInitiatorConfig, 'role'> & Omit<IkeResponderConfig, 'role'>> = {
    natTraversal: [revision],
    phase1: [first],
    initialContact: true,
    ...(index % 3 === 1 && { fragmentation: { maximumOctets: 220 } }),
    ...(index % 2 === 0 && {
      deadPeerDetection: { mode: 'both', idleSeconds: 10, retrySeconds: 3, attempts: 4 },
    }),
    ...(soon && { rekey: { marginSeconds: 15, marginKilobytes: 8, fuzz: 0.2, graceSeconds: 5 } }),
  };
  const l2tp = index % 3 === 1 ? secretive : { vendorName: 'crossnat' };
  const more = index % 2 === 0;
  const responder = responderExample(way.responderNat === undefined ? publicAddress : insideAddress);
  return {
    name: [revision, aggressive ? 'aggressive' : 'main', authentication].join(', '),
    way,
    client: {
      ...clientExample,
      ike: {
        ...clientExample.ike,
        ...breadth,
        phase2,
        ...(aggressive && { phase1Mode: 'aggressive' }),
        ...(index % 3 === 0 && { pfs: 19 }),
      },
      l2tp: { ...clientExample.l2tp, ...l2tp },
      ppp: {
        ...clientExample.ppp,
        accepts: [authentication],
        ...(more && {
          ipv6cp: true,
          requestsWins: true,
          ccp: { supportedBits: 1 },
          identification: ['MSRASV5.20', 'MSRAS-0-CLIENT'],
          terminateReason: 'windows',
        }),
      },
    },
    responder: {
      ...responder,
      ike: {
        ...responder.ike,
        ...breadth,
        acceptsAggressive: true,
        policies: responder.ike.policies.map((policy) => ({ ...policy, proposals: phase2 })),
        sendsResponderLifetime: true,
        maximumHalfOpen: 20,
      },
      l2tp: { ...responder.l2tp, ...l2tp, maximumTunnels: mostTunnels },
      ppp: {
        ...responder.ppp,
        authentication: [authentication],
        ...(more && { ipv6cp: true, rejectsCcpOptions: true, rechallengeSeconds: 20 }),
      },
      users: [...responder.users, honestUser],
    },
  };
});

/** The client of a scenario at another address and as another user. */
export function honestClient({ client }: Scenario): ClientEndpointConfig {
  const { name: user, password } = honestUser;
  return { ...client, localAddress: '192.168.1.77', ppp: { ...client.ppp, user, password } };
}
