import { expect, test } from 'vitest';
import { smallTopology } from './small-topology.ts';
import { leaks } from './wiring-state.ts';

interface State {
  links: Record<string, string>;
  routes: { dst: string; gateway?: string; dev?: string }[];
}

/** What the nodes print when all is as the topology says: written from its file, not from a run. */
function sound(): Record<string, State> {
  const lo = { lo: '127.0.0.1/8' };
  return {
    client: { links: { ...lo, access: '198.18.1.10/24' }, routes: [{ dst: '198.18.1.0/24', dev: 'access' }] },
    gw: {
      links: { ...lo, access: '198.18.1.1/24', inter: '10.0.0.1/24' },
      routes: [{ dst: '192.168.2.0/24', gateway: '10.0.0.2', dev: 'inter' }],
    },
    responder: {
      links: { ...lo, inter: '10.0.0.2/24', office: '192.168.2.1/24' },
      routes: [{ dst: 'default', gateway: '10.0.0.1', dev: 'inter' }],
    },
    server: {
      links: { ...lo, office: '192.168.2.10/24' },
      routes: [{ dst: 'default', gateway: '192.168.2.1', dev: 'office' }],
    },
  };
}

function printed(states: Record<string, State>): string {
  const each = Object.entries(states).map(([name, { links, routes }]) => {
    const addresses = Object.entries(links).map(([ifname, cidr]) => ({
      ifname,
      flags: ['UP'],
      addr_info: cidr === '' ? [] : [{ local: cidr.split('/')[0], prefixlen: Number(cidr.split('/')[1]) }],
    }));
    return `== ${name}\n${JSON.stringify(addresses)}\n\n${JSON.stringify(routes)}\n\n`;
  });
  return each.join('');
}

function leaksWith(change: (states: Record<string, State>) => void): string[] {
  const states = sound();
  change(states);
  return leaks(smallTopology, printed(states));
}

const set = (states: Record<string, State>, node: string, ifname: string, cidr: string) => {
  const state = states[node];
  if (state) state.links[ifname] = cidr;
};

test('a sound topology has no leaks', () => {
  expect(leaksWith(() => {})).toEqual([]);
});

test('every path out is named', () => {
  expect(leaksWith((states) => set(states, 'client', 'eth0', '172.17.0.2/16'))).toEqual([
    "client: interface eth0 is not the topology's",
  ]);
  expect(
    leaksWith((states) => states.client?.routes.push({ dst: 'default', gateway: '198.18.1.1' })),
  ).toEqual(["client: route default via 198.18.1.1 is not the topology's"]);
  expect(leaksWith((states) => states.client?.routes.push({ dst: 'default', dev: 'access' }))).toEqual([
    'client: a default route without a gateway',
  ]);
});

test('what is missing or wrong is named', () => {
  expect(leaksWith((states) => set(states, 'gw', 'inter', '10.0.0.9/24'))).toEqual([
    'gw: interface inter has 10.0.0.9/24, not 10.0.0.1/24',
  ]);
  expect(leaksWith((states) => delete states.server?.links.office)).toEqual([
    'server: interface office is missing',
  ]);
  expect(leaksWith((states) => states.server?.routes.pop())).toEqual([
    'server: route default via 192.168.2.1 is missing',
  ]);
  expect(leaksWith((states) => delete states.gw)).toEqual(['gw: its state was not read']);
});

test('a tunnel device of the kernel that is down is no path', () => {
  const tunnel = '[{"ifname":"tunl0","flags":["NOARP"],"addr_info":[]},';
  expect(
    leaks(smallTopology, printed(sound()).replaceAll('[{"ifname":"lo"', `${tunnel}{"ifname":"lo"`)),
  ).toEqual([]);
});
