import type { ResponderEndpointConfig, SameUserPolicy } from '../../../stack/endpoint/config.ts';
import type { IkeResponderConfig, IpsecPolicy } from '../../../stack/ike/config.ts';
import type { L2tpConfig } from '../../../stack/l2tp/config.ts';
import { natHabitsOf } from './profiles/ike-fields.ts';
import type { ResponderProfile } from './profiles/responder-profile.ts';
import { scaled } from './profiles/timing.ts';
import { groups } from './profiles/transform.ts';
import { vendorIdsOf } from './profiles/vendor-id.ts';

/** What each policy of a responder says of PFS: nothing, or the groups of which one must be named. */
export function pfsOf({ pfs }: ResponderProfile): Pick<IpsecPolicy, 'pfs'> {
  return pfs.value === 'any' ? {} : { pfs: pfs.value.map((name) => groups[name]) };
}

/** What a responder is told beside its profile. */
interface Circumstances {
  readonly natTraversal: boolean;
  /** Of L2TP's Host Name (RFC 2661 4.4.3), and the name in CHAP's challenges. */
  readonly hostName: string;
  /** Factor on the retransmission gaps; 1 is its own. */
  readonly timerFactor: number;
}

/** The part of a responder's settings that its profile alone says, whatever sets it up. */
export function habitsOf(
  profile: ResponderProfile,
  { natTraversal, hostName, timerFactor }: Circumstances,
): {
  readonly ike: Pick<
    IkeResponderConfig,
    | 'role'
    | 'natTraversal'
    | 'vendorIds'
    | 'retransmission'
    | 'keepaliveSeconds'
    | 'choice'
    | 'expectedPeerIdentity'
    | 'quickModeAddresses'
    | 'maximumHalfOpen'
    | 'natTraversalAnswer'
    | 'forcedEncapsulation'
    | 'natOriginalAddress'
    | 'encapsulationNumbers'
    | 'fragmentation'
    | 'deadPeerDetection'
    | 'acceptsAggressive'
    | 'sendsResponderLifetime'
    | 'refusesDialledAddress'
  >;
  readonly l2tp: L2tpConfig;
  readonly ppp: Pick<ResponderEndpointConfig['ppp'], 'name' | 'mru' | 'echoFailures' | 'retransmission'>;
  readonly sameUser: SameUserPolicy;
} {
  const { l2tp, ppp, natTraversalAnswer, deadPeerDetection } = profile;
  return {
    ike: {
      role: 'responder',
      natTraversal: natTraversal ? profile.natTraversal.value : [],
      vendorIds: vendorIdsOf(profile.vendorIds.value, natTraversal),
      retransmission: scaled(profile.retransmission.value, timerFactor),
      keepaliveSeconds: profile.keepaliveSeconds.value,
      choice: profile.choice.value,
      expectedPeerIdentity: profile.expectedPeerIdentity.value,
      quickModeAddresses: profile.quickModeAddresses.value,
      maximumHalfOpen: profile.maximumHalfOpen.value,
      ...(natTraversalAnswer.value !== 'chosen' && { natTraversalAnswer: natTraversalAnswer.value }),
      ...(profile.forcedEncapsulation.value && { forcedEncapsulation: true as const }),
      ...natHabitsOf(profile),
      ...(profile.encapsulationNumbers.value === 'either' && { encapsulationNumbers: 'either' as const }),
      ...(deadPeerDetection.value !== 'none' && { deadPeerDetection: deadPeerDetection.value }),
      ...(profile.acceptsAggressive.value && { acceptsAggressive: true as const }),
      ...(profile.sendsResponderLifetime.value && { sendsResponderLifetime: true as const }),
      ...(!profile.acceptsDialledAddress.value && { refusesDialledAddress: true as const }),
    },
    l2tp: {
      role: 'lns',
      hostName,
      vendorName: l2tp.vendorName.value,
      framingCapabilities: l2tp.framingCapabilities.value,
      bearerCapabilities: l2tp.bearerCapabilities.value,
      receiveWindowSize: l2tp.receiveWindowSize.value,
      helloSeconds: l2tp.helloSeconds.value,
      retransmission: scaled(l2tp.retransmission.value, timerFactor),
      maximumTunnels: l2tp.maximumTunnels.value,
    },
    ppp: {
      name: hostName,
      mru: ppp.mru.value,
      echoFailures: ppp.echoFailures.value,
      retransmission: scaled(ppp.retransmission.value, timerFactor),
    },
    sameUser: ppp.sameUser.value,
  };
}
