import { axisDefaults, type Cell } from '../cell.ts';
import type { ResponderFacts } from '../oracle/facts.ts';
import { revisionsOf } from '../peers/ts/profiles/named-revisions.ts';
import { loadPlainProfile, type ResponderProfile } from '../peers/ts/profiles/responder-profile.ts';
import type { Topology } from '../topology.ts';
import { l2tpPort, pool, saSpecifications, users } from './how-to.ts';
import { officeDns } from './office.ts';
import { speaksEvery } from './speaks-every.ts';

/**
 * Our stack as a responder that its profile sets up, in the How-To's office: its users, pool and name server. It
 * takes any port of its peer to 1701 (RFC 3193 section 4), and tells clients behind one NAT apart by their SAs.
 */
export function plainResponderFacts(name: string, cell: Cell, topology: Topology): ResponderFacts {
  const profile = loadPlainProfile(name);
  const natTraversal = cell.natt === 'both' || cell.natt === 'client-off';
  return {
    translatesUsers: true,
    natTraversal: natTraversal ? revisionsOf(profile.natTraversal.value, cell) : [],
    tellsEnds: true,
    pretendsNat: profile.forcedEncapsulation.value ? 'of-itself' : 'of-nobody',
    keyEncoding: profile.preSharedKeyEncoding.value,
    ...encapsulationNumbersOf(profile),
    phase1: cell.p1 === 'script' ? profile.phase1.value : cell.p1.split('+'),
    phase2:
      cell.p2 === axisDefaults.p2
        ? profile.phase2.value
        : cell.p2.split('-').flatMap((number) => saSpecifications[number] ?? []),
    phase1IsScriptDefault: false,
    ...sizesOf(profile),
    ...lifetimesOf(profile),
    ...pfsOf(profile),
    ...serverOf(name),
    followsMapping: 'port-and-address',
    maximumTunnels: profile.l2tp.maximumTunnels.value,
    ...speaksEvery(profile.ppp.echoSeconds.value, profile.l2tp.helloSeconds.value),
    ...findsDead(profile, profile.ppp.echoSeconds.value),
    choice: profile.choice.value,
    warnsOfDowngrades: true,
    ...(profile.acceptsAggressive.value && { acceptsAggressive: true as const }),
    sendsNotifies: profile.sendsNotifies.value,
    checksPeerIdentity: profile.expectedPeerIdentity.value === 'peer-address',
    checksQuickModeAddresses: profile.quickModeAddresses.value === 'outer',
    acceptsDialledAddress: profile.acceptsDialledAddress.value,
    dropsBadInnerChecksums: true,
    ...(profile.l2tp.udpChecksums?.value !== false && { innerChecksum: true as const }),
    clientsBehindOneNat: { toldApartBy: 'sa' },
    ports: { lport: l2tpPort },
    authentication: cell.auth === 'own' ? profile.ppp.authentication.value : [cell.auth],
    users,
    sameUser: profile.ppp.sameUser.value,
    pool,
    ...officeDns(topology),
  };
}

/** By what it learns that a client is there no more. */
export function findsDead(
  { ppp, deadPeerDetection: { value: detection } }: ResponderProfile,
  echoSeconds: number,
): Pick<ResponderFacts, 'echo' | 'asksIfAlive'> {
  return {
    ...(echoSeconds > 0 && { echo: { seconds: echoSeconds, failures: ppp.echoFailures.value } }),
    ...(detection !== 'none' && detection.mode === 'both' && { asksIfAlive: patience(detection) }),
  };
}

/** RFC 3706 5.4: asked when so long silent, and dead when the last question is over that it is asked. */
function patience(detection: { idleSeconds: number; retrySeconds: number; attempts: number }) {
  const { idleSeconds, retrySeconds, attempts } = detection;
  return { silentSeconds: idleSeconds, deadSeconds: idleSeconds + retrySeconds * attempts };
}

/** The rule table knows them by name (rules WIN-9, WIN-13). */
function serverOf(name: string): Pick<ResponderFacts, 'server'> {
  const server = (['windows-2000', 'windows-2003'] as const).find(
    (each) => name === each.replace('windows', 'windows-server'),
  );
  return server ? { server } : {};
}

/** How large what it takes may be: PPP packets, and messages of IKE. */
export function sizesOf({
  ppp,
  fragmentation,
}: ResponderProfile): Pick<ResponderFacts, 'mru' | 'fragmentsIke'> {
  return {
    mru: ppp.mru.value,
    ...(fragmentation.value !== 'none' && { fragmentsIke: true as const }),
  };
}

/** Seconds that it gives SAs of either phase. */
export function lifetimesOf(profile: ResponderProfile): Pick<ResponderFacts, 'lifetimes'> {
  return {
    lifetimes: { phase1: profile.phase1LifetimeSeconds.value, phase2: profile.phase2LifetimeSeconds.value },
  };
}

/** Whether a number of another revision than the agreed one means ESP in UDP to it (rule ESP-2). */
export function encapsulationNumbersOf({
  encapsulationNumbers,
}: ResponderProfile): Pick<ResponderFacts, 'takesEitherEncapsulation'> {
  return encapsulationNumbers.value === 'either' ? { takesEitherEncapsulation: true } : {};
}

/** The groups that it demands in quick mode, if it does (rule PROP-4). */
export function pfsOf({ pfs }: ResponderProfile): Pick<ResponderFacts, 'pfs'> {
  return pfs.value === 'any' ? {} : { pfs: pfs.value };
}
