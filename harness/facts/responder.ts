import { type Cell, peerOf } from '../cell.ts';
import { CrossnatError } from '../error.ts';
import type { ResponderFacts } from '../oracle/facts.ts';
import { release4, release5 } from '../peers/libreswan/release.ts';
import { usualProposals } from '../peers/strongswan/algorithms.ts';
import { revisionsOf } from '../peers/ts/profiles/named-revisions.ts';
import { keyCharactersOf } from '../peers/ts/profiles/pre-shared-key.ts';
import {
  loadScriptProfile,
  profilesThatStandAlone,
  type ScriptProfile,
} from '../peers/ts/profiles/responder-profile.ts';
import { suggestion } from '../suggestion.ts';
import type { Topology } from '../topology.ts';
import {
  authentication,
  howToEchoSeconds,
  l2tpPort,
  phase1Default,
  pool,
  poolOfOne,
  saSpecifications,
  scriptFacts,
  users,
} from './how-to.ts';
import { libreswanResponderFacts } from './libreswan.ts';
import { officeDns } from './office.ts';
import { marksOfLastSpeaker, sessionOfIds, sessionOfSocket } from './one-address.ts';
import {
  encapsulationNumbersOf,
  findsDead,
  lifetimesOf,
  pfsOf,
  plainResponderFacts,
  sizesOf,
} from './plain-responder.ts';
import { speaksEvery } from './speaks-every.ts';

const declared: Readonly<Record<string, (cell: Cell, topology: Topology) => ResponderFacts>> = {
  'ts:alliedware': alliedWareFacts,
  ...Object.fromEntries(profilesThatStandAlone().map((name) => [`ts:${name}`, standingAlone(name)])),
  softether: softEtherFacts,
  strongswan: (cell, topology) => strongswanFacts(cell, topology, sessionOfSocket),
  'strongswan-6': (cell, topology) => strongswanFacts(cell, topology, sessionOfIds),
  'strongswan-6:connmark': (cell, topology) => strongswanFacts(cell, topology, marksOfLastSpeaker),
  libreswan: (cell, topology) => libreswanResponderFacts(release4, cell, topology),
  'libreswan-5': (cell, topology) => libreswanResponderFacts(release5, cell, topology),
};

function standingAlone(name: string) {
  return (cell: Cell, topology: Topology) => plainResponderFacts(name, cell, topology);
}

/** What a cell's responder declares of itself. Throws `usage` for one that nothing is declared of. */
export function responderFacts(cell: Cell, topology: Topology): ResponderFacts {
  const { peer, profile } = peerOf(cell.responder);
  const known = declared[profile === undefined ? peer : `${peer}:${profile}`];
  if (known) return known(cell, topology);
  throw new CrossnatError('usage', {
    doing: 'asking what must happen in a cell',
    found: `nothing is declared of the responder ${cell.responder}`,
    remedy: suggestion(cell.responder, Object.keys(declared)),
  });
}

/** The How-To's script on an AlliedWare router, with the cell's changes. */
function alliedWareFacts(cell: Cell, topology: Topology): ResponderFacts {
  const profile = loadScriptProfile('alliedware');
  const natTraversal = cell.natt === 'both' || cell.natt === 'client-off';
  return {
    tellsEnds: true,
    natTraversal: natTraversal ? revisionsOf(profile.natTraversal.value, cell) : [],
    pretendsNat: 'of-nobody',
    ...encapsulationNumbersOf(profile),
    ...keyFacts(cell, profile),
    script: scriptFacts(cell),
    phase1: cell.p1 === 'script' ? [phase1Default(cell)] : [cell.p1],
    phase2: cell.p2
      .split('-')
      .flatMap((number) => saSpecifications[number] ?? [])
      .filter((transform) => cell.script !== 'no-3des' || !transform.startsWith('3des')),
    phase1IsScriptDefault: cell.p1 === 'script',
    ...sizesOf(profile),
    ...lifetimesOf(profile),
    ...pfsOf(profile),
    followsMapping: 'port-and-address',
    ...speaksEvery(howToEchoSeconds, profile.l2tp.helloSeconds.value),
    ...findsDead(profile, howToEchoSeconds),
    choice: profile.choice.value,
    warnsOfDowngrades: true,
    ...(profile.acceptsAggressive.value && { acceptsAggressive: true as const }),
    sendsNotifies: profile.sendsNotifiesUnlessSet.value,
    checksPeerIdentity: profile.expectedPeerIdentity.value === 'peer-address',
    checksQuickModeAddresses: profile.quickModeAddresses.value === 'outer',
    acceptsDialledAddress: profile.acceptsDialledAddress.value,
    dropsBadInnerChecksums: true,
    innerChecksum: true,
    clientsBehindOneNat: { toldApartBy: 'sa' },
    ports: {
      ...((cell.ports === 'lport' || cell.ports === 'both') && { lport: l2tpPort }),
      ...((cell.ports === 'rport' || cell.ports === 'both') && { rport: l2tpPort }),
    },
    authentication: cell.auth === 'own' ? authentication : [cell.auth],
    users,
    sameUser: profile.ppp.sameUser.value,
    pool: cell.script === 'pool-of-one' ? poolOfOne : pool,
    ...officeDns(topology),
  };
}

/** What became of the pre-shared key that was typed into the router. */
function keyFacts(cell: Cell, profile: ScriptProfile): Pick<ResponderFacts, 'keyEncoding' | 'keyIsMissing'> {
  const isRefused = cell.psk === 'special' && keyCharactersOf(profile, cell) === 'alphanumeric';
  const keyIsMissing = isRefused ? 'refused' : cell.script === 'key-lost' ? 'lost' : undefined;
  return { keyEncoding: profile.preSharedKeyEncoding.value, ...(keyIsMissing && { keyIsMissing }) };
}

/**
 * SoftEther VPN Server with SecureNAT: takes what it is offered from a table that no document gives,
 * and hands out addresses of its own network, which it translates (the field facts A2, A3, C4; its manual for SecureNAT).
 * Probed: it takes aggressive mode, and ESP in UDP by the number of a revision that was not agreed on; to every client it says that this one is behind NAT; with another key than its own it neither answers message 5 nor logs anything of it.
 */
function softEtherFacts(cell: Cell): ResponderFacts {
  const natTraversal = cell.natt === 'both' || cell.natt === 'client-off';
  return {
    natTraversal: natTraversal ? ['rfc3947', 'draft-02n'] : [],
    takesEitherEncapsulation: true,
    translatesUsers: true,
    pretendsNat: 'of-clients',
    phase1: undefined,
    phase2: undefined,
    phase1IsScriptDefault: false,
    choice: 'initiator-order',
    warnsOfDowngrades: false,
    acceptsAggressive: true,
    silentOnWrongKey: true,
    checksPeerIdentity: false,
    checksQuickModeAddresses: false,
    acceptsDialledAddress: true,
    dropsBadInnerChecksums: false,
    clientsBehindOneNat: { toldApartBy: 'sa' },
    ports: {},
    authentication: ['ms-chap-v2'],
    // Its DHCP server has a fixed address for nobody.
    users: users.map(({ name }) => ({ name })),
    pool: { first: '192.168.30.10', last: '192.168.30.200' },
    dns: '192.168.30.1',
  };
}

/**
 * strongSwan with xl2tpd and pppd, set up as the How-To's router: its users, pool and name server, CHAP. It
 * answers four revisions of NAT-T (isakmp_vendor.c) and asks for no identity, as it is set up; it prefers its own
 * order (strongswan.conf, prefer_configured_proposals), takes quick modes for addresses that NAT-T explains and
 * for no others (quick_mode.c), and narrows ports instead of comparing them; 6.0.1 as 5.9.8. Linux drops bad UDP
 * checksums.
 */
function strongswanFacts(
  cell: Cell,
  topology: Topology,
  clientsBehindOneNat: ResponderFacts['clientsBehindOneNat'],
): ResponderFacts {
  return {
    natTraversal: ['rfc3947', 'draft-03', 'draft-02', 'draft-02n'],
    // proposal_substructure.c (get_encap_mode): the draft's number and the RFC's are one mode.
    takesEitherEncapsulation: true,
    pretendsNat: 'of-nobody',
    phase1: cell.p1 === 'script' ? usualProposals.phase1 : cell.p1.split('+'),
    phase2: cell.p2.split('-').flatMap((number) => saSpecifications[number] ?? []),
    phase1IsScriptDefault: false,
    choice: 'responder-order',
    warnsOfDowngrades: false,
    // i_dont_care_about_security_and_use_aggressive_mode_psk is off (aggressive_mode.c: AUTHENTICATION_FAILED).
    refusesAggressiveAs: 'auth-failed',
    checksPeerIdentity: false,
    checksQuickModeAddresses: true,
    acceptsDialledAddress: true,
    dropsBadInnerChecksums: true,
    clientsBehindOneNat,
    // xl2tpd, control.c: a second tunnel with the same id and address is a repetition, whatever the port.
    takesTunnelIdOnce: true,
    ports: {},
    authentication,
    users,
    pool,
    ...officeDns(topology),
  };
}
