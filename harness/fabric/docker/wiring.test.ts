import { expect, test } from 'vitest';
import { withClients } from '../../client-places.ts';
import { networkSettings } from '../../network-settings.ts';
import { loadTopology } from '../../topologies.ts';
import { smallTopology } from './small-topology.ts';
import { countersScript, offloadScript, rebindScript, resetScript, wiringScript } from './wiring.ts';

const pids = { client: 101, gw: 102, responder: 103, server: 104 };
const settings = (nat: string) => networkSettings(smallTopology, nat);
const wiring = wiringScript(smallTopology, settings('default'), pids);

test('one bridge per segment, one veth pair per interface, each into its own node', () => {
  expect([...wiring.matchAll(/link add name (\S+) type bridge/g)].map(([, name]) => name)).toEqual([
    'access',
    'inter',
    'office',
  ]);
  const pairs = [...wiring.matchAll(/name (\S+) type veth peer name (\S+) netns (\d+)/g)];
  expect(pairs.map(([, , segment, pid]) => `${segment} ${pid}`)).toEqual([
    'access 101',
    'access 102',
    'inter 102',
    'inter 103',
    'office 103',
    'office 104',
  ]);
  const ports = pairs.map(([, port = '']) => port);
  expect(new Set(ports).size).toBe(ports.length);
  // IFNAMSIZ, 16 with its final zero.
  for (const port of ports) expect(port.length).toBeLessThan(16);
});

test("addresses, gateways and rules go into the right node's namespace", () => {
  const inside = (pid: number) =>
    wiring.split('{\n').find((part) => part.includes(`} | nsenter -t ${pid} -n ip -batch -`));
  expect(inside(103)?.split('}')[0]).toBe(
    [
      'echo "link set dev lo up"',
      'quiet inter',
      'echo "address add 10.0.0.2/24 broadcast + dev inter"',
      'echo "link set dev inter up"',
      'quiet office',
      'echo "address add 192.168.2.1/24 broadcast + dev office"',
      'echo "link set dev office up"',
      'echo "route add default via 10.0.0.1"',
      '',
    ].join('\n'),
  );
  expect(wiring).toContain("nsenter -t 102 -n $iptables-restore <<'END'\n*nat\n");
  expect(wiring.match(/iptables-restore/g)).toHaveLength(1);
});

test('a variant replaces the rules of its boxes; connection tracking is emptied after it', () => {
  const closed = resetScript(smallTopology, settings('closed'), pids);
  expect(closed).not.toContain('forward-udp-500');
  expect(closed.indexOf('conntrack -F')).toBeGreaterThan(closed.indexOf('COMMIT'));
  expect(resetScript(smallTopology, settings('default'), pids)).toContain('forward-udp-500');
});

test('timers that the kernel does not have by itself are set in the box, and said where they cannot be', () => {
  expect(resetScript(smallTopology, settings('short-timeout'), pids)).toContain(
    'echo 35 >/proc/sys/net/netfilter/nf_conntrack_udp_timeout; echo 35 >/proc/sys/net/netfilter/nf_conntrack_udp_timeout_stream',
  );
  expect(resetScript(smallTopology, settings('default'), pids)).toContain(
    '"$(nsenter -t 102 -n cat /proc/sys/net/netfilter/nf_conntrack_udp_timeout_stream)" = 120 ]',
  );
});

test('a rebinding sets rules with any port before it forgets, and another address keeps its routes', () => {
  const topology = loadTopology('rebinding-nat');
  const ofHotel = { 'hotel-nat': 102, client: 101, isp: 103, responder: 104, server: 105 };
  const rebound = (nat: string) => rebindScript(topology, networkSettings(topology, nat), ofHotel);
  expect(rebound('default')).toContain('MASQUERADE --random-fully');
  expect(rebound('default')).not.toContain('address flush');
  expect(rebound('default').indexOf('conntrack -F')).toBeGreaterThan(rebound('default').indexOf('COMMIT'));
  expect(rebound('new-address')).toContain(
    "'address flush dev access' 'address add 198.18.1.11/24 broadcast + dev access' 'route replace default via 198.18.1.1'",
  );
  // The box has its own again with the next cell.
  expect(resetScript(topology, networkSettings(topology, 'default'), ofHotel)).toContain(
    "'address add 198.18.1.10/24 broadcast + dev access'",
  );
});

test('a worse wire is netem at every port of its segment, and a better one takes it away', () => {
  const topology = loadTopology('hotel-nat');
  const pidsOf = Object.fromEntries(Object.keys(topology.nodes).map((name, index) => [name, index + 1]));
  const links = (nat: string) =>
    resetScript(topology, networkSettings(topology, nat), pidsOf)
      .split('\n')
      .filter((line) => line.startsWith('tc '));
  const slow = links('slow').filter((line) => line.startsWith('tc qdisc replace'));
  const onInternet = Object.values(topology.nodes).filter(({ interfaces }) => interfaces.internet);
  expect(slow).toHaveLength(onInternet.length);
  for (const line of slow) expect(line).toContain('root netem delay 325ms 25ms loss 0% duplicate 0%');
  for (const line of links('default')) expect(line).toMatch(/^tc qdisc del /);
});

test('a smaller MTU is set at both ends of its segment, "too big" is lost there alone, and all of it is taken back', () => {
  const topology = loadTopology('hotel-nat');
  const pidsOf = Object.fromEntries(Object.keys(topology.nodes).map((name, index) => [name, index + 1]));
  const script = (nat: string) => resetScript(topology, networkSettings(topology, nat), pidsOf);
  const drop = '-A OUTPUT -p icmp --icmp-type fragmentation-needed -j DROP';
  for (const [nat, mtu, drops] of [
    ['black-hole', 1400, 2],
    ['small-mtu', 1400, 0],
    ['default', 1500, 0],
  ] as const) {
    expect(script(nat).match(new RegExp(`ip link set dev access mtu ${mtu}$`, 'gm'))).toHaveLength(2);
    expect(script(nat).split(drop)).toHaveLength(1 + drops);
    // Every node: what one learned of an earlier cell's wire would be believed of this one's.
    expect(script(nat)).toContain(
      `for pid in ${Object.values(pidsOf).join(' ')}; do nsenter -t $pid -n sh -euc "echo 1 >/proc/sys/net/ipv4/route/flush"`,
    );
  }
  expect(script('black-hole')).not.toContain('root netem delay 0ms');
});

test('a box that drops fragments has no memory for them, and any other what its kernel has by itself', () => {
  const reset = (nat: string) => resetScript(smallTopology, networkSettings(smallTopology, nat), pids);
  expect(reset('fragment-dropping')).toContain('echo 0 >/proc/sys/net/ipv4/ipfrag_high_thresh');
  expect(reset('default')).toContain('echo 4194304 >/proc/sys/net/ipv4/ipfrag_high_thresh');
});

test('both ends of every pair change their offloads', () => {
  const off = offloadScript(smallTopology, pids, 'off');
  expect(off.match(/tx off tso off gso off/g)).toHaveLength(1 + 4);
  expect(off).toContain('for end in port0 port1 port2 port3 port4 port5;');
  expect(offloadScript(smallTopology, pids, 'on')).not.toMatch(/ off\b/);
});

test('counters are read in the box that was asked for', () => {
  expect(countersScript(smallTopology, 'gw', pids)).toMatch(/nsenter -t 102 -n \$iptables-save -c$/);
});

test('every box of every place is set and forgets in its own namespace, also where addresses repeat', () => {
  const topology = withClients(loadTopology('sales-people'), 3);
  const numbers = Object.fromEntries(Object.keys(topology.nodes).map((name, index) => [name, 200 + index]));
  const reset = resetScript(topology, networkSettings(topology, 'default'), numbers);
  for (const box of ['hotel-nat', 'home-nat', 'cafe-nat', 'isp']) {
    expect(reset).toContain(`nsenter -t ${numbers[box]} -n conntrack -F`);
  }
  const masked = [...reset.matchAll(/nsenter -t (\d+) -n \$iptables-restore/g)].map(([, pid]) => Number(pid));
  expect(masked).toEqual(['hotel-nat', 'home-nat', 'cafe-nat'].map((box) => numbers[box]));
  // Nothing of the places that the cell does not take.
  const wired = wiringScript(topology, networkSettings(topology, 'default'), numbers);
  expect(wired).not.toMatch(/airport|fair|undefined/);
  expect(wired.match(/address add 192\.168\.1\.10\/24/g)).toHaveLength(3);
});
