import { sameUdpAddress } from '../address.ts';
import { protocolUdp } from '../ip/checksum.ts';
import type { SaPair } from '../sa.ts';
import type { IkeConfig, IkeInitiatorConfig, IkeResponderConfig } from './config.ts';
import { withDeadPeerVendorId } from './dpd.ts';
import type { Ends } from './exchange.ts';
import { sameEsp } from './phase2-proposal.ts';
import { findPolicy } from './policy.ts';
import type { SaTable } from './sa-table.ts';

/*
 * Who began a connection is not who begins each exchange of it: either end rekeys (RFC 2409 5.5). An end is
 * configured for the first exchange; here is what it takes the other role with.
 */

/** The settings of this end in either role. */
export interface Roles {
  readonly initiator: IkeInitiatorConfig;
  readonly responder: IkeResponderConfig;
}

export function rolesOf(config: IkeConfig): Roles {
  const vendorIds = withDeadPeerVendorId(config);
  return config.role === 'initiator'
    ? { initiator: { ...config, vendorIds }, responder: { ...asResponder(config), vendorIds } }
    : { initiator: { ...asInitiator(config), vendorIds }, responder: { ...config, vendorIds } };
}

/**
 * A responder as initiator: what it offers in phase 2 comes with the SA that it replaces (`renewing`). One without a key
 * has no SA to replace.
 */
function asInitiator(config: IkeResponderConfig): IkeInitiatorConfig {
  const { preSharedKey = new Uint8Array() } = config;
  return { ...config, preSharedKey, role: 'initiator', phase2: [], localPort: 0, peerPort: 0 };
}

/** An initiator as responder takes the traffic that it would offer, in its peer's words. */
function asResponder(config: IkeInitiatorConfig): IkeResponderConfig {
  const { localPort, peerPort } = config;
  return {
    ...config,
    role: 'responder',
    policies: [
      {
        name: 'own traffic',
        protocol: protocolUdp,
        ...(localPort === 0 ? {} : { localPort }),
        ...(peerPort === 0 ? {} : { peerPort }),
        proposals: config.phase2,
      },
    ],
    choice: 'initiator-order',
    expectedPeerIdentity: 'any',
    quickModeAddresses: 'any',
    sendsNotifies: true,
    sendsDeletes: true,
    maximumHalfOpen: 2,
  };
}

/** The settings for a quick mode in the place of `pair`: a responder offers the algorithms that are in use, for as long as its policy says. */
export function renewing(config: IkeConfig, { initiator }: Roles, pair: SaPair): IkeInitiatorConfig {
  if (config.role === 'initiator') return initiator;
  const policy = findPolicy(config.policies, pair.peerSelector, pair.localSelector);
  const esp = { ...pair.inbound.algorithms, ...(pair.mode === 'tunnel' ? { mode: pair.mode } : {}) };
  const phase2 = policy?.proposals.filter((proposal) => sameEsp(proposal, esp)) ?? [];
  const [pfs] = policy?.pfs ?? [];
  return {
    ...initiator,
    phase2,
    localPort: pair.localSelector.port,
    peerPort: pair.peerSelector.port,
    ...(pfs === undefined ? {} : { pfs }),
  };
}

/**
 * The same settings, without INITIAL-CONTACT where an SA with that peer exists already (RFC 2407 4.6.3.3). An
 * initiator may still be on port 500 when it says so: there the address decides.
 */
export function withoutFalseContact<Config extends IkeConfig>(
  config: Config,
  table: SaTable,
  { peer }: Ends,
): Config {
  if (config.initialContact === undefined) return config;
  const known = table.established.some(({ ends }) =>
    config.role === 'initiator' ? ends.peer.ip === peer.ip : sameUdpAddress(ends.peer, peer),
  );
  if (!known) return config;
  const { initialContact: _, ...others } = config;
  return others as Config;
}
