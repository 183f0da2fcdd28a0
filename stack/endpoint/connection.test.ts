import { createCipheriv, createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import type { Ipv4 } from '../address.ts';
import type { RandomSource } from '../engine.ts';
import type { Fact } from '../fact.ts';
import { ClientEndpoint } from './client.ts';
import type { ClientEndpointConfig, ResponderEndpointConfig } from './config.ts';
import { clientExample, responderExample } from './examples.ts';
import { ResponderEndpoint } from './responder.ts';
import { type PathSettings, SimulatedPath } from './simulated-path.ts';

const insideAddress = '10.0.0.2';
const publicAddress = '198.18.2.10';
const minute = 60_000;

function seeded(seed: string): RandomSource {
  const key = createHash('sha256').update(seed).digest();
  const stream = createCipheriv('aes-256-ctr', key, new Uint8Array(16));
  return (length) => stream.update(new Uint8Array(length));
}

function chances(seed: string): () => number {
  const random = seeded(seed);
  return () => Buffer.from(random(4)).readUInt32BE() / 2 ** 32;
}

interface Scenario {
  readonly seed?: string;
  readonly path?: Partial<PathSettings>;
  readonly client?: (config: ClientEndpointConfig) => ClientEndpointConfig;
  readonly responder?: (config: ResponderEndpointConfig) => ResponderEndpointConfig;
}

function simulate({ seed = 'one', path = {}, client = same, responder = same }: Scenario): SimulatedPath {
  const address = path.responderNat === undefined ? publicAddress : insideAddress;
  const settings = { loss: 0, duplication: 0, slowestMs: 1, chance: chances(`${seed}/path`), ...path };
  return new SimulatedPath(
    new ClientEndpoint(client(clientExample), seeded(`${seed}/client`)),
    new ResponderEndpoint(responder(responderExample(address)), seeded(`${seed}/responder`)),
    settings,
  );
}

function same<T>(config: T): T {
  return config;
}

const clientNat = { clientNat: '198.18.1.2' } as const;
const responderNat = { responderNat: { public: publicAddress, forwards: [500, 4500] } } as const;

function connect(path: SimulatedPath): boolean {
  path.act('client', (now) => path.client.connect(now));
  return path.run(() => isUp(path, 'client') && isUp(path, 'responder'), 2 * minute);
}

function isUp(path: SimulatedPath, side: 'client' | 'responder'): boolean {
  return path.links[side].at(-1)?.effect === 'link-up';
}

function factOf<Name extends Fact['fact']>(path: SimulatedPath, side: 'client' | 'responder', name: Name) {
  return path.facts[side].find((fact) => fact.fact === name) as Extract<Fact, { fact: Name }> | undefined;
}

/** An IPv4 packet of protocol 253 (RFC 3692: for experiments). */
function ipPacket(source: Ipv4, destination: Ipv4, text: string): Uint8Array {
  const payload = new TextEncoder().encode(text);
  const packet = new Uint8Array(20 + payload.length);
  packet[0] = 0x45;
  packet[3] = packet.length;
  packet[9] = 253;
  packet.set(source.split('.').map(Number), 12);
  packet.set(destination.split('.').map(Number), 16);
  packet.set(payload, 20);
  return packet;
}

const placements: readonly (readonly [string, Partial<PathSettings>, 'none' | 'udp'])[] = [
  ['no NAT', {}, 'none'],
  ['client behind NAT', clientNat, 'udp'],
  ['responder behind NAT', responderNat, 'udp'],
  ['both behind NAT', { ...clientNat, ...responderNat }, 'udp'],
];

for (const [name, path, encapsulation] of placements) {
  test(`${name}: connects, carries packets both ways, and leaves nothing behind`, () => {
    const simulation = simulate({ path });
    expect(connect(simulation)).toBe(true);
    expect(factOf(simulation, 'client', 'phase2-established')?.encapsulation).toBe(encapsulation);
    expect(simulation.links.client[0]).toMatchObject({ localAddress: '192.168.8.50', dns: ['192.168.2.10'] });

    const up = ipPacket('192.168.8.50', '192.168.2.10', 'to the office');
    const down = ipPacket('192.168.2.10', '192.168.8.50', 'to the client');
    simulation.act('client', (now) => simulation.client.sendIp(up, now));
    simulation.act('responder', (now) => simulation.responder.sendIp(down, now));
    expect(simulation.run(() => simulation.delivered.client.length > 0, minute)).toBe(true);
    expect(simulation.delivered).toEqual({ client: [down], responder: [up] });

    simulation.act('client', (now) => simulation.client.close(now));
    const empty = () => [simulation.client, simulation.responder].every((end) => isEmpty(end.summary()));
    expect(simulation.run(empty, minute)).toBe(true);
    expect(simulation.links.responder.at(-1)?.effect).toBe('link-down');
  });
}

function isEmpty(summary: Record<string, number>): boolean {
  return Object.values(summary).every((count) => count === 0);
}

test.each(placements)('%s, draft 02 the only common revision: connects', (_name, path) => {
  const client = (config: ClientEndpointConfig) => ({
    ...config,
    ike: { ...config.ike, natTraversal: ['draft-02n'] as const },
  });
  const simulation = simulate({ path, client });
  expect(connect(simulation)).toBe(true);
  expect(factOf(simulation, 'responder', 'nat-traversal-chosen')?.revision).toBe('draft-02n');
});

test('one seed gives one connection, octet for octet; another seed gives another', () => {
  const octets = (seed: string) => {
    const simulation = simulate({ seed, path: clientNat });
    connect(simulation);
    return Buffer.concat(simulation.sent.map((each) => each.octets)).toString('hex');
  };
  expect(octets('one')).toBe(octets('one'));
  expect(octets('one')).not.toBe(octets('two'));
});

test.each([1, 2, 3, 4, 5, 6])('connects through loss, duplication and overtaking (seed %i)', (seed) => {
  const path = { ...clientNat, loss: 0.2, duplication: 0.2, slowestMs: 300 };
  expect(connect(simulate({ seed: String(seed), path }))).toBe(true);
});

test('a wrong pre-shared key stops main mode on both sides', () => {
  const client = (config: ClientEndpointConfig) => ({
    ...config,
    ike: { ...config.ike, preSharedKey: new TextEncoder().encode('abc124') },
  });
  const simulation = simulate({ path: clientNat, client });
  expect(connect(simulation)).toBe(false);
  expect(factOf(simulation, 'client', 'phase1-established')).toBeUndefined();
  expect(factOf(simulation, 'responder', 'ike-failed')).toMatchObject({ phase: 1, reason: 'auth-failed' });
});

test('a wrong password stops at PPP authentication', () => {
  const client = (config: ClientEndpointConfig) => ({ ...config, ppp: { ...config.ppp, password: 'wrong' } });
  const simulation = simulate({ client });
  expect(connect(simulation)).toBe(false);
  expect(factOf(simulation, 'client', 'ppp-failed')).toMatchObject({ layer: 'auth', reason: 'auth-failed' });
  expect(factOf(simulation, 'client', 'lcp-opened')?.authentication).toBe('chap-md5');
});

test('without the forward of UDP 4500 main mode stops after the float (rule NAT-5)', () => {
  const simulation = simulate({ path: { responderNat: { public: publicAddress, forwards: [500] } } });
  expect(connect(simulation)).toBe(false);
  expect(factOf(simulation, 'client', 'nat-detected')?.peerBehindNat).toBe(true);
  expect(factOf(simulation, 'client', 'phase1-established')).toBeUndefined();
});

test.each(['complete-but-send-no-esp', 'stop-after-nat-detection'] as const)(
  'rule 0, responder behind NAT: %s',
  (whenRefused) => {
    const client = (config: ClientEndpointConfig) => ({
      ...config,
      ike: { ...config.ike, natRule: { rule: 0, whenRefused } as const },
    });
    const simulation = simulate({ path: responderNat, client });
    expect(connect(simulation)).toBe(false);
    const completes = whenRefused === 'complete-but-send-no-esp';
    expect(factOf(simulation, 'client', 'phase2-established') !== undefined).toBe(completes);
    expect(factOf(simulation, 'client', 'esp-withheld') !== undefined).toBe(completes);
    expect(factOf(simulation, 'client', 'esp-sent')).toBeUndefined();
  },
);

test('clear L2TP is never answered, and said to be dropped', () => {
  const simulation = simulate({});
  const clear = {
    local: { ip: publicAddress, port: 1701 },
    peer: { ip: '192.168.1.10', port: 1701 },
    payload: Uint8Array.of(0xc8, 2, 0, 12, 0, 0, 0, 0, 0, 0, 0, 0),
  };
  simulation.act('responder', (now) => simulation.responder.receiveUdp(clear, now));
  expect(simulation.sent).toEqual([]);
  expect(factOf(simulation, 'responder', 'packet-dropped')).toBeDefined();
});

test('without firewall rule 3 L2TP from IPsec is dropped (rule AW-2)', () => {
  const responder = (config: ResponderEndpointConfig) => ({
    ...config,
    admission: config.admission.slice(0, 2),
  });
  const simulation = simulate({ path: clientNat, responder });
  expect(connect(simulation)).toBe(false);
  expect(factOf(simulation, 'client', 'phase2-established')).toBeDefined();
  expect(factOf(simulation, 'responder', 'packet-dropped')).toMatchObject({ reason: 'firewall' });
});

test('a client may not speak with another address than its own', () => {
  const simulation = simulate({});
  connect(simulation);
  const spoofed = ipPacket('192.168.8.51', '192.168.2.10', 'not mine');
  simulation.act('client', (now) => simulation.client.sendIp(spoofed, now));
  simulation.run(() => false, 100);
  expect(simulation.delivered.responder).toEqual([]);
});
