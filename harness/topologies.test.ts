import { expect, test } from 'vitest';
import { CrossnatError } from './error.ts';
import { loadTopology, topologyNames } from './topologies.ts';

test('every topology of the folder loads, and the placements of the AlliedWare How-To are among them', () => {
  const placements = ['direct', 'hotel-nat', 'remote-office-nat', 'office-nat', 'both-nat'];
  expect(topologyNames()).toEqual(expect.arrayContaining(placements));
  for (const name of topologyNames()) expect(loadTopology(name).name).toBe(name);
});

test('the office gateway has the pinholes of the AlliedWare How-To', () => {
  // How-To: "that device must be configured with allow rules ("pinholes") for UDP 500 and UDP 4500 traffic".
  for (const name of ['office-nat', 'both-nat']) {
    const { nodes, variants } = loadTopology(name);
    const ports = (forwards: readonly { protocol: string; port?: number | undefined }[] | undefined) =>
      forwards?.map(({ protocol, port }) => `${protocol} ${port}`);
    expect(ports(nodes['office-nat']?.nat?.forwards)).toEqual(['udp 500', 'udp 4500']);
    expect(ports(variants['no-forwards']?.boxes['office-nat']?.forwards)).toEqual([]);
    expect(ports(variants['only-500']?.boxes['office-nat']?.forwards)).toEqual(['udp 500']);
  }
});

test('shared-nat is hotel-nat with further people in the hotel', () => {
  const { nodes, ...shared } = loadTopology('shared-nat');
  const { nodes: alone, ...hotel } = loadTopology('hotel-nat');
  expect({ ...shared, name: '', summary: '' }).toEqual({ ...hotel, name: '', summary: '', variants: {} });
  const places = ['client', 'client-2', 'client-3', 'client-4', 'client-5'];
  expect(Object.keys(nodes)).toEqual([...places, ...Object.keys(alone).filter((name) => name !== 'client')]);
  expect(places.map((name) => nodes[name]?.interfaces)).toEqual(
    [10, 11, 12, 13, 14].map((host) => ({ hotel: `192.168.1.${host}/24` })),
  );
  for (const [name, node] of Object.entries(alone)) {
    expect({ ...nodes[name], label: '' }).toEqual({ ...node, label: '' });
  }
});

test('a gateway that filters permits what the sources print, right and wrong', () => {
  const printed = (name: string, variant?: string) => {
    const { nodes, variants } = loadTopology(name);
    const filter = variant === undefined ? nodes.gateway?.filter : variants[variant]?.filters.gateway;
    return filter?.permits.map(({ protocol, port }) => [protocol, port].join(' ').trim()).sort();
  };
  for (const name of ['filtering-gateway', 'hotel-nat-filter']) {
    // AlliedWare How-To: "a protocol 50 permit rule in addition to the UDP 500 and UDP 4500 permit rules".
    expect(printed(name)).toEqual(['esp', 'udp 4500', 'udp 500']);
    expect(printed(name, 'pinholes')).toEqual(['udp 4500', 'udp 500']);
    // The KB 818043 article: UDP 500, UDP 1701, UDP 4500 and "TCP Port 50".
    expect(printed(name, 'tcp-50')).toEqual(['tcp 50', 'udp 1701', 'udp 4500', 'udp 500']);
    // The VPN set-up post: protocols 50 and 51, UDP 4500, 500 and 1701.
    expect(printed(name, 'vpn-post')).toEqual(['ah', 'esp', 'udp 1701', 'udp 4500', 'udp 500']);
  }
});

test('an unknown name is a usage error with the nearest name', () => {
  const attempt = () => loadTopology('offce-nat');
  expect(attempt).toThrow(CrossnatError);
  expect(attempt).toThrow(/there is no topology "offce-nat"\. Did you mean office-nat\?/);
  expect(() => loadTopology('../secrets')).toThrow(/there is no topology/);
});
