import { type CommandForm, command, refused, takesEffect, unmodelledCommand } from '../command.ts';
import { restart } from '../router.ts';
import { choice, ipv4, number, onOff, text } from '../value.ts';

const privilege = choice('user', 'manager', 'securityofficer');

/** The router itself and its user database. */
export const systemCommands: readonly CommandForm[] = [
  command('set system', { name: text(120) }, ({ name }, router) => {
    router.systemName = name;
    return takesEffect('name of the L2TP host and of the CHAP authenticator');
  }),
  command('enable system security', {}, (_, router) => {
    router.systemSecurity = true;
    return takesEffect('encryption keys outlive a restart');
  }),
  command('login {name}', { name: text(64) }, ({ name }, router) =>
    router.users.has(name)
      ? takesEffect(`session of ${name}`)
      : refused(`there is no user ${name} to log in as`),
  ),
  command('restart {what}', { what: choice('router', 'reboot') }, (_, router) => {
    restart(router);
    return takesEffect(
      router.systemSecurity
        ? 'what was typed before is gone, the encryption keys stay'
        : 'what was typed before is gone, and so are the encryption keys: system security is off',
    );
  }),
  command(
    'add user=',
    {
      user: text(64),
      password: text(64),
      privilege: privilege.optional(),
      login: onOff.optional(),
      description: text(40).optional(),
      ip: ipv4.optional(),
    },
    ({ user, password, description, ip }, router, at) => {
      if (router.users.has(user)) return refused(`there is a user ${user} already`);
      router.users.set(user, { name: user, password, address: ip, description, at });
      return takesEffect(
        ip === undefined ? `user ${user}, address from the pool` : `user ${user}, always at ${ip}`,
      );
    },
    ['callingnumber', 'cbnumber', 'mtu', 'netmask', 'telnet'],
  ),
  command(
    'set user=',
    { user: text(64), password: text(64).optional(), description: text(40).optional(), ip: ipv4.optional() },
    ({ user, password, description, ip }, router) => {
      const known = router.users.get(user);
      if (!known) return refused(`there is no user ${user}`);
      known.password = password ?? known.password;
      known.description = description ?? known.description;
      known.address = ip ?? known.address;
      return takesEffect(`what the user database says of ${user}`);
    },
    ['privilege', 'login', 'callingnumber', 'cbnumber', 'mtu', 'netmask', 'telnet'],
  ),
  unmodelledCommand(
    'set user',
    { securedelay: number(10, 3600) },
    'nobody sits at this router: no privilege to lose by idling',
  ),
  unmodelledCommand('set config=', { config: text(32) }, 'the script is the configuration'),
  unmodelledCommand('create config=', { config: text(32) }, 'the script is the configuration'),
];
