import { type HostInterface, iptablesStatements, type ResponderHostConfig } from './alliedware/host.ts';

/**
 * A shell script that gives the responder's node what the AlliedWare script says: addresses, routes,
 * forwarding rules. Repeatable: tables are emptied first, addresses and routes replaced.
 */
export function hostScript(host: ResponderHostConfig, tunnelInterface: string): string {
  const device = (on: HostInterface) => (on.kind === 'tunnel' ? tunnelInterface : on.name);
  const lines = [
    ...host.addresses.map(
      ({ on, address, prefix }) => `ip address replace ${address}/${prefix} dev ${device(on)}`,
    ),
    ...host.routes.map(({ to, via, on }) => `ip route replace ${to} via ${via} dev ${device(on)}`),
    'iptables -P FORWARD ACCEPT',
    ...['filter', 'nat', 'mangle'].map((table) => `iptables -t ${table} -F`),
    ...iptablesStatements(host, tunnelInterface).map((words) => ['iptables', ...words].join(' ')),
  ];
  return `${lines.join('\n')}\n`;
}
