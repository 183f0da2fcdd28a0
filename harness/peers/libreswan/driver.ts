import type { Cell } from '../../cell.ts';
import type { LabNode } from '../../fabric/fabric.ts';
import type { IkeDaemon } from '../linux/ike-daemon.ts';
import { LinuxPeer } from '../linux/linux-peer.ts';
import type { Peer, PeerContext, PeerDriver } from '../peer.ts';
import { unsupported } from './capabilities.ts';
import { connectionName, ipsecConf, libreswanFiles } from './ipsec-conf.ts';
import { keptLines, namesState, plutoProgram, readPlutoLog } from './pluto-log.ts';
import { type Release, release4, release5 } from './release.ts';

/** libreswan's pluto with xl2tpd and pppd, as a client and as a responder: 4.10 and 5.2. */
export const libreswanDriver = driverOf(release4);
export const libreswan5Driver = driverOf(release5);

function driverOf(release: Release): PeerDriver {
  const { name, image } = release;
  return {
    name,
    roles: ['client', 'responder'],
    image,
    unsupported: (cell: Cell, role: 'client' | 'responder') => unsupported(release, cell, role),
    start: (node: LabNode, context: PeerContext): Promise<Peer> =>
      LinuxPeer.start(plutoOf(release, context), node, context),
  };
}

const programs = '/usr/libexec/ipsec';
const whack = `${programs}/whack`;
const runDirectory = '/run/pluto';

/** In the foreground, with the log on standard error. A pluto that was killed leaves a file that stops the next one. */
const startPluto = [
  `mkdir -p ${runDirectory}`,
  `rm -f ${runDirectory}/pluto.pid`,
  `${programs}/pluto --config ${ipsecConf} --nofork --stderrlog 2>&1 | grep --line-buffered -E '${keptLines}'`,
].join(' && ');

/** addconn of 4.10 ends well also with a connection that it could not read. */
const loadConnection = `${programs}/addconn --config ${ipsecConf} ${connectionName}
${whack} --status | grep '"${connectionName}":' >/dev/null`;

/** 4.10 keeps the policy as a trap: whatever L2TP sent after the end would begin a connection anew. */
const endConnection = ['--terminate', '--unroute']
  .map((order) => `${whack} ${order} --name ${connectionName}`)
  .join('\n');

function plutoOf(release: Release, { topology }: PeerContext): IkeDaemon {
  return {
    peer: release.name,
    program: plutoProgram,
    package: 'libreswan',
    files: (plan) => libreswanFiles(release, topology, plan),
    // Its end is pluto's, not that of the filter behind it.
    command: ['bash', '-o', 'pipefail', '-c', startPluto],
    running: /^loading secrets from /,
    load: ['sh', '-ec', loadConnection],
    initiate: [whack, '--initiate', '--name', connectionName],
    terminate: ['sh', '-c', endConnection],
    read: readPlutoLog,
    namesConnection: namesState,
    listIkeSas: ['sh', '-c', `${whack} --showstates | grep -o '#.* STATE_[^)]*)'`],
    halfOpen: / STATE_(MAIN_(R[012]|I[123])|QUICK_(R[01]|I1)) /,
  };
}
