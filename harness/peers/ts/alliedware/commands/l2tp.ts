import { type CommandForm, command, takesEffect } from '../command.ts';
import { addressRange, choice, ipv4Number, number } from '../value.ts';

/** L2TP calls that come in. */
export const l2tpCommands: readonly CommandForm[] = [
  command('enable l2tp', {}, (_, router) => {
    router.l2tp.enabled = true;
    return takesEffect('L2TP answers');
  }),
  command('enable l2tp server=', { server: choice('both', 'lac', 'lns') }, ({ server }, router) => {
    router.l2tp.server = server !== 'lac';
    return takesEffect(
      server === 'lac' ? 'no network server: calls are not taken' : 'incoming calls are taken',
    );
  }),
  command(
    'add l2tp ip=',
    { ip: addressRange, ppptemplate: number(0, 31) },
    ({ ip, ppptemplate }, router, at) => {
      router.l2tp.callers.push({ from: ip, pppTemplate: ppptemplate, at });
      const everywhere =
        ipv4Number(ip.first) <= ipv4Number('1.1.1.1') && ipv4Number(ip.last) >= ipv4Number('255.255.255.254');
      const notes = everywhere ? [] : ['calls from outside this range are not turned away: not modelled'];
      return takesEffect(`calls get PPP template ${ppptemplate}`, ...notes);
    },
  ),
];
