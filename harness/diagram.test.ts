import { expect, test } from 'vitest';
import { diagram } from './diagram.ts';
import { loadTopology, topologyNames } from './topologies.ts';
import { topologySchema } from './topology.ts';

test('draws the path with its addresses, the pinholes and the side branches', () => {
  const topology = topologySchema.parse({
    name: 'small',
    summary: 'the least that has everything',
    segments: {
      home: { subnet: '10.1.0.0/24' },
      street: { subnet: '198.18.0.0/24', public: true },
      lan: { subnet: '10.2.0.0/24' },
    },
    nodes: {
      client: { kind: 'client', label: 'at home', interfaces: { home: '10.1.0.2/24' }, gateway: '10.1.0.1' },
      tv: { kind: 'host', label: 'a bystander', interfaces: { home: '10.1.0.3/24' } },
      modem: {
        kind: 'nat',
        label: 'home gateway',
        interfaces: { home: '10.1.0.1/24', street: '198.18.0.1/24' },
        nat: {
          outside: 'street',
          forwards: [
            { protocol: 'esp', to: '10.1.0.2' },
            { protocol: 'udp', port: 500, to: '10.1.0.2' },
          ],
        },
      },
      office: {
        kind: 'responder',
        label: 'the office',
        interfaces: { street: '198.18.0.2/24', lan: '10.2.0.1/24' },
        gateway: '198.18.0.1',
      },
      files: { kind: 'host', label: 'file server', interfaces: { lan: '10.2.0.2/24' }, gateway: '10.2.0.1' },
    },
    dial: '198.18.0.2',
    server: 'files',
    path: ['client', 'home', 'modem', 'street', 'office', 'lan', 'files'],
  });
  expect(diagram(topology).replaceAll(/ {2,}/g, '  ').split('\n')).toEqual([
    'client  at home',
    '  |  home  10.1.0.2 -- 10.1.0.1  10.1.0.0/24',
    '  +-- tv 10.1.0.3',
    '[modem]  home gateway',
    '  |  hides what is behind it as 198.18.0.1',
    '  |  forwards ESP to 10.1.0.2',
    '  |  forwards UDP 500 to 10.1.0.2',
    '  |  street  198.18.0.1 -- 198.18.0.2 (dialled)  198.18.0.0/24, public',
    'office  the office',
    '  |  lan  10.2.0.1 -- 10.2.0.2  10.2.0.0/24',
    'files  file server',
  ]);
});

test.each(topologyNames())('%s fits 100 columns of plain text and names every node', (name) => {
  const topology = loadTopology(name);
  const text = diagram(topology);
  for (const line of text.split('\n')) expect(line).toMatch(/^[ -~]{1,100}$/);
  for (const node of Object.keys(topology.nodes)) expect(text).toContain(node);
});

test('a client at a place of its own stands behind the gateway by which its path joins', () => {
  expect(diagram(loadTopology('sales-people'))).toContain(
    '\n  +-- home-nat 198.18.1.11, home 192.168.1.0/24, client-2 192.168.1.10\n',
  );
});
