import { FragmentAssembly } from '../../stack/ike/fragment-assembly.ts';
import type { Mutation } from './mutation.ts';
import {
  clientIke,
  clientSettings,
  effects,
  exchangeType,
  inside,
  responder,
  responderIke,
} from './seams.ts';

const plain = 'direct/client=ts:plain/responder=ts:plain';
const byIdentifier = 'direct/client=ts:android-identifier/responder=ts:plain';
const inFragments =
  'hotel-nat/nat=fragment-dropping/client=ts:android/responder=ts:windows-server-2003/impair=oversized';

/** Aggressive mode, identities, PFS, fragments and lifetimes: what IKE can agree on besides ciphers. */
export const negotiationMutations: readonly Mutation[] = [
  {
    name: 'the client begins in aggressive mode, which it does not declare',
    cells: [plain],
    planted: clientIke({ phase1Mode: 'aggressive' }),
  },
  {
    name: 'the client begins in main mode where it declares aggressive mode',
    cells: [byIdentifier],
    planted: clientSettings(({ ike: { phase1Mode, ...ike }, ...config }) => ({ ...config, ike })),
  },
  {
    name: 'the responder takes aggressive mode, which it should refuse',
    cells: ['direct/client=ts:android-identifier'],
    planted: responderIke(() => ({ acceptsAggressive: true })),
  },
  {
    name: 'the responder refuses aggressive mode',
    cells: [byIdentifier],
    planted: {
      responder: ({
        endpoint: {
          ike: { acceptsAggressive, ...ike },
          ...endpoint
        },
        ...setUp
      }) => ({ ...setUp, endpoint: { ...endpoint, ike } }),
    },
  },
  {
    name: 'the client calls itself by a name in the place of its address',
    cells: ['direct'],
    planted: clientIke({ identity: { type: 'fqdn', name: 'laptop' } }),
  },
  {
    name: 'the client asks for PFS unbidden',
    cells: [plain, 'direct'],
    planted: clientIke({ pfs: 2 }),
  },
  {
    name: 'the responder demands PFS, which it does not declare',
    cells: ['direct'],
    planted: responderIke(({ policies }) => ({
      policies: policies.map((policy) => ({ ...policy, pfs: [2] })),
    })),
  },
  {
    name: 'the responder does without the PFS that it should demand',
    cells: ['direct/responder=ts:demands-pfs'],
    planted: responderIke(({ policies }) => ({ policies: policies.map(({ pfs, ...policy }) => policy) })),
  },
  {
    name: 'the client names another port for its L2TP in quick mode',
    cells: ['office-nat/ports=rport/client=ts:windows-xp', 'direct/ports=both'],
    planted: clientIke({ localPort: 1702, peerPort: 1702 }),
  },
  {
    name: 'the responder behind NAT takes quick modes for its own address alone',
    cells: ['office-nat'],
    planted: responderIke(() => ({ quickModeAddresses: 'outer', refusesDialledAddress: true })),
  },
  {
    name: 'the client writes the encapsulation number of another revision',
    cells: ['hotel-nat'],
    planted: clientIke({ encapsulationNumbers: 'other' }),
  },
  {
    name: 'the client speaks an old revision of NAT-T to one that has the RFC',
    cells: ['hotel-nat/client=ts:plain/responder=ts:plain'],
    planted: clientIke({ natTraversal: ['draft-02'], vendorIds: [] }),
  },
  {
    name: 'the responder chooses an old revision of NAT-T where the RFC is common',
    cells: ['hotel-nat/client=ts:plain/responder=ts:plain'],
    planted: responderIke(() => ({ natTraversal: ['draft-02'], vendorIds: [] })),
  },
  {
    name: 'SAs of phase 2 live for twenty seconds',
    cells: ['short-timeout-nat'],
    planted: clientSettings(({ ike, ...config }) => ({
      ...config,
      ike: { ...ike, phase2: ike.phase2.map((proposal) => ({ ...proposal, lifetimeSeconds: 20 })) },
    })),
  },
  {
    name: 'the responder puts no fragments of IKE together',
    cells: [inFragments],
    planted: inside(responder, FragmentAssembly, 'add', () => () => ({})),
  },
  {
    name: 'the responder puts fragments of IKE together in the wrong order',
    cells: [inFragments],
    planted: inside(responder, FragmentAssembly, 'add', (usual) => (from, fragment, now) => {
      const { message, ...others } = usual(from, fragment, now);
      return message ? { ...others, message: message.toReversed() } : others;
    }),
  },
  {
    name: 'the responder answers under another cookie than it gave',
    cells: ['direct'],
    planted: effects(responder, (effect) => {
      if (effect.effect !== 'send-udp' || exchangeType(effect) !== 2) return [effect];
      const payload = effect.payload.slice();
      // RFC 2408 3.1: flags at octet 19; from message 6 on it is encrypted.
      if ((payload[19] ?? 0) === 1) payload[15] = (payload[15] ?? 0) ^ 1;
      return [{ ...effect, payload }];
    }),
  },
  {
    name: 'the client begins main mode twice',
    cells: ['direct'],
    planted: effects(
      (scene) => scene.clients,
      (effect) => {
        if (effect.effect !== 'send-udp' || exchangeType(effect) !== 2) return [effect];
        // RFC 2408 3.1: in message 1 alone the responder cookie is zero.
        if (effect.payload.subarray(8, 16).some((octet) => octet !== 0)) return [effect];
        const other = effect.payload.slice();
        other[0] = (other[0] ?? 0) ^ 0x55;
        return [effect, { ...effect, payload: other }];
      },
    ),
  },
];
