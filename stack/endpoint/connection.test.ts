import { expect, test } from 'vitest';
import type { ClientEndpointConfig, ResponderEndpointConfig } from './config.ts';
import { clientExample, responderExample } from './testing/examples.ts';
import { ipPacket } from './testing/ip-packet.ts';
import { joined, type Way } from './testing/joined.ts';

const insideAddress = '10.0.0.2';
const publicAddress = '198.18.2.10';
const minute = 60_000;

interface Scenario {
  readonly seed?: string;
  readonly way?: Way;
  readonly client?: (config: ClientEndpointConfig) => ClientEndpointConfig;
  readonly responder?: (config: ResponderEndpointConfig) => ResponderEndpointConfig;
}

function simulate({ seed = 'one', way = {}, client = same, responder = same }: Scenario) {
  const address = way.responderNat === undefined ? publicAddress : insideAddress;
  return joined(seed, way, client(clientExample), responder(responderExample(address)));
}

function same<T>(config: T): T {
  return config;
}

const clientNat = { clientNat: '198.18.1.2' } as const;
const responderNat = { responderNat: { public: publicAddress, forwards: [500, 4500] } } as const;

function connect({ internet, client, responder }: ReturnType<typeof joined>): boolean {
  client.act((endpoint, now) => endpoint.connect(now));
  return internet.run(() => client.isUp && responder.isUp, internet.now + 2 * minute);
}

const placements: readonly (readonly [string, Way, 'none' | 'udp'])[] = [
  ['no NAT', {}, 'none'],
  ['client behind NAT', clientNat, 'udp'],
  ['responder behind NAT', responderNat, 'udp'],
  ['both behind NAT', { ...clientNat, ...responderNat }, 'udp'],
];

for (const [name, way, encapsulation] of placements) {
  test(`${name}: connects, carries packets both ways, and leaves nothing behind`, () => {
    const simulation = simulate({ way });
    const { internet, client, responder } = simulation;
    expect(connect(simulation)).toBe(true);
    expect(client.fact('phase2-established')?.encapsulation).toBe(encapsulation);
    expect(client.links[0]).toMatchObject({ localAddress: '192.168.8.50', dns: ['192.168.2.10'] });

    const up = ipPacket('192.168.8.50', '192.168.2.10', 'to the office');
    const down = ipPacket('192.168.2.10', '192.168.8.50', 'to the client');
    client.act((endpoint, now) => endpoint.sendIp(up, now));
    responder.act((endpoint, now) => endpoint.sendIp(down, now));
    expect(internet.run(() => client.delivered.length > 0, internet.now + minute)).toBe(true);
    expect([client.delivered, responder.delivered]).toEqual([[down], [up]]);

    client.act((endpoint, now) => endpoint.close(now));
    const empty = () => [client, responder].every(({ endpoint }) => isEmpty(endpoint.summary()));
    expect(internet.run(empty, internet.now + minute)).toBe(true);
    expect(responder.links.at(-1)?.effect).toBe('link-down');
  });
}

function isEmpty(summary: Record<string, number>): boolean {
  return Object.values(summary).every((count) => count === 0);
}

test.each(placements)('%s, draft 02 the only common revision: connects', (_name, way) => {
  const client = (config: ClientEndpointConfig) => ({
    ...config,
    ike: { ...config.ike, natTraversal: ['draft-02n'] as const },
  });
  const simulation = simulate({ way, client });
  expect(connect(simulation)).toBe(true);
  expect(simulation.responder.fact('nat-traversal-chosen')?.revision).toBe('draft-02n');
});

test('one seed gives one connection, octet for octet; another seed gives another', () => {
  const octets = (seed: string) => {
    const simulation = simulate({ seed, way: clientNat });
    connect(simulation);
    return Buffer.concat(simulation.internet.wire.map(({ payload }) => payload)).toString('hex');
  };
  expect(octets('one')).toBe(octets('one'));
  expect(octets('one')).not.toBe(octets('two'));
});

test.each([1, 2, 3, 4, 5, 6])('connects through loss, duplication and overtaking (seed %i)', (seed) => {
  const way = { ...clientNat, loss: 0.2, duplication: 0.2, slowestMs: 300 };
  expect(connect(simulate({ seed: String(seed), way }))).toBe(true);
});

test('a wrong pre-shared key stops main mode on both sides', () => {
  const client = (config: ClientEndpointConfig) => ({
    ...config,
    ike: { ...config.ike, preSharedKey: new TextEncoder().encode('abc124') },
  });
  const simulation = simulate({ way: clientNat, client });
  expect(connect(simulation)).toBe(false);
  expect(simulation.client.fact('phase1-established')).toBeUndefined();
  expect(simulation.responder.fact('ike-failed')).toMatchObject({ phase: 1, reason: 'auth-failed' });
});

test('a wrong password stops at PPP authentication', () => {
  const client = (config: ClientEndpointConfig) => ({ ...config, ppp: { ...config.ppp, password: 'wrong' } });
  const simulation = simulate({ client });
  expect(connect(simulation)).toBe(false);
  expect(simulation.client.fact('ppp-failed')).toMatchObject({ layer: 'auth', reason: 'auth-failed' });
  expect(simulation.client.fact('lcp-opened')?.authentication).toBe('chap-md5');
});

test('without the forward of UDP 4500 main mode stops after the float (rule NAT-5)', () => {
  const simulation = simulate({ way: { responderNat: { public: publicAddress, forwards: [500] } } });
  expect(connect(simulation)).toBe(false);
  expect(simulation.client.fact('nat-detected')?.peerBehindNat).toBe(true);
  expect(simulation.client.fact('phase1-established')).toBeUndefined();
});

test.each(['complete-but-send-no-esp', 'stop-after-nat-detection'] as const)(
  'rule 0, responder behind NAT: %s',
  (whenRefused) => {
    const client = (config: ClientEndpointConfig) => ({
      ...config,
      ike: { ...config.ike, natRule: { rule: 0, whenRefused } as const },
    });
    const simulation = simulate({ way: responderNat, client });
    expect(connect(simulation)).toBe(false);
    const completes = whenRefused === 'complete-but-send-no-esp';
    expect(simulation.client.fact('phase2-established') !== undefined).toBe(completes);
    expect(simulation.client.fact('esp-withheld') !== undefined).toBe(completes);
    expect(simulation.client.fact('esp-sent')).toBeUndefined();
  },
);

test('clear L2TP is never answered, and said to be dropped', () => {
  const { internet, responder } = simulate({});
  const clear = {
    local: { ip: publicAddress, port: 1701 },
    peer: { ip: '192.168.1.10', port: 1701 },
    payload: Uint8Array.of(0xc8, 2, 0, 12, 0, 0, 0, 0, 0, 0, 0, 0),
  };
  responder.act((endpoint, now) => endpoint.receiveUdp(clear, now));
  expect(internet.wire).toEqual([]);
  expect(responder.fact('packet-dropped')).toBeDefined();
});

test('a client without IPsec sends L2TP alone, and gets nowhere (rule FW-5)', () => {
  const client = (config: ClientEndpointConfig) => ({ ...config, withoutIpsec: true as const });
  const simulation = simulate({ way: clientNat, client });
  expect(connect(simulation)).toBe(false);
  expect(simulation.client.fact('without-ipsec')).toBeDefined();
  expect(simulation.client.fact('ike-message')).toBeUndefined();
  expect(simulation.client.fact('l2tp-failed')).toMatchObject({ reason: 'no-answer' });
  expect(simulation.responder.fact('packet-dropped')).toBeDefined();
  expect(simulation.responder.fact('l2tp-message')).toBeUndefined();
});

test('where the rules let clear L2TP in, it comes to a connection that nobody protects', () => {
  const client = (config: ClientEndpointConfig) => ({ ...config, withoutIpsec: true as const });
  const responder = (config: ResponderEndpointConfig) => ({
    ...config,
    admission: config.admission.map((rule) => ({ ...rule, onlyFromIpsec: false })),
    clearPolicies: [{ name: 'internet' }],
  });
  const simulation = simulate({ way: clientNat, client, responder });
  expect(connect(simulation)).toBe(true);
  expect(simulation.responder.fact('without-ipsec')).toBeDefined();
  expect(simulation.responder.fact('esp-received')).toBeUndefined();
  simulation.client.act((endpoint, now) => endpoint.close(now));
  const empty = () =>
    [simulation.client, simulation.responder].every(({ endpoint }) => isEmpty(endpoint.summary()));
  expect(simulation.internet.run(empty, simulation.internet.now + minute)).toBe(true);
});

test('without firewall rule 3 L2TP from IPsec is dropped (rule AW-2)', () => {
  const responder = (config: ResponderEndpointConfig) => ({
    ...config,
    admission: config.admission.slice(0, 2),
  });
  const simulation = simulate({ way: clientNat, responder });
  expect(connect(simulation)).toBe(false);
  expect(simulation.client.fact('phase2-established')).toBeDefined();
  expect(simulation.responder.fact('packet-dropped')).toMatchObject({ reason: 'firewall' });
});

test('a client may not speak with another address than its own', () => {
  const simulation = simulate({});
  connect(simulation);
  const spoofed = ipPacket('192.168.8.51', '192.168.2.10', 'not mine');
  simulation.client.act((endpoint, now) => endpoint.sendIp(spoofed, now));
  simulation.internet.runTo(simulation.internet.now + 100);
  expect(simulation.responder.delivered).toEqual([]);
});
