import { configDirectory } from './configuration.ts';

/** Of one control message; then xl2tpd gives the tunnel up. It waits 1, 2, 4 s between them and takes no other times. */
export const maximumRetries = 3;

/** What xl2tpd calls the one connection that a client has. */
const lacName = 'vpn';

export const pppOptionsFile = `${configDirectory}/ppp-options`;
const configFile = `${configDirectory}/xl2tpd.conf`;
const controlFile = `${configDirectory}/l2tp-control`;

/** xl2tpd in the foreground. */
export const xl2tpdCommand: readonly string[] = [
  'xl2tpd',
  ...['-D', '-c', configFile, '-C', controlFile, '-p', `${configDirectory}/xl2tpd.pid`],
];
export const xl2tpdListens = /: Listening on IP address .*, port \d+$/;

/** Where xl2tpd-control waits for answers; nothing else makes it. */
export const xl2tpdDirectory = '/run/xl2tpd';

/** Tells the running xl2tpd to dial or to hang up. */
function order(what: 'connect-lac' | 'disconnect-lac'): string[] {
  return ['xl2tpd-control', '-c', controlFile, what, lacName];
}

export const dialOrder: readonly string[] = order('connect-lac');

/**
 * Hangs up, and waits for the kernel to have no tunnel any more, three seconds at most. xl2tpd calls it closed as
 * soon as StopCCN is sent, and says nothing when that is acknowledged: an IPsec SA that ended in between would take
 * the acknowledgement along, and the tunnel would stay for all retransmissions.
 */
export const hangUpOrder: readonly string[] = [
  'sh',
  '-c',
  `${order('disconnect-lac').join(' ')} || exit
for look in $(seq 150); do
  grep -q '^TUNNEL .tunl' /proc/net/pppol2tp || exit 0
  sleep 0.02
done`,
];

/** A client that dials this address, and whose own end of the tunnel is this UDP port (RFC 2661 8.1). */
export function lacConfig(dial: string, port: number) {
  const text = `[global]
port = ${port}
max retries = ${maximumRetries}
[lac ${lacName}]
lns = ${dial}
require authentication = no
refuse pap = yes
pppoptfile = ${pppOptionsFile}
autodial = no
`;
  return { path: configFile, text };
}

export interface LnsNetwork {
  /** Its own end of every PPP link. */
  readonly localAddress: string;
  readonly pool: { readonly first: string; readonly last: string };
  /** Addresses in the pool that users have for themselves. */
  readonly reserved: readonly string[];
}

/** A responder that takes calls from anywhere and gives addresses out of a pool. It tells what AVPs callers send. */
export function lnsConfig({ localAddress, pool, reserved }: LnsNetwork) {
  const text = `[global]
max retries = ${maximumRetries}
debug avp = yes
[lns default]
ip range = ${pool.first}-${pool.last}
${reserved.map((address) => `no ip range = ${address}-${address}`).join('\n')}
local ip = ${localAddress}
require authentication = yes
require chap = yes
refuse pap = yes
name = office
pppoptfile = ${pppOptionsFile}
`;
  return { path: configFile, text };
}
