import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parseData } from './data-file.ts';
import { topologySchema } from './topology.ts';

const bothNat = readFileSync(new URL('../topologies/both-nat.yaml', import.meta.url), 'utf8');

/** Reads `both-nat` after one change to its text. */
function readChanged(from: string, to: string): void {
  if (!bothNat.includes(from)) throw new Error(`both-nat.yaml does not say ${JSON.stringify(from)}`);
  parseData(bothNat.replace(from, to), 'both-nat.yaml', topologySchema);
}

/** A further client in both-nat's hotel, or elsewhere. */
function more(
  number: number,
  interfaces = `hotel: 192.168.1.1${number}/24`,
  gateway = '192.168.1.1',
): string {
  return `  client-${number}:\n    kind: client\n    label: x\n    interfaces: { ${interfaces} }\n    gateway: ${gateway}\n`;
}

test('four further clients at the place of the first are no mistake', () => {
  expect(() =>
    readChanged('dial:', `${[2, 3, 4, 5].map((number) => more(number)).join('')}dial:`),
  ).not.toThrow();
});

test('a further client at a place of its own is no mistake', () => {
  expect(() => readChanged('dial:', `${more(2, 'access: 198.18.1.12/24', '198.18.1.1')}dial:`)).not.toThrow();
});

test('an unchanged topology has no complaints', () => {
  expect(() => readChanged('name: both-nat', 'name: both-nat')).not.toThrow();
});

/** What is wrong, the text that says it in place of another, and the complaint. */
// biome-ignore format: one line per case is the table
const wrong: readonly (readonly [what: string, from: string, to: string, complaint: string])[] = [
  ['public segment outside the test range', 'access: { subnet: 198.18.1.0', 'access: { subnet: 203.0.113.0', 'segments.access.subnet: a public segment lies in 198.18.0.0/15'],
  ['public addresses inside', 'office: { subnet: 192.168.2.0', 'office: { subnet: 198.18.9.0', 'segments.office.subnet: a segment that is not public lies in 10.0.0.0/8'],
  ['subnet with host bits', 'subnet: 192.168.2.0/24', 'subnet: 192.168.2.7/24', 'segments.office.subnet: 192.168.2.7/24 has host bits set'],
  ['segment that nobody uses', 'nodes:', '  spare: { subnet: 10.9.0.0/24 }\nnodes:', 'segments.spare.subnet: segment spare joins 0 nodes'],
  ['segment name that Linux uses', 'nodes:', '  all: { subnet: 10.9.0.0/24 }\nnodes:', 'segments.all.subnet: a segment cannot be named all'],
  ['node name too long for an interface', '  hotel-nat:', '  a-hotel-gateway:', 'at most 12'],
  ['key that means nothing', 'dial:', 'dail: x\ndial:', 'Unrecognized key: "dail"'],
  ['interface outside its segment', 'office: 192.168.2.10/24', 'office: 192.168.5.10/24', 'nodes.server.interfaces.office: 192.168.5.10/24 is not an address of segment office (192.168.2.0/24)'],
  ['interface with another prefix', 'office: 192.168.2.10/24', 'office: 192.168.2.10/16', 'nodes.server.interfaces.office: 192.168.2.10/16 is not an address of'],
  ['broadcast address', 'office: 192.168.2.10/24', 'office: 192.168.2.255/24', 'nodes.server.interfaces.office: 192.168.2.255/24 is the network or broadcast address'],
  ['segment that is not there', 'office: 192.168.2.10/24', 'attic: 192.168.2.10/24', 'nodes.server.interfaces.attic: there is no segment attic'],
  ['one subnet on two interfaces', 'interconn: 10.0.0.1/24', 'interconn: 198.18.2.11/24', 'nodes.office-nat.interfaces.interconn: office-nat would have the subnet of interconn on internet too'],
  ['address of another node', 'office: 192.168.2.10/24', 'office: 192.168.2.1/24', 'nodes.server.interfaces.office: responder has 192.168.2.1 on office already'],
  ['node without an interface', '{ office: 192.168.2.10/24 }', '{}', 'nodes.server: server stands on no segment'],
  ['gateway beyond the link', 'gateway: 192.168.1.1', 'gateway: 198.18.1.1', "nodes.client.gateway: 198.18.1.1 is no other node's address"],
  ['gateway that nobody is', 'gateway: 192.168.1.1', 'gateway: 192.168.1.77', 'nodes.client.gateway: 192.168.1.77 is no other'],
  ['node as its own gateway', 'gateway: 192.168.1.1', 'gateway: 192.168.1.10', 'nodes.client.gateway: 192.168.1.10 is no other'],
  ['route beyond the link', 'gateway: 10.0.0.1', 'gateway: 10.0.0.1\n    routes: [{ to: 192.168.1.0/24, via: 198.18.2.1 }]', 'nodes.responder.routes.0.via: 198.18.2.1 is no other'],
  ['NAT gateway without rules', '    nat: { outside: access }\n', '', 'nodes.hotel-nat: hotel-nat is a NAT gateway without nat rules'],
  ['NAT rules on a client', '    kind: client\n', '    kind: client\n    nat: { outside: hotel }\n', 'nodes.client.nat: client is no NAT gateway'],
  ['outside that the gateway is not on', 'nat: { outside: access }', 'nat: { outside: internet }', 'nodes.hotel-nat.nat.outside: hotel-nat does not stand on internet'],
  ['forward to nobody', 'port: 4500, to: 10.0.0.2', 'port: 4500, to: 10.0.0.99', "nodes.office-nat.nat.forwards.1.to: 10.0.0.99 is no node's address on an inside segment"],
  ['forward to the outside', 'port: 4500, to: 10.0.0.2', 'port: 4500, to: 198.18.2.1', 'nodes.office-nat.nat.forwards.1.to: 198.18.2.1'],
  ['port forwarded twice', 'port: 4500, to: 10.0.0.2', 'port: 500, to: 10.0.0.2', 'nodes.office-nat.nat.forwards.1: udp 500 is forwarded twice'],
  ['udp forward without a port', 'port: 4500, to: 10.0.0.2', 'to: 10.0.0.2', 'nodes.office-nat.nat.forwards.1: udp needs a port'],
  ['port for esp', 'protocol: udp, port: 4500', 'protocol: esp, port: 4500', 'nodes.office-nat.nat.forwards.1: esp has no ports'],
  ['no client', 'kind: client', 'kind: host', 'nodes: 1 to 5 nodes of kind client, found none'],
  ['more clients than users', 'dial:', `${more(2)}${more(3)}${more(4)}${more(5)}${more(6)}dial:`, 'nodes: 1 to 5 nodes of kind client, found client, client-2, client-3, client-4, client-5, client-6'],
  ['further client on one more segment', 'dial:', `${more(2, 'hotel: 192.168.1.12/24, access: 198.18.1.12/24')}dial:`, "nodes.client-2.interfaces: client-2 stands on hotel and access: a client's place is one segment"],
  ['further client with a gateway that has none', 'dial:', `${more(3).replace(/ {4}gateway.*\n/, '')}${more(2, 'hotel: 192.168.1.12/24', '192.168.1.13')}dial:`, 'nodes.client-2.gateway: by its gateways client-2 comes to client-3, and not to the path'],
  ['further clients that are the gateway of each other', 'dial:', `${more(3, 'hotel: 192.168.1.13/24', '192.168.1.12')}${more(2, 'hotel: 192.168.1.12/24', '192.168.1.13')}dial:`, 'nodes.client-2.gateway: by its gateways client-2 comes to client-3, and not to the path'],
  ['further client in the office', 'dial:', `${more(2, 'office: 192.168.2.77/24', '192.168.2.1')}dial:`, "nodes.client-2: client-2 comes to the path behind the responder's own segment"],
  ['two clients behind one NAT gateway and one at a place of its own', 'dial:', `${more(2)}${more(3, 'access: 198.18.1.13/24', '198.18.1.1')}dial:`, 'nodes: to the responder the clients come from 198.18.1.10 and 198.18.1.13: it takes one NAT gateway for all, or an address for each'],
  ['further client on the path', 'kind: router', 'kind: client', 'path.4: isp is a further client: it stands beside the path'],
  ['two responders', 'kind: router', 'kind: responder', 'nodes: exactly one node of kind responder, found isp, responder'],
  ['responder without a gateway', '    gateway: 10.0.0.1\n', '', 'nodes.responder: responder has no gateway'],
  ['no responder', 'kind: responder', 'kind: router', 'nodes: exactly one node of kind responder, found none'],
  ['server that is not there', 'server: server', 'server: mainframe', 'server: mainframe is no node of kind host'],
  ['server that answers elsewhere', '    gateway: 192.168.2.1\n', '', 'server: server must have the responder as its gateway'],
  ['dialled address that leads nowhere', 'dial: 198.18.2.10', 'dial: 198.18.2.1', 'dial: 198.18.2.1 is neither'],
  ['dialled gateway that forwards nothing', 'dial: 198.18.2.10', 'dial: 198.18.1.10', 'dial: 198.18.1.10 is neither'],
  ['path with two nodes in a row', '[client, hotel, hotel-nat', '[client, hotel-nat', 'path.1: hotel-nat is no segment: node and segment take turns'],
  ['path that is not connected', '[client, hotel, hotel-nat', '[client, office, hotel-nat', 'path.1: client does not stand on office'],
  ['path in a circle', '[client, hotel, hotel-nat', '[client, hotel, client, hotel, hotel-nat', 'path.2: the path comes to client twice'],
  ['path that begins elsewhere', '[client, hotel, hotel-nat', '[hotel-nat', 'path.0: the path begins at the client'],
  ['path that ends early', ', office, server]', ']', 'path.8: the path ends at the server, server'],
  ['web host that is not there', 'web: web', 'web: cafe', 'web: cafe is no node of kind host'],
  ['web host in the office', 'interfaces: { internet: 198.18.2.80/24 }\n    gateway: 198.18.2.1', 'interfaces: { office: 192.168.2.80/24 }', 'web: web must stand on one public segment of the path'],
  ['web host that is the server', 'web: web', 'web: server', 'web: server is the server in the office'],
  ['path past the responder', 'interconn, responder, office, server]', 'interconn, server]', 'path: the path misses the responder'],
  ['node off the path', 'dial:', '  stray:\n    kind: host\n    label: nowhere\n    interfaces: {}\ndial:', 'nodes.stray: stray stands on no segment of the path'],
  ['node with the name of the wire', 'dial:', '  wire:\n    kind: host\n    label: x\n    interfaces: { office: 192.168.2.77/24 }\ndial:', 'nodes.wire: a node cannot be named wire'],
  ['variant of a node that is no NAT gateway', '      office-nat: { outside: internet, forwards: [] }', '      isp: { outside: internet }', 'variants.no-forwards.boxes.isp: isp is no node of kind nat'],
  ['variant that forwards to nobody', '[{ protocol: udp, port: 500, to: 10.0.0.2 }]', '[{ protocol: udp, port: 500, to: 10.0.0.3 }]', 'variants.only-500.boxes.office-nat.forwards.0.to: 10.0.0.3'],
  ['variant of the reserved name', '  no-forwards:', '  default:', 'variants.default: default means'],
];

test.each(wrong)('complains: %s', (_, from, to, complaint) => {
  expect(() => readChanged(from, to)).toThrow(complaint);
});

/** The same of kinds, filters, segments, hold and variants. */
// biome-ignore format: one line per case is the table
const changes: readonly (readonly [what: string, from: string, to: string, complaint: string])[] = [
  ['unknown NAT kind', 'nat: { outside: access }', 'nat: { outside: access, kind: symetric }', 'nodes.hotel-nat.nat.kind: there is no NAT kind symetric. Did you mean symmetric?'],
  ['variant named as a kind', '  no-forwards:', '  symmetric:', 'variants.symmetric: symmetric is a NAT kind; name the variant else'],
  ['variant that changes nothing', 'variants:\n', 'variants:\n  idle: { summary: x }\n', 'variants.idle: idle changes nothing'],
  ['filter on a NAT gateway', 'nat: { outside: access }', 'nat: { outside: access }\n    filter: { outside: access, permits: [] }', 'nodes.hotel-nat.filter: hotel-nat is no router'],
  ['filter with an outside elsewhere', 'interfaces: { access: 198.18.1.1/24, internet: 198.18.2.1/24 }', 'interfaces: { access: 198.18.1.1/24, internet: 198.18.2.1/24 }\n    filter: { outside: office, permits: [] }', 'nodes.isp.filter.outside: isp does not stand on office'],
  ['permit of esp with a port', 'interfaces: { access: 198.18.1.1/24, internet: 198.18.2.1/24 }', 'interfaces: { access: 198.18.1.1/24, internet: 198.18.2.1/24 }\n    filter: { outside: access, permits: [{ protocol: esp, port: 50 }] }', 'nodes.isp.filter.permits.0: esp has no ports'],
  ['permit of tcp without one', 'interfaces: { access: 198.18.1.1/24, internet: 198.18.2.1/24 }', 'interfaces: { access: 198.18.1.1/24, internet: 198.18.2.1/24 }\n    filter: { outside: access, permits: [{ protocol: tcp }] }', 'nodes.isp.filter.permits.0: tcp needs a port'],
  ['permit twice', 'interfaces: { access: 198.18.1.1/24, internet: 198.18.2.1/24 }', 'interfaces: { access: 198.18.1.1/24, internet: 198.18.2.1/24 }\n    filter: { outside: access, permits: [{ protocol: ah }, { protocol: ah }] }', 'nodes.isp.filter.permits.1: ah is permitted twice'],
  ['variant of a filter that is none', 'variants:\n', 'variants:\n  open: { summary: x, filters: { server: { outside: office, permits: [] } } }\n', 'variants.open.filters.server: server is no node of kind router'],
  ['variant of a segment that is not there', 'variants:\n', 'variants:\n  lossy: { summary: x, segments: { attic: { loss: 0.1 } } }\n', 'variants.lossy.segments.attic: there is no segment attic'],
  ['"too big" of no MTU', 'variants:\n', 'variants:\n  narrow: { summary: x, segments: { access: { tooBig: lost } } }\n', 'variants.narrow.segments.access: tooBig is about an mtu'],
  ['queue of no rate', 'variants:\n', 'variants:\n  narrow: { summary: x, segments: { access: { queue: 5 } } }\n', 'variants.narrow.segments.access: queue is about a rate'],
  ['overtaking without a latency', 'variants:\n', 'variants:\n  odd: { summary: x, segments: { access: { reordering: 0.5 } } }\n', 'variants.odd.segments.access: reordering is about a latency'],
  ['chance above one', 'variants:\n', 'variants:\n  lossy: { summary: x, segments: { access: { loss: 5 } } }\n', 'variants.lossy.segments.access.loss: '],
  ['hold of two things at once', 'dial:', 'hold: { idleSeconds: 5, rebind: { box: hotel-nat } }\ndial:', 'hold: name one of idleSeconds and rebind'],
  ['rebinding of what is no NAT box', 'dial:', 'hold: { rebind: { box: isp } }\ndial:', 'hold.rebind.box: isp is no node of kind nat'],
  ['rebinding of what only a further client has', 'dial:', `  home-nat:\n    kind: nat\n    label: x\n    interfaces: { home: 192.168.1.1/24, access: 198.18.1.12/24 }\n    gateway: 198.18.1.1\n    nat: { outside: access }\n${more(2, 'home: 192.168.1.10/24')}hold: { rebind: { box: home-nat } }\ndial:`, 'hold.rebind.box: home-nat is not on the path: a cell with one client has none'],
  ['new address elsewhere', 'dial:', 'hold: { rebind: { box: hotel-nat, address: 198.18.2.77 } }\ndial:', 'hold.rebind.address: 198.18.2.77 is no address of access (198.18.1.0/24)'],
  ['new address of another', 'dial:', 'hold: { rebind: { box: hotel-nat, address: 198.18.1.1 } }\ndial:', 'hold.rebind.address: 198.18.1.1 is taken on access'],
  ['old address elsewhere', 'variants:\n', 'variants:\n  moved: { summary: x, dial: 198.18.9.9 }\n', 'variants.moved.dial: 198.18.9.9 is no address beside 198.18.2.10'],
  ['old address that somebody has', 'variants:\n', 'variants:\n  moved: { summary: x, dial: 198.18.2.1 }\n', "variants.moved.dial: 198.18.2.1 is somebody's"],
];

test.each(changes)('complains: %s', (_, from, to, complaint) => {
  expect(() => readChanged(from, to)).toThrow(complaint);
});
