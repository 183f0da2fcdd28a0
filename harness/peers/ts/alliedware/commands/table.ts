import type { CommandForm } from '../command.ts';
import { encoCommands } from './enco.ts';
import { firewallCommands } from './firewall.ts';
import { ipCommands } from './ip.ts';
import { ipsecCommands } from './ipsec.ts';
import { isakmpCommands } from './isakmp.ts';
import { l2tpCommands } from './l2tp.ts';
import { managementCommands } from './management.ts';
import { pppCommands } from './ppp.ts';
import { systemCommands } from './system.ts';

/** Every command that is understood. */
export const commandTable: readonly CommandForm[] = [
  ...systemCommands,
  ...encoCommands,
  ...pppCommands,
  ...l2tpCommands,
  ...ipCommands,
  ...firewallCommands,
  ...ipsecCommands,
  ...isakmpCommands,
  ...managementCommands,
];
