import { type Cell, peerOf } from '../../cell.ts';
import { CrossnatError } from '../../error.ts';
import { addressOf, containsAddress } from '../../subnet.ts';
import type { Topology } from '../../topology.ts';
import { type ConfigFile, configDirectory, quoted } from '../linux/configuration.ts';
import type { IkePlan } from '../linux/ike-daemon.ts';
import { phase1Of } from '../linux/proposals.ts';
import { numberedGroups, phase2Proposals, usualProposals } from './algorithms.ts';
import type { Release } from './release.ts';

export const ipsecConf = `${configDirectory}/ipsec.conf`;
const ipsecSecrets = `${configDirectory}/ipsec.secrets`;
export const connectionName = 'l2tp';

/**
 * pluto's own gaps are half a second twice, then each twice the last (ipsec.conf(5), retransmit-interval). A busy
 * machine was seen to be slower than that, and a repeated message 1 makes some responders begin a second main mode:
 * so its gaps are those that others have once they are shortened. What is shortened is how long it keeps on.
 */
const retransmitIntervalMs = 1000;
const retransmitTimeoutSeconds = 60;

/** Settings of the daemon, and of a connection that is an L2TP/IPsec client's or responder's. */
export function libreswanFiles(release: Release, topology: Topology, plan: IkePlan): ConfigFile[] {
  const { role, settings } = plan;
  const key = role === 'client' ? settings.clientPreSharedKey : settings.preSharedKey;
  return [
    { path: ipsecConf, text: `${daemonSettings}${connection(release, topology, plan)}` },
    { path: ipsecSecrets, text: `: PSK ${quoted('pre-shared key', key)}\n` },
  ];
}

/**
 * IKEv1 is dropped unless it is accepted. What NAT detection found shows in the debugging log alone. Helpers are
 * threads for the keys of many clients, and nobody asks a name server here. Two clients may name one inside
 * address, each behind a NAT of its own: the second must not end the first.
 */
const daemonSettings = `config setup
  ikev1-policy=accept
  secretsfile=${ipsecSecrets}
  logtime=no
  plutodebug=base
  nhelpers=0
  dnssec-enable=no
  uniqueids=no
`;

/**
 * RFC 3193: transport mode for UDP port 1701 of the responder. The client's port may be any. pluto's script for
 * routes and firewalls (updown) has nothing to do here, and takes half a second for each SA.
 */
function connection(release: Release, topology: Topology, plan: IkePlan): string {
  const { role, settings } = plan;
  const ends =
    role === 'client'
      ? [
          `leftprotoport=17/${settings.l2tpPort}`,
          `right=${settings.dial}`,
          `rightid=${responderIdentity(topology, plan.cell)}`,
          'rightprotoport=17/1701',
        ]
      : ['leftprotoport=17/1701', 'right=%any', 'rightprotoport=17/%any'];
  const lines = [
    release.onlyIkev1,
    'authby=secret',
    'type=transport',
    'pfs=no',
    'left=%defaultroute',
    ...ends,
    `ike=${phase1Of(plan, usualProposals).map(plutoName).join(',')}`,
    `esp=${phase2Proposals(plan).join(',')}`,
    `nat-ikev1-method=${hasNatTraversal(plan) ? 'both' : 'none'}`,
    `retransmit-interval=${retransmitIntervalMs}`,
    `retransmit-timeout=${retransmitTimeoutSeconds * settings.timerFactor}s`,
    'leftupdown=%disabled',
    ...lifetimesOf(plan),
    'auto=ignore',
  ];
  return `conn ${connectionName}\n${lines.map((line) => `  ${line}\n`).join('')}`;
}

/** A responder does not rekey unless the cell says so: the L2TP client calls again (libreswan's own example of L2TP). */
function lifetimesOf({ role, settings: { lifetimes } }: IkePlan): string[] {
  if (!lifetimes) return role === 'responder' ? ['rekey=no'] : [];
  return [
    `ikelifetime=${lifetimes.phase1Seconds}s`,
    `salifetime=${lifetimes.phase2Seconds}s`,
    `rekeymargin=${lifetimes.marginSeconds}s`,
    'rekeyfuzz=0%',
    `rekey=${lifetimes.replacedBy === role ? 'yes' : 'no'}`,
  ];
}

/** `3des-sha1-modp1536` in pluto's words: `3des-sha1;modp1536`. */
function plutoName(transform: string): string {
  return transform.replace(/-([^-]+)$/, (_, group) => `;${numberedGroups[group] ?? group}`);
}

function hasNatTraversal({ role, cell: { natt } }: IkePlan): boolean {
  return natt === 'both' || natt === (role === 'client' ? 'responder-off' : 'client-off');
}

/**
 * Who answers: the address of the responder's own on the way to the client, behind NAT not the one that is dialled.
 * pluto has to be told: with pre-shared keys it takes `%any` for the dialled address, and refuses `%fromcert`.
 * SoftEther names itself 0.0.0.0, which pluto reads as `%any` too, but not in hexadecimal.
 */
function responderIdentity({ name, nodes }: Topology, { responder }: Cell): string {
  if (peerOf(responder).peer === 'softether') return '0x00000000';
  const { interfaces = {}, gateway = '' } =
    Object.values(nodes).find(({ kind }) => kind === 'responder') ?? {};
  const outer = Object.values(interfaces).find((address) => containsAddress(address, gateway));
  if (outer !== undefined) return addressOf(outer);
  throw new CrossnatError('bad-data', {
    doing: `placing libreswan in topology ${name}`,
    found: "the responder's gateway is in none of its segments",
    remedy: 'Correct it in the topology file',
  });
}
