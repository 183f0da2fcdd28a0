import { type Cell, l2tpPortOf, peerOf } from '../cell.ts';
import { CrossnatError } from '../error.ts';
import type { ClientFacts } from '../oracle/facts.ts';
import { usualProposals } from '../peers/strongswan/algorithms.ts';
import { type ClientProfile, loadClientProfile } from '../peers/ts/profiles/client-profile.ts';
import { clientHasNatTraversal, natRuleValue } from '../peers/ts/profiles/ike-fields.ts';
import { firstEphemeralPort } from '../peers/ts/profiles/l2tp-fields.ts';
import { authenticationOf } from '../peers/ts/profiles/ppp-fields.ts';
import { goL2tpFacts } from './go-l2tp.ts';
import { libreswanClientFacts } from './libreswan.ts';
import { speaksEvery } from './speaks-every.ts';

/** What the client that dials as number `place` declares of itself: its profile's values, and the axes that change them. */
export function clientFacts(cell: Cell, place: number): ClientFacts {
  const facts = declaredFacts(cell);
  if (cell.sourceport === '1701') return facts;
  return { ...facts, ports: { ...facts.ports, local: l2tpPortOf(cell, place) } };
}

function declaredFacts(cell: Cell): ClientFacts {
  const { peer, profile } = peerOf(cell.client);
  if (peer === 'ts' && profile !== undefined) return profileFacts(cell, profile);
  if (cell.client === 'strongswan' || cell.client === 'strongswan-6') {
    return { ...strongswanFacts, sendsAllIntoTunnel: cell.gateway === 'remote' };
  }
  if (cell.client === 'go-l2tp') return goL2tpFacts;
  if (cell.client === 'libreswan' || cell.client === 'libreswan-5') return libreswanClientFacts(cell);
  throw new CrossnatError('usage', {
    doing: 'asking what must happen in a cell',
    found: `nothing is declared of the client ${cell.client}`,
    remedy: 'Choose a client with a profile, like ts:windows-xp-sp2, or declare it in harness/facts/',
  });
}

/**
 * strongSwan with xl2tpd and pppd. It names two revisions of NAT-T (isakmp_vendor.c, which is the same in 5.9.8
 * and 6.0.1); xl2tpd asks the kernel for no UDP checksums (network.c, SO_NO_CHECK).
 */
const strongswanFacts: ClientFacts = {
  natTraversal: ['rfc3947', 'draft-02n'],
  phase1: usualProposals.phase1,
  phase2: usualProposals.phase2,
  ports: { local: 1701, remote: 1701 },
  authentication: ['chap-md5', 'ms-chap-v2'],
  innerChecksum: false,
  sendsDeletes: true,
};

function profileFacts(cell: Cell, name: string): ClientFacts {
  const profile = loadClientProfile(name);
  return {
    natTraversal: clientHasNatTraversal(cell) ? profile.natTraversal.value : [],
    ...natRuleFacts(cell, profile),
    phase1: profile.phase1.value,
    phase2: profile.phase2.value,
    ports: portFacts(profile),
    authentication: authenticationOf(profile.ppp, cell),
    mru: profile.ppp.mru.value,
    ...(profile.fragmentation.value !== 'none' && { fragmentsIke: true as const }),
    ...(profile.ipsec?.value === false && { withoutIpsec: true as const }),
    keyEncoding: profile.preSharedKeyEncoding.value,
    warnsOfKey: true,
    ...(profile.phase1Mode.value === 'aggressive' && { aggressive: true as const }),
    ...(!profile.ppp.requestsDns.value && { requestsDns: false as const }),
    ...(profile.family === 'windows' && { windows: true as const }),
    ...(profile.pfs.value !== 'none' && { pfs: profile.pfs.value }),
    lifetimes: { phase1: profile.phase1LifetimeSeconds.value, phase2: profile.phase2LifetimeSeconds.value },
    natOriginalAddress: profile.natOriginalAddress.value,
    ...(profile.initialContact.value && { initialContact: true as const }),
    ...(profile.deadPeerDetection.value !== 'none' && { answersIfAlive: true as const }),
    ...(profile.keepaliveSeconds.value > 0 && { keepaliveSeconds: profile.keepaliveSeconds.value }),
    ...speaksEvery(
      profile.keepaliveSeconds.value,
      profile.l2tp.helloSeconds.value,
      profile.ppp.echoSeconds.value,
    ),
    ...securityTab(cell, profile),
    sendsAllIntoTunnel: cell.gateway === 'remote',
    innerChecksum: profile.l2tp.udpChecksums?.value !== false,
    sendsDeletes: profile.teardown.value.includes('phase1'),
    saysEndOf: profile.teardown.value,
    ...(profile.l2tp.tunnelIds.value === 'attempts' && { countsTunnels: true as const }),
  };
}

/** A security tab of which the sources say different things. */
function securityTab({ reading }: Cell, { ppp }: ClientProfile): Pick<ClientFacts, 'securityTab'> {
  if (ppp.authentication.confidence !== '?') return {};
  return { securityTab: reading === 'b' ? 'b' : 'a' };
}

function natRuleFacts(cell: Cell, { natRule }: ClientProfile): Pick<ClientFacts, 'natRule'> {
  if (natRule.value === 'none') return {};
  const own = natRule.value.whenRefused === 'stop-after-nat-detection' ? 'a' : 'b';
  const reading = cell.reading === 'none' ? own : cell.reading;
  const { value, withoutEffect } = natRuleValue(cell);
  return {
    natRule: {
      value,
      family: natRule.value.family,
      reading,
      ...(withoutEffect && { withoutEffect }),
    },
  };
}

/** Which port the system gives makes no difference to the rules: it is none that a policy names. */
function portFacts({ selectors, l2tp }: ClientProfile): ClientFacts['ports'] {
  const { local, remote } = selectors.value;
  const port = l2tp.port.value === 'ephemeral' ? firstEphemeralPort : l2tp.port.value;
  return { local: local === 'l2tp-port' ? port : local, remote };
}
