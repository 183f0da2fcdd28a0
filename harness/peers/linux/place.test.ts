import { expect, test } from 'vitest';
import { loadTopology } from '../../topologies.ts';
import { deviceArguments, networkScript, type Place, takeOverScript } from './place.ts';

const { nodes } = loadTopology('office-nat');
const place = (name: string): Place => {
  const node = nodes[name];
  if (!node) throw new Error(`no node ${name}`);
  return node;
};

test('a responder takes both of its segments with it', () => {
  expect(takeOverScript(place('responder'))).toBe(
    'ip address flush dev interconn\nip address flush dev office',
  );
  expect(deviceArguments(place('responder'))).toEqual([
    'vec0:transport=raw,ifname=interconn,depth=128,gro=1,mac=02:00:0a:00:00:02',
    'vec1:transport=raw,ifname=office,depth=128,gro=1,mac=02:00:c0:a8:02:01',
  ]);
});

test('inside, addresses, routes and forwarding are what the topology says', () => {
  const script = networkScript(place('responder')).split('\n');
  expect(script).toContain('echo 1 >/proc/sys/net/ipv4/ip_forward');
  expect(script.slice(-7)).toEqual([
    'ip link set dev vec0 name interconn',
    'ip address add 10.0.0.2/24 broadcast + dev interconn',
    'ip link set dev interconn up',
    'ip link set dev vec1 name office',
    'ip address add 192.168.2.1/24 broadcast + dev office',
    'ip link set dev office up',
    'ip route add default via 10.0.0.1',
  ]);
});

test('a client forwards nothing, and routes of its own come last', () => {
  const routes = [{ to: '10.9.0.0/16', via: '198.18.1.1' }];
  const script = networkScript({ ...place('client'), routes }).split('\n');
  expect(script).toContain('echo 0 >/proc/sys/net/ipv4/ip_forward');
  expect(script.at(-1)).toBe('ip route add 10.9.0.0/16 via 198.18.1.1');
});
