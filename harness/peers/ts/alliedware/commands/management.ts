import { type CommandForm, unmodelledCommand } from '../command.ts';
import { ipv4, number, text } from '../value.ts';

const noManagement = 'nobody manages this router from afar';

/** Remote management by Secure Shell, and short names for commands: checked, and without effect here. */
export const managementCommands: readonly CommandForm[] = [
  unmodelledCommand(
    'enable ssh server',
    {
      serverkey: number(0, 65535),
      hostkey: number(0, 65535),
      expirytime: number(0, 168).optional(),
      logintimeout: number(1, 600).optional(),
    },
    noManagement,
  ),
  unmodelledCommand(
    'add ssh user=',
    { user: text(15), password: text(31), ipaddress: ipv4.optional() },
    noManagement,
  ),
  unmodelledCommand('add alias=', { alias: text(132), string: text(132) }, 'nobody types at this router'),
];
