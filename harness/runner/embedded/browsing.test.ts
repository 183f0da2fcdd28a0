import { expect, test } from 'vitest';
import { parseCellId } from '../../cell.ts';
import { addressNumber, readdressed, viewPacket } from '../../fabric/embedded/packet.ts';
import { tunnelInterface } from '../../peers/ts/embedded/endpoint-host.ts';
import { playCell } from './cell-player.ts';
import type { Planted } from './planted.ts';

/*
 * Rules TRAF-1 and TRAF-2 in memory, and what must be seen: a router, or a client, that does otherwise than its cell
 * says.
 */
const frame = { run: 'test', seed: 'seed', host: {}, versions: {}, stack: 'stack' };
const web = '198.18.2.80';

function play(id: string, planted?: Planted) {
  const { record } = playCell(frame, { cell: parseCellId(id), repeat: 1 }, planted);
  return record;
}

/** By which way and address the web server is reached in a cell, as its record has it. */
const cells: readonly (readonly [id: string, outcome: string, from: Record<string, number> | undefined])[] = [
  ['direct/browse=internet', 'connected', { '198.18.2.10': 3 }],
  ['both-nat/browse=internet', 'connected', { '198.18.2.10': 3 }],
  ['both-nat/gateway=local/browse=internet', 'connected', { '198.18.1.10': 3 }],
  ['hotel-nat/gateway=local', 'connected', undefined],
  // All of one address: each answer finds its client.
  ['shared-nat/clients=2/browse=internet', 'connected', { '198.18.2.10': 6 }],
  [
    'hotel-nat/script=no-nat-for-vpn-users/browse=internet',
    'stopped at traffic: not-translated',
    { '192.168.8.50': 3 },
  ],
  // The office's gateway hides them all the same, and does not know where answers to them belong.
  [
    'office-nat/script=no-nat-for-vpn-users/browse=internet',
    'stopped at traffic: not-translated',
    { '198.18.2.10': 3 },
  ],
  ['hotel-nat/script=no-nat-for-vpn-users/gateway=local/browse=internet', 'connected', { '198.18.1.10': 3 }],
];

test.each(cells)('%s: %s', (id, outcome, from) => {
  const { verdict, why, observed } = play(id);
  expect([verdict, why]).toEqual(['pass', expect.stringContaining(outcome)]);
  expect(observed?.wire?.browsing?.from).toEqual(from);
});

test('a topology without a host on the Internet is said to have none', () => {
  expect(play('carrier-nat/browse=internet')).toMatchObject({
    verdict: 'unsupported',
    why: 'carrier-nat has no host on the Internet',
  });
});

/** The router's translation of what VPN users send, otherwise than its script says. */
function translating(change: 'from nobody' | 'from an address of somebody else'): Planted {
  if (change === 'from nobody') {
    return {
      responder: ({ host, ...setUp }) => ({
        ...setUp,
        host: { ...host, ...(host.firewall && { firewall: { ...host.firewall, translations: [] } }) },
      }),
    };
  }
  return {
    wired: ({ network }) => {
      const node = network.node('responder');
      const { passage } = node;
      node.passage = {
        arriving: (packet, on) => passage.arriving(packet, on),
        leaving: (packet, from, on) => {
          const left = passage.leaving(packet, from, on);
          const isForWeb = left && viewPacket(left)?.destination === addressNumber(web);
          return isForWeb ? readdressed(left, 'source', { address: addressNumber('198.18.2.99') }) : left;
        },
      };
    },
  };
}

/** The client's routes, otherwise than its setting says: the web server lies beside the tunnel. */
const besideTheTunnel: Planted = {
  wired: ({ network }) =>
    network.node('client').addRouteVia(addressNumber(web), 32, addressNumber('192.168.1.1')),
};

test.each<[string, string, Planted, RegExp]>([
  [
    'the router translates nothing',
    'hotel-nat/browse=internet',
    translating('from nobody'),
    /expected to connect, but stopped at traffic: not-translated/,
  ],
  [
    'the router translates to a wrong address',
    'hotel-nat/browse=internet',
    translating('from an address of somebody else'),
    /expected to connect, but stopped at traffic: no-traffic/,
  ],
  [
    'the client browses beside the tunnel',
    'hotel-nat/browse=internet',
    besideTheTunnel,
    /browses-from 198\.18\.2\.10: 3 packets from 198\.18\.1\.10/,
  ],
  [
    'the router translates although its script does not say so',
    'hotel-nat/script=no-nat-for-vpn-users/browse=internet',
    {
      responder: ({ host, ...setUp }) => ({
        ...setUp,
        host: {
          ...host,
          ...(host.firewall && {
            firewall: {
              ...host.firewall,
              translations: [{ inside: { kind: 'tunnel' }, outside: { kind: 'segment', name: 'internet' } }],
            },
          }),
        },
      }),
    },
    /expected to stop at traffic: not-translated, but connected/,
  ],
])('it is seen when %s', (_, id, planted, why) => {
  expect(play(id).verdict).toBe('pass');
  expect(play(id, planted)).toMatchObject({ verdict: 'fail', why: expect.stringMatching(why) });
});

test('it is seen when the Internet of a client that has the office alone in its tunnel goes there, too', () => {
  const throughTheTunnel: Planted = {
    wired: ({ network }) =>
      network.node('client').addRoute(addressNumber(web), 32, undefined, tunnelInterface),
  };
  expect(play('hotel-nat/gateway=local/browse=internet', throughTheTunnel)).toMatchObject({
    verdict: 'fail',
    why: expect.stringMatching(/browses-from 198\.18\.1\.10: 3 packets from 198\.18\.2\.10/),
  });
});
