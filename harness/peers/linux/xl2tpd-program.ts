import { tunnelRoutes } from '../../tunnel-routes.ts';
import { knownCallers } from '../office-users.ts';
import type { ConfigFile } from './configuration.ts';
import { callEnded, l2tpOutcome, l2tpProgram, namesTunnel, readL2tpLog, tunnelClosed } from './l2tp-log.ts';
import type { L2tpPlan, L2tpProgram } from './l2tp-program.ts';
import { officeNetwork } from './office.ts';
import { clientPppFiles, serverPppFiles } from './pppd.ts';
import {
  dialOrder,
  hangUpOrder,
  lacConfig,
  lnsConfig,
  xl2tpdCommand,
  xl2tpdDirectory,
  xl2tpdListens,
} from './xl2tpd.ts';

/** xl2tpd with pppd, in both roles. */
export const xl2tpd: L2tpProgram = {
  program: l2tpProgram,
  packages: ['xl2tpd', 'ppp'],
  files,
  prepare: `mkdir -p ${xl2tpdDirectory}`,
  command: xl2tpdCommand,
  running: xl2tpdListens,
  dial: dialOrder,
  farewell: [
    { command: ['pkill', '-TERM', '-x', 'pppd'], ended: callEnded },
    { command: hangUpOrder, ended: tunnelClosed },
  ],
  read: readL2tpLog,
  namesConnection: namesTunnel,
  outcome: l2tpOutcome,
};

function files({ role, cell, settings, topology, nodeName }: L2tpPlan): ConfigFile[] {
  const { user, password, dial, l2tpPort, timerFactor } = settings;
  if (role === 'client') {
    const routes = tunnelRoutes(cell, topology, nodeName);
    return [lacConfig(dial, l2tpPort), ...clientPppFiles(user, password, timerFactor, routes)];
  }
  const network = officeNetwork(topology, nodeName);
  const users = knownCallers(cell, settings);
  return [lnsConfig(network), ...serverPppFiles(users, network.dns, timerFactor)];
}
