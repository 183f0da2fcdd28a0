import { addressOf } from '../../subnet.ts';
import type { TopologyNode } from '../../topology.ts';

/** Where a kernel of our own stands: what of a topology's node becomes its own. */
export type Place = Pick<TopologyNode, 'kind' | 'interfaces' | 'gateway' | 'routes'>;

/** Run in the container before the kernel starts: the addresses and routes are the kernel's from now on. */
export function takeOverScript({ interfaces }: Place): string {
  return Object.keys(interfaces)
    .map((segment) => `ip address flush dev ${segment}`)
    .join('\n');
}

/**
 * The kernel's network devices, each a raw socket on the container's interface. Its hardware addresses differ
 * from the container's, so that the container's own kernel takes no frame of it for its own. `gro` makes room
 * for segments that senders leave to the device while no evidence is recorded: without it they are dropped.
 */
export function deviceArguments({ interfaces }: Place): string[] {
  return Object.entries(interfaces).map(
    ([segment, address], index) =>
      `vec${index}:transport=raw,ifname=${segment},depth=128,gro=1,mac=${hardwareAddress(addressOf(address))}`,
  );
}

/** Locally administered (IEEE 802), and the IPv4 address can be read in it. */
function hardwareAddress(address: string): string {
  const octets = address.split('.').map((octet) => Number(octet).toString(16).padStart(2, '0'));
  return ['02', '00', ...octets].join(':');
}

/** Run inside: interfaces get their segments' names, addresses and routes as the topology says, settings as every node's. */
export function networkScript({ kind, interfaces, gateway, routes }: Place): string {
  const set = (name: string, value: number) => `echo ${value} >/proc/sys/net/ipv4/${name}`;
  return [
    set('ip_forward', kind === 'client' ? 0 : 1),
    set('conf/all/arp_ignore', 1),
    set('conf/all/rp_filter', 0),
    set('conf/default/rp_filter', 0),
    set('conf/all/accept_redirects', 0),
    set('conf/all/send_redirects', 0),
    set('conf/default/send_redirects', 0),
    ...Object.entries(interfaces).flatMap(([segment, address], index) => [
      `ip link set dev vec${index} name ${segment}`,
      `ip address add ${address} broadcast + dev ${segment}`,
      `ip link set dev ${segment} up`,
    ]),
    ...(gateway === undefined ? [] : [`ip route add default via ${gateway}`]),
    ...routes.map(({ to, via }) => `ip route add ${to} via ${via}`),
  ].join('\n');
}
