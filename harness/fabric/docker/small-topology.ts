import { topologySchema } from '../../topology.ts';

/** The smallest topology with everything that the fabric's tests look at: a NAT box with a forward, in front of the responder. */
export const smallTopology = topologySchema.parse({
  name: 'small',
  summary: 'A responder behind one NAT box',
  segments: {
    access: { subnet: '198.18.1.0/24', public: true },
    inter: { subnet: '10.0.0.0/24' },
    office: { subnet: '192.168.2.0/24' },
  },
  nodes: {
    client: { kind: 'client', label: 'client', interfaces: { access: '198.18.1.10/24' } },
    gw: {
      kind: 'nat',
      label: 'NAT box',
      interfaces: { access: '198.18.1.1/24', inter: '10.0.0.1/24' },
      routes: [{ to: '192.168.2.0/24', via: '10.0.0.2' }],
      nat: { outside: 'access', forwards: [{ protocol: 'udp', port: 500, to: '10.0.0.2' }] },
    },
    responder: {
      kind: 'responder',
      label: 'responder',
      interfaces: { inter: '10.0.0.2/24', office: '192.168.2.1/24' },
      gateway: '10.0.0.1',
    },
    server: {
      kind: 'host',
      label: 'server',
      interfaces: { office: '192.168.2.10/24' },
      gateway: '192.168.2.1',
    },
  },
  dial: '198.18.1.1',
  server: 'server',
  path: ['client', 'access', 'gw', 'inter', 'responder', 'office', 'server'],
  variants: {
    closed: { summary: 'No forwards', boxes: { gw: { outside: 'access', forwards: [] } } },
    'esp-passes': {
      summary: 'ESP is forwarded',
      boxes: { gw: { outside: 'access', forwards: [{ protocol: 'esp', to: '10.0.0.2' }] } },
    },
  },
});
