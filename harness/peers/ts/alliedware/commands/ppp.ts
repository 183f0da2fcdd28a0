import { type CommandForm, command, refused, takesEffect } from '../command.ts';
import { choice, ipv4, number, onOff, seconds, text } from '../value.ts';

/** Where `echo=on` and `lqr=on` give no period (CentreCOM AR450S Command Reference 2.9, SET PPP TEMPLATE; lqr recalled). */
const defaultEchoSeconds = 10;
const defaultLqrSeconds = 60;

/** PPP: the template of dynamic L2TP calls, and what IPCP hands out. */
export const pppCommands: readonly CommandForm[] = [
  command(
    'create ppp template=',
    {
      template: number(0, 31),
      authentication: choice('chap', 'pap', 'either', 'none').default('none'),
      echo: seconds(defaultEchoSeconds).optional(),
      ippool: text(15).optional(),
      bap: onOff.optional(),
      lqr: seconds(defaultLqrSeconds).optional(),
    },
    ({ template, authentication, echo, ippool, bap, lqr }, router, at) => {
      if (router.pppTemplates.has(template)) return refused(`there is a PPP template ${template} already`);
      if (authentication === 'none')
        return refused('authentication=none is not spoken here: chap and pap are');
      if ((lqr ?? 0) > 0) return refused('link quality reports are not spoken here: lqr=off with echo= is');
      router.pppTemplates.set(template, {
        authentication,
        echoSeconds: echo ?? 0,
        pool: ippool?.toLowerCase(),
        at,
      });
      const notes = [
        ...(bap === true ? ['bap=on is not modelled: no multilink, no BAP'] : []),
        ...(lqr === undefined ? ['lqr is on unless said otherwise, and not modelled'] : []),
      ];
      return takesEffect(`PPP of calls with template ${template}`, ...notes);
    },
    ['compression', 'encryption', 'idle', 'iprequest', 'magic', 'mru', 'mtu', 'multilink', 'restart', 'vjc'],
  ),
  command(
    'set ppp',
    { dnsprimary: ipv4.optional(), dnssecondary: ipv4.optional() },
    ({ dnsprimary, dnssecondary }, router) => {
      router.dns.primary = dnsprimary ?? router.dns.primary;
      router.dns.secondary = dnssecondary ?? router.dns.secondary;
      return takesEffect('name servers that IPCP tells clients');
    },
    ['winsprimary', 'winssecondary'],
  ),
];
