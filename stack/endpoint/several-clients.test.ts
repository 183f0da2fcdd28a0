import { expect, test } from 'vitest';
import type { Fact } from '../fact.ts';
import { Nat } from '../testing/internet.ts';
import { ClientEndpoint } from './client.ts';
import type { ClientEndpointConfig, ResponderEndpointConfig } from './config.ts';
import { clientExample, responderExample } from './testing/examples.ts';
import { ipPacket } from './testing/ip-packet.ts';
import { behindOneNat, EndpointHost } from './testing/joined.ts';

/*
 * Clients behind one NAT (rules MULTI-1, MULTI-5, MULTI-6; RFC 3948 5.2). They are as alike as clients can be:
 * L2TP port 1701, tunnel id 1, one phase 1 identity, and each says INITIAL-CONTACT.
 */
const office = '192.168.2.10';
const responderAddress = '198.18.2.10';
const minute = 60_000;
const users = ['dialin1', 'dialin2', 'dialin3', 'dialin4', 'dialin5'];

function clientConfig(index: number): ClientEndpointConfig {
  const { ike, l2tp, ppp } = clientExample;
  return {
    ...clientExample,
    localAddress: `192.168.1.${10 + index}`,
    ike: { ...ike, identity: { type: 'fqdn', name: 'laptop' }, initialContact: true, localPort: 1701 },
    l2tp: { ...l2tp, countsTunnels: true },
    ppp: { ...ppp, user: users[index] ?? '', password: 'friend' },
  };
}

const responderConfig: ResponderEndpointConfig = {
  ...responderExample(responderAddress),
  users: users.map((name) => ({ name, password: 'friend' })),
};

/** A NAT that keeps ports where it can, as Linux does. */
function setUp(
  count: number,
  responder: Partial<ResponderEndpointConfig> = {},
  client: (config: ClientEndpointConfig, index: number) => ClientEndpointConfig = (config) => config,
) {
  const nat = new Nat('198.18.1.10', true);
  const configs = users.slice(0, count).map((_, index) => client(clientConfig(index), index));
  return { nat, ...behindOneNat(`${count} clients`, nat, configs, { ...responderConfig, ...responder }) };
}

type Setting = ReturnType<typeof setUp>;
type Client = Setting['clients'][number];

function connect({ internet }: Setting, clients: readonly Client[]): boolean {
  for (const client of clients) client.act((endpoint, now) => endpoint.connect(now));
  return internet.run(() => clients.every(({ isUp }) => isUp), internet.now + 2 * minute);
}

function addressOf(client: Client): string {
  const link = client.links.at(-1);
  return link?.effect === 'link-up' ? link.localAddress : 'none';
}

/** Sends a packet to each of these and lets each send one, all at once; whoever gets a packet of another fails. */
function expectOwnTraffic({ internet, responder }: Setting, clients: readonly Client[]): void {
  for (const client of clients) client.delivered.length = 0;
  responder.delivered.length = 0;
  const down = clients.map((client) => ipPacket(office, addressOf(client), `for ${client.address}`));
  const up = clients.map((client) => ipPacket(addressOf(client), office, `from ${client.address}`));
  for (const packet of down) responder.act((endpoint, now) => endpoint.sendIp(packet, now));
  for (const [index, client] of clients.entries()) {
    client.act((endpoint, now) => endpoint.sendIp(up[index] ?? new Uint8Array(), now));
  }
  internet.runTo(internet.now + 1000);
  expect(clients.map(({ delivered }) => delivered)).toEqual(down.map((packet) => [packet]));
  expect(responder.delivered).toEqual(up);
}

test.each([2, 5])('%i clients behind one NAT connect at once and each has its own traffic', (count) => {
  const setting = setUp(count);
  const { responder, clients } = setting;
  expect(connect(setting, clients)).toBe(true);
  expect(new Set(clients.map(addressOf)).size).toBe(count);
  expect(responder.endpoint.summary()).toEqual({
    phase1: count,
    phase2: count,
    tunnels: count,
    sessions: count,
    links: count,
    leases: count,
  });
  for (const client of clients) expect(client.fact('l2tp-tunnel-established')?.localTunnelId).toBe(1);
  expectOwnTraffic(setting, clients);
});

test('clients that dial one after the other: the later ones take nothing from the earlier (rule MULTI-5)', () => {
  const setting = setUp(5);
  const { responder, clients } = setting;
  for (const [index, client] of clients.entries()) {
    expect(connect(setting, [client])).toBe(true);
    expectOwnTraffic(setting, clients.slice(0, index + 1));
  }
  expect(responder.facts.filter(({ fact }) => fact === 'closed')).toEqual([]);
});

test('the facts of each client are on a path of its own, whatever comes between', () => {
  const setting = setUp(5);
  const { responder, clients } = setting;
  connect(setting, clients);
  const told = [...responder.factsOnPath].filter(([path]) => path !== undefined).map(([, facts]) => facts);
  const addresses = told.map((facts) => named(facts, 'ipcp-opened').map(({ peerAddress }) => peerAddress));
  expect(addresses.toSorted()).toEqual(clients.map((client) => [addressOf(client)]).toSorted());
  for (const facts of told) {
    expect(named(facts, 'phase1-established')).toHaveLength(1);
    expect(named(facts, 'phase2-established')).toHaveLength(1);
    expect(named(facts, 'ike-message').map(({ exchange, message }) => `${exchange} ${message}`)).toEqual([
      ...[1, 2, 3, 4, 5, 6].map((message) => `main-mode ${message}`),
      ...[1, 2, 3].map((message) => `quick-mode ${message}`),
    ]);
  }
  // Nothing happened that is nobody's.
  expect(responder.factsOnPath.get(undefined)).toBeUndefined();
});

test('those that are refused are told apart as well, though nothing is kept of them', () => {
  const setting = setUp(2, {}, (config) => ({
    ...config,
    ike: {
      ...config.ike,
      phase1: [{ encryption: '3des-cbc', hash: 'sha1', group: 14, lifetimeSeconds: 28_800 }],
    },
  }));
  expect(connect(setting, setting.clients)).toBe(false);
  const told = [...setting.responder.factsOnPath];
  expect(told.map(([path]) => path === undefined)).toEqual([false, false]);
  for (const [, facts] of told) {
    // Every message 1 of this client and its refusal, and nothing of the other's.
    const seen = named(facts, 'ike-message').filter(({ direction }) => direction === 'received').length;
    expect(seen).toBeGreaterThan(0);
    expect(named(facts, 'ike-failed').map(({ reason }) => reason)).toEqual(
      Array(seen).fill('no-proposal-chosen'),
    );
  }
});

function named<Name extends Fact['fact']>(facts: readonly Fact[], name: Name) {
  return facts.filter((fact): fact is Extract<Fact, { fact: Name }> => fact.fact === name);
}

test('one hangs up, the others stay, and a newcomer gets what it had', () => {
  const pool = { first: '192.168.8.1', last: '192.168.8.3' };
  const setting = setUp(4, { pool });
  const { internet, responder, clients } = setting;
  const [first, second, third, newcomer] = clients;
  if (!first || !second || !third || !newcomer) throw new Error('four clients');
  connect(setting, [first, second, third]);
  const given = addressOf(second);
  second.act((endpoint, now) => endpoint.close(now));
  const gone = () => responder.endpoint.summary().phase1 === 2;
  expect(internet.run(gone, internet.now + minute)).toBe(true);
  expect(responder.endpoint.summary()).toMatchObject({ phase2: 2, tunnels: 2, links: 2, leases: 2 });
  expectOwnTraffic(setting, [first, third]);
  expect(connect(setting, [newcomer])).toBe(true);
  expect(addressOf(newcomer)).toBe(given);
  expectOwnTraffic(setting, [first, third, newcomer]);
});

test('when the pool is used up the next client stops there, and the others stay (rule PPP-3)', () => {
  const pool = { first: '192.168.8.1', last: '192.168.8.1' };
  const setting = setUp(2, { pool });
  const [first, second] = setting.clients;
  if (!first || !second) throw new Error('two clients');
  expect(connect(setting, [first])).toBe(true);
  expect(connect(setting, [second])).toBe(false);
  expect(named(setting.responder.facts, 'ppp-failed')).toMatchObject([
    { layer: 'ipcp', reason: 'pool-exhausted' },
  ]);
  expect(second.fact('ppp-authenticated')).toBeDefined();
  expectOwnTraffic(setting, [first]);
  expect(setting.responder.endpoint.summary()).toMatchObject({ links: 1, leases: 1 });
});

test('with L2TP ports of their own they connect as well, and quick mode names them', () => {
  const setting = setUp(2, {}, (config, index) => {
    const port = 17_011 + index;
    return { ...config, l2tpPort: port, ike: { ...config.ike, localPort: port } };
  });
  expect(connect(setting, setting.clients)).toBe(true);
  expectOwnTraffic(setting, setting.clients);
});

test('a client that gets the ports which another one lost is not taken for it', () => {
  // Only their private addresses tell them apart: identities in phase 1, and nothing in L2TP.
  const setting = setUp(2, {}, (config) => ({
    ...config,
    ike: { ...config.ike, identity: { type: 'local-address' } },
  }));
  const { nat, internet, responder, clients } = setting;
  const [first, second] = clients;
  if (!first || !second) throw new Error('two clients');
  connect(setting, [first]);
  nat.rebind(first.address);
  expect(connect(setting, [second])).toBe(true);
  const both = { phase1: 2, phase2: 2, tunnels: 2, sessions: 2, links: 2, leases: 2 };
  expect(responder.endpoint.summary()).toEqual(both);
  expectOwnTraffic(setting, [second]);
  // The first one's deletes come from its new ports: it is followed there, and the second stays where it is.
  first.act((endpoint, now) => endpoint.close(now));
  expect(internet.run(() => responder.endpoint.summary().links === 1, internet.now + 5 * minute)).toBe(true);
  expectOwnTraffic(setting, [second]);
});

test('a client whose power was cut dials again with the ids that it had, and gets through (rule LIFE-2)', () => {
  const quiet = (config: ClientEndpointConfig): ClientEndpointConfig => {
    const { initialContact: _, ...ike } = config.ike;
    return { ...config, ike };
  };
  const setting = setUp(2, {}, quiet);
  const { nat, internet, responder, clients } = setting;
  const [first, second] = clients;
  if (!first || !second) throw new Error('two clients');
  connect(setting, [first, second]);
  internet.leave(first);
  const endpoint = new ClientEndpoint(quiet(clientConfig(0)), internet.randomOf('its second life'));
  const again = new EndpointHost(internet, first.address, nat, endpoint);
  expect(connect(setting, [again])).toBe(true);
  expect(again.fact('l2tp-tunnel-established')?.localTunnelId).toBe(1);
  expectOwnTraffic(setting, [again, second]);
  // The address that it had is free again; its old SAs go with their lifetime, since nobody deleted them.
  expect(responder.endpoint.summary()).toMatchObject({ phase2: 3, tunnels: 2, links: 2, leases: 2 });
});
