import { type CommandForm, command, refused, takesEffect } from '../command.ts';
import { addressRange, interfaceName, ipv4, ipv4Number, mask, text } from '../value.ts';

/** Addresses, routes and pools. */
export const ipCommands: readonly CommandForm[] = [
  command('enable ip', {}, (_, router) => {
    router.ip.enabled = true;
    return takesEffect('IP forwards');
  }),
  command(
    'add ip interface=',
    { interface: interfaceName, ip: ipv4, mask: mask.optional() },
    ({ interface: name, ip, mask: prefix }, router, at) => {
      if (router.ip.interfaces.has(name)) return refused(`interface ${name} has an address already`);
      router.ip.interfaces.set(name, { address: ip, prefix: prefix ?? classfulPrefix(ip), at });
      return takesEffect(`address of ${name}`);
    },
    ['broadcast', 'directedbroadcast', 'fragment', 'metric', 'proxyarp'],
  ),
  command(
    'add ip route=',
    { route: ipv4, mask: mask.optional(), interface: interfaceName, nexthop: ipv4 },
    ({ route, mask: prefix, interface: name, nexthop }, router, at) => {
      router.ip.routes.push({
        to: route,
        prefix: prefix ?? classfulPrefix(route),
        interface: name,
        via: nexthop,
        at,
      });
      return takesEffect(`route by ${nexthop}`);
    },
    ['metric', 'preference', 'policy'],
  ),
  command('create ip pool=', { pool: text(15), ip: addressRange }, ({ pool, ip }, router, at) => {
    const key = pool.toLowerCase();
    if (router.ip.pools.has(key)) return refused(`there is a pool ${pool} already`);
    router.ip.pools.set(key, { ...ip, name: pool, at });
    const size = ipv4Number(ip.last) - ipv4Number(ip.first) + 1;
    return takesEffect(`${size} addresses for users without one`);
  }),
];

/** The mask of an address's class (RFC 791 3.2), which holds where a command gives none. */
function classfulPrefix(address: string): number {
  const first = ipv4Number(address) / 2 ** 24;
  if (address === '0.0.0.0') return 0;
  return first < 128 ? 8 : first < 192 ? 16 : 24;
}
