import type { TopologyNode } from '../../topology.ts';
import type { ContainerNeeds } from './lab-container.ts';

/** Enough to enter foreign network namespaces by process id, to build links there and to capture. */
export const wireNeeds: ContainerNeeds = {
  capabilities: ['SYS_ADMIN', 'NET_ADMIN', 'SYS_PTRACE', 'NET_RAW'],
  devices: [],
  sysctls: {},
  hostPids: true,
};

/** What a node of this kind needs; settings that a new namespace would copy from the host are always given. */
export function nodeNeeds({ kind }: Pick<TopologyNode, 'kind'>): ContainerNeeds {
  const endpoint = kind === 'client' || kind === 'responder';
  return {
    capabilities: ['NET_ADMIN', 'NET_RAW'],
    devices: endpoint ? ['/dev/net/tun'] : [],
    hostPids: false,
    // A peer that brings a kernel of its own runs it out of a file in memory, which engines mount noexec.
    // It holds nothing until that is done.
    ...(endpoint && { tmpfs: { '/dev/shm': 'rw,exec,nosuid,nodev,size=512m' } }),
    sysctls: {
      'net.ipv4.ip_forward': kind === 'client' || kind === 'host' ? '0' : '1',
      // Linux answers ARP for any address it has, on any interface, and a leak looks like a path.
      'net.ipv4.conf.all.arp_ignore': '1',
      // One "time exceeded" a second is less than cells that follow each other quickly ask of a responder.
      'net.ipv4.icmp_ratelimit': '0',
      'net.ipv4.conf.all.rp_filter': '0',
      'net.ipv4.conf.default.rp_filter': '0',
      'net.ipv4.conf.all.accept_redirects': '0',
      'net.ipv4.conf.all.send_redirects': '0',
      'net.ipv4.conf.default.send_redirects': '0',
    },
  };
}

/**
 * The same with the right to /dev/ppp, for PPP in the host's kernel. Not the device itself: an engine refuses to
 * start a container with one that its host does not have. The node makes it (Linux's number for it is 108:0), and
 * opening it then says what the kernel can.
 */
export function withPpp(needs: ContainerNeeds): ContainerNeeds {
  return { ...needs, deviceRules: ['c 108:0 rwm'] };
}
