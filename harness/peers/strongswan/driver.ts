import type { LabNode } from '../../fabric/fabric.ts';
import type { IkeDaemon } from '../linux/ike-daemon.ts';
import { LinuxPeer } from '../linux/linux-peer.ts';
import type { Peer, PeerContext, PeerDriver } from '../peer.ts';
import { unsupported } from './capabilities.ts';
import { charonProgram, readCharonLog } from './charon-log.ts';
import { connectionName, strongswanConf, strongswanFiles, swanctlConf } from './swanctl.ts';

/** strongSwan's charon with xl2tpd and pppd, as a client and as a responder, on a kernel of its own. */
export const strongswanDriver: PeerDriver = {
  name: 'strongswan',
  roles: ['client', 'responder'],
  image: 'strongswan',
  unsupported,
  start: (node: LabNode, context: PeerContext): Promise<Peer> => LinuxPeer.start(charon, node, context),
};

const withSettings = ['env', `STRONGSWAN_CONF=${strongswanConf}`];
const swanctl = [...withSettings, 'swanctl'];

const charon: IkeDaemon = {
  peer: 'strongswan',
  program: charonProgram,
  package: 'strongswan-charon',
  files: strongswanFiles,
  command: [...withSettings, '/usr/lib/ipsec/charon'],
  running: /\[JOB\] spawning \d+ worker threads$/,
  load: [...swanctl, '--load-all', '--file', swanctlConf],
  initiate: [...swanctl, '--initiate', '--child', connectionName],
  terminate: [...swanctl, '--terminate', '--ike', connectionName],
  read: readCharonLog,
  listIkeSas: ['sh', '-c', `${swanctl.join(' ')} --list-sas | grep '^[^ ]'`],
  halfOpen: /, CONNECTING, /,
};
