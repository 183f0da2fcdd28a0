import type { Mutation } from './mutation.ts';
import { responderIke, responderSettings } from './seams.ts';

/** A responder that is set up otherwise than its cell says. */
export const responderSettingMutations: readonly Mutation[] = [
  {
    name: 'the responder does not speak NAT-T',
    cells: ['hotel-nat'],
    planted: responderIke(() => ({ natTraversal: [], vendorIds: [] })),
  },
  {
    name: 'the responder says that it is behind NAT where it is not',
    cells: ['direct'],
    planted: responderIke(() => ({ forcedEncapsulation: true })),
  },
  {
    name: 'the responder takes its last proposal first',
    cells: ['direct'],
    planted: responderIke((ike) => ({
      choice: 'responder-order',
      policies: ike.policies.map((policy) => ({ ...policy, proposals: policy.proposals.toReversed() })),
    })),
  },
  {
    name: 'the responder decides by the order of the other one',
    cells: ['direct/p2=4-3-2-1'],
    planted: responderIke(({ choice }) => ({
      choice: choice === 'initiator-order' ? 'responder-order' : 'initiator-order',
    })),
  },
  {
    name: 'the responder accepts a phase 1 that is not set',
    cells: ['direct/p1=3des-sha1-modp1024'],
    planted: responderIke(({ phase1 }) => ({
      phase1: phase1.map((transform) => ({ ...transform, encryption: 'des-cbc', group: 1 })),
    })),
  },
  {
    name: 'the responder accepts one proposal alone',
    cells: ['direct'],
    planted: responderIke((ike) => ({
      policies: ike.policies.map((policy) => ({ ...policy, proposals: policy.proposals.slice(-1) })),
    })),
  },
  {
    name: 'the responder takes any identity',
    cells: ['hotel-nat/natt=off'],
    planted: responderIke(() => ({ expectedPeerIdentity: 'any', quickModeAddresses: 'any' })),
  },
  {
    name: 'the port of the policy is not looked at',
    cells: ['office-nat/ports=rport', 'direct/ports=rport', 'direct/ports=none'],
    planted: responderIke((ike) => ({
      policies: ike.policies.map(({ localPort, peerPort, ...policy }) => policy),
    })),
  },
  {
    name: 'the responder has another key',
    cells: ['direct'],
    planted: responderIke(() => ({ preSharedKey: new Uint8Array(8) })),
  },
  {
    name: 'a refusal is not told',
    cells: ['direct/responder=ts:plain/p1=aes256-sha1-modp1024'],
    planted: responderIke(() => ({ sendsNotifies: false })),
  },
  {
    name: 'a responder that keeps its reasons to itself tells one',
    cells: ['direct/p1=aes256-sha1-modp1024'],
    planted: responderIke(() => ({ sendsNotifies: true })),
  },
  {
    name: 'half-open connections are refused from the first on',
    cells: ['direct'],
    planted: responderIke(() => ({ maximumHalfOpen: 0 })),
  },
  {
    name: 'a wrong password is accepted',
    cells: ['direct/password=wrong'],
    planted: responderSettings((config) => ({
      ...config,
      users: config.users.map((user) => ({ ...user, password: 'nofriend' })),
    })),
  },
  {
    name: 'nobody has to authenticate',
    cells: ['direct/password=wrong'],
    planted: responderSettings((config) => ({ ...config, ppp: { ...config.ppp, authentication: [] } })),
  },
  {
    name: 'a user is forgotten',
    cells: ['direct/user=dialin2'],
    planted: responderSettings((config) => ({
      ...config,
      users: config.users.filter(({ name }) => name !== 'dialin2'),
    })),
  },
  {
    name: 'a user has the address beside its own',
    cells: ['direct'],
    planted: responderSettings((config) => ({
      ...config,
      users: config.users.map((user) =>
        user.address === undefined ? user : { ...user, address: '192.168.8.51' },
      ),
    })),
  },
  {
    name: 'the pool is another one',
    cells: ['direct/user=dialin2'],
    planted: responderSettings(({ pool, ...config }) => ({
      ...config,
      ...(pool && { pool: { first: '192.168.9.200', last: '192.168.9.210' } }),
    })),
  },
  {
    name: 'the pool is too short by one',
    cells: ['shared-nat/clients=5'],
    planted: responderSettings(({ pool, ...config }) => ({
      ...config,
      ...(pool && { pool: { first: pool.last, last: pool.last } }),
    })),
  },
  {
    name: 'the name server is forgotten',
    cells: ['direct'],
    planted: responderSettings((config) => ({ ...config, ppp: { ...config.ppp, dns: [] } })),
  },
  {
    name: 'another name server is told',
    cells: ['direct'],
    planted: responderSettings((config) => ({
      ...config,
      ppp: { ...config.ppp, dns: config.ppp.dns.map(() => '192.168.8.66') },
    })),
  },
  {
    name: 'there is room for one tunnel',
    cells: ['shared-nat/clients=2/sourceport=distinct'],
    planted: responderSettings((config) => ({ ...config, l2tp: { ...config.l2tp, maximumTunnels: 1 } })),
  },
];
