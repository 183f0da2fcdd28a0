import type { LabNode } from '../../fabric/fabric.ts';
import type { IkeDaemon } from '../linux/ike-daemon.ts';
import { LinuxPeer } from '../linux/linux-peer.ts';
import type { Peer, PeerContext, PeerDriver } from '../peer.ts';
import { unsupported } from './capabilities.ts';
import { charonProgram, namesIkeSa, readCharonLog } from './charon-log.ts';
import { netfilterScript } from './connmark.ts';
import { readIkeKeys } from './ike-keys.ts';
import { connectionName, ikeKeysFile, strongswanConf, strongswanFiles, swanctlConf } from './swanctl.ts';

/** strongSwan's charon with xl2tpd and pppd, as a client and as a responder: 5.9.8 of Debian bookworm. */
export const strongswanDriver = strongswanPeer('strongswan', 'strongswan');
/** 6.0.1 of Debian trixie. What it is told, can do and logs was seen to be the same. */
export const strongswan6Driver = strongswanPeer('strongswan-6', 'strongswan@trixie');

function strongswanPeer(name: string, image: string): PeerDriver {
  return {
    name,
    roles: ['client', 'responder'],
    image,
    unsupported,
    start: (node: LabNode, context: PeerContext): Promise<Peer> =>
      LinuxPeer.start({ peer: name, ...charon }, node, context),
  };
}

const withSettings = ['env', `STRONGSWAN_CONF=${strongswanConf}`];
const swanctl = [...withSettings, 'swanctl'];

/** The daemon of all releases. */
export const charon: Omit<IkeDaemon, 'peer'> = {
  program: charonProgram,
  package: 'strongswan-charon',
  files: strongswanFiles,
  command: [...withSettings, '/usr/lib/ipsec/charon'],
  running: /\[JOB\] spawning \d+ worker threads$/,
  load: ['sh', '-ec', `${netfilterScript}; exec ${swanctl.join(' ')} --load-all --file ${swanctlConf}`],
  initiate: [...swanctl, '--initiate', '--child', connectionName],
  terminate: [...swanctl, '--terminate', '--ike', connectionName],
  read: readCharonLog,
  namesConnection: namesIkeSa,
  keys: { command: ['sh', '-c', `cat ${ikeKeysFile}; ${swanctl.join(' ')} --list-sas`], read: readIkeKeys },
  listIkeSas: ['sh', '-c', `${swanctl.join(' ')} --list-sas | grep '^[^ ]'`],
  halfOpen: /, CONNECTING, /,
};
