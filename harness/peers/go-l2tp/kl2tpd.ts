import { type ConfigFile, configDirectory } from '../linux/configuration.ts';
import type { L2tpPlan, L2tpProgram } from '../linux/l2tp-program.ts';
import { kl2tpdOutcome, kl2tpdProgram, readKl2tpdLog, shutDown } from './kl2tpd-log.ts';

const configFile = `${configDirectory}/kl2tpd.toml`;
const dialFile = `${configDirectory}/dial`;

/** What an LNS is told that it is called by (RFC 2661 4.4.3, Host Name); a kernel of one's own has no name. */
const hostName = 'go-l2tp';

/** Milliseconds before a control message is sent again; twice that before the next time (kl2tpd.toml(5), retry_timeout). */
const retryTimeout = 1000;

const waits = 'waiting for the order to dial';

/** kl2tpd dials as soon as it runs, and takes no orders: the shell before it waits for one. */
const dialsWhenTold = [
  `echo ${waits}`,
  `read -r order <${dialFile}`,
  `exec kl2tpd -null -config ${configFile}`,
].join(' && ');

/**
 * kl2tpd without a data plane (kl2tpd(8), -null): it brings a tunnel and a session up, and has nothing then that
 * could carry PPP.
 */
export const kl2tpd: L2tpProgram = {
  program: kl2tpdProgram,
  packages: ['strongswan-charon'],
  files: (plan) => [tunnelFile(plan)],
  prepare: `rm -f ${dialFile} && mkfifo ${dialFile}`,
  command: ['sh', '-c', dialsWhenTold],
  running: new RegExp(`^${waits}$`),
  dial: ['sh', '-c', `echo dial >${dialFile}`],
  farewell: [{ command: ['pkill', '-TERM', '-x', 'kl2tpd'], ended: shutDown }],
  read: readKl2tpdLog,
  outcome: kl2tpdOutcome,
};

/** One tunnel with one session in it (kl2tpd.toml(5)). */
function tunnelFile({ settings: { dial, l2tpPort, timerFactor } }: L2tpPlan): ConfigFile {
  const text = `[tunnel.office]
peer = "${dial}:1701"
local = "0.0.0.0:${l2tpPort}"
version = "l2tpv2"
encap = "udp"
host_name = "${hostName}"
retry_timeout = ${Math.max(1, Math.round(retryTimeout * timerFactor))}
[tunnel.office.session.call]
pseudowire = "ppp"
`;
  return { path: configFile, text };
}
