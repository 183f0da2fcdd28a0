import { peerOf } from '../../cell.ts';
import { type ConfigFile, configDirectory, quoted } from '../linux/configuration.ts';
import type { IkePlan } from '../linux/ike-daemon.ts';
import { phase1Of, phase2Of } from '../linux/proposals.ts';
import { usualProposals } from './algorithms.ts';
import { connmarkProfile, netfilterFile, uniqueMarks } from './connmark.ts';

export const strongswanConf = `${configDirectory}/strongswan.conf`;
export const swanctlConf = `${configDirectory}/swanctl.conf`;
/** Where charon tells its keys, and nowhere else: it ends with the kernel. */
export const ikeKeysFile = `${configDirectory}/ike-keys`;
/** Of the connection and of its one child. */
export const connectionName = 'l2tp';

/** charon's retransmission: 4 s, each gap 1.8 times the last (strongswan.conf, retransmit_timeout). */
const retransmitSeconds = 4;

/**
 * Only what pre-shared keys and these algorithms need: charon with all of Debian's plugins takes 5 s to start. What
 * several have is the first one's; only OpenSSL has groups 19 and 20.
 */
const plugins =
  'random nonce aes sha1 sha2 md5 hmac kdf gmp gcrypt kernel-netlink socket-default vici openssl';

/** Settings of the daemon and of a connection that is an L2TP/IPsec client's or responder's. */
export function strongswanFiles(plan: IkePlan): ConfigFile[] {
  return [
    { path: strongswanConf, text: daemonSettings(plan.settings.timerFactor) },
    { path: swanctlConf, text: connection(plan) },
    netfilterFile(hasMarks(plan)),
  ];
}

function hasMarks({ role, cell }: IkePlan): boolean {
  return role === 'responder' && peerOf(cell.responder).profile === connmarkProfile;
}

function daemonSettings(timerFactor: number): string {
  // A closing brace needs a line of its own: a value goes on to the end of its line.
  return `charon {
  load = ${plugins}
  retransmit_timeout = ${retransmitSeconds * timerFactor}
  install_routes = no
  filelog {
    output {
      path = /proc/self/fd/1
      flush_line = yes
      ike_name = yes
      default = 1
    }
    keys {
      path = ${ikeKeysFile}
      append = no
      flush_line = yes
      ike_name = yes
      default = -1
      ike = 4
    }
  }
}
swanctl {
  load = random
}
`;
}

/** Seconds before an SA is replaced, and 0 where this end replaces none. */
function replacedAfter(seconds: number, { role, settings: { lifetimes } }: IkePlan): number {
  if (lifetimes?.replacedBy !== role) return 0;
  return Math.max(seconds / 2, seconds - lifetimes.marginSeconds);
}

/** With IKEv1 an ISAKMP SA is replaced by a whole new one at this time too (swanctl.conf(5), rekey_time). */
function ikeLifetime(plan: IkePlan): string {
  const { lifetimes } = plan.settings;
  if (!lifetimes) return '';
  const after = replacedAfter(lifetimes.phase1Seconds, plan);
  return `
    rekey_time = ${after}s
    over_time = ${lifetimes.phase1Seconds - after}s
    rand_time = 0s`;
}

function childLifetime(plan: IkePlan): string[] {
  const { lifetimes } = plan.settings;
  if (!lifetimes) return [];
  const after = replacedAfter(lifetimes.phase2Seconds, plan);
  return [`rekey_time = ${after}s`, `life_time = ${lifetimes.phase2Seconds}s`, 'rand_time = 0s'];
}

/**
 * RFC 3193: transport mode for UDP port 1701 of the responder. The client's port may be any. An identity is not
 * asked for: a responder behind NAT names its inside address, which is not the one that was dialled. Nor does a
 * client's identity end another client's SA: behind two NATs both may name one and the same inside address.
 */
function connection(plan: IkePlan): string {
  const { role, settings } = plan;
  const isClient = role === 'client';
  const key = isClient ? settings.clientPreSharedKey : settings.preSharedKey;
  const child = [
    'mode = transport',
    `local_ts = dynamic[udp/${isClient ? settings.l2tpPort : 1701}]`,
    `remote_ts = dynamic[udp${isClient ? '/1701' : ''}]`,
    `esp_proposals = ${phase2Of(plan, usualProposals).join(', ')}`,
    ...(hasMarks(plan) ? uniqueMarks : []),
    ...childLifetime(plan),
  ];
  return `connections {
  ${connectionName} {
    version = 1
    proposals = ${phase1Of(plan, usualProposals).join(', ')}
    local_addrs = %any
    remote_addrs = ${isClient ? settings.dial : '%any'}
    unique = never${ikeLifetime(plan)}
    local {
      auth = psk
    }
    remote {
      auth = psk
      id = %any
    }
    children {
      ${connectionName} {
        ${child.join('\n        ')}
      }
    }
  }
}
secrets {
  ike-any {
    secret = ${quoted('pre-shared key', key)}
  }
}
`;
}
