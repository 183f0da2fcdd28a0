import { firewallRules, type HostInterface, type ResponderHostConfig } from './forwarding.ts';

/**
 * A shell script that gives the responder's node its addresses, routes and forwarding rules. Repeatable: all of it
 * replaces what was there. Two programs, however much that is: it runs before every cell.
 */
export function hostScript(host: ResponderHostConfig, tunnelInterface: string): string {
  const device = (on: HostInterface) => (on.kind === 'tunnel' ? tunnelInterface : on.name);
  return [
    "ip -batch - <<'END'",
    ...host.addresses.map(
      ({ on, address, prefix }) => `address replace ${address}/${prefix} dev ${device(on)}`,
    ),
    ...host.routes.map(({ to, via, on }) => `route replace ${to} via ${via} dev ${device(on)}`),
    'END',
    "iptables-restore <<'END'",
    `${firewallRules(host, tunnelInterface)}END`,
    '',
  ].join('\n');
}
