import { expect, test } from 'vitest';
import type { IkeInitiatorConfig, IkeResponderConfig } from '../ike/config.ts';
import { everyRevision, revisionNumbers } from '../nat-traversal/numbers.ts';
import type { NatTraversalRevision } from '../nat-traversal/revision.ts';
import { Nat, type NatKind } from '../testing/internet.ts';
import type { ClientEndpointConfig, ResponderEndpointConfig } from './config.ts';
import { clientExample, responderExample } from './testing/examples.ts';
import { ipPacket } from './testing/ip-packet.ts';
import { behindOneNat, joined, type Way } from './testing/joined.ts';

const publicAddress = '198.18.2.10';
const minute = 60_000;
const clientNat = { clientNat: '198.18.1.2' } as const;
const responderNat = { responderNat: { public: publicAddress, forwards: [500, 4500] } } as const;
const staysOn500: readonly NatTraversalRevision[] = ['draft-00', 'draft-01'];

interface Scenario {
  readonly way?: Way;
  readonly client?: Partial<IkeInitiatorConfig>;
  readonly responder?: Partial<IkeResponderConfig>;
}

function simulate({ way = {}, client = {}, responder = {} }: Scenario) {
  const theirs = responderExample(way.responderNat === undefined ? publicAddress : '10.0.0.2');
  const mine: ClientEndpointConfig = { ...clientExample, ike: { ...clientExample.ike, ...client } };
  return joined('one', way, mine, { ...theirs, ike: { ...theirs.ike, ...responder } });
}

function connect({ internet, client, responder }: ReturnType<typeof joined>): boolean {
  client.act((endpoint, now) => endpoint.connect(now));
  return internet.run(() => client.isUp && responder.isUp, internet.now + 2 * minute);
}

/** Whether a packet gets through the tunnel each way. */
function passes({ internet, client, responder }: ReturnType<typeof joined>): boolean {
  const link = client.links.at(-1);
  const inner = link?.effect === 'link-up' ? link.localAddress : '0.0.0.0';
  client.act((endpoint, now) => endpoint.sendIp(ipPacket(inner, '192.168.2.10', 'up'), now));
  responder.act((endpoint, now) => endpoint.sendIp(ipPacket('192.168.2.10', inner, 'down'), now));
  internet.runTo(internet.now + 1000);
  return client.delivered.length === 1 && responder.delivered.length === 1;
}

/** The ports at both ends of every datagram that crossed the network; ESP itself has none. */
function portsUsed({ internet }: ReturnType<typeof joined>): Set<number> {
  return new Set(internet.wire.flatMap(({ destination, source }) => [destination.port, source.port]));
}

const placements: readonly (readonly [string, Way])[] = [
  ['no NAT', {}],
  ['client behind NAT', clientNat],
  ['responder behind NAT', responderNat],
  ['both behind NAT', { ...clientNat, ...responderNat }],
];

for (const [name, way] of placements) {
  test.each(everyRevision)(
    `${name}, %s the only common revision: connects and passes packets`,
    (revision) => {
      const simulation = simulate({
        way,
        client: { natTraversal: [revision] },
        responder: { natTraversal: [revision] },
      });
      expect(connect(simulation)).toBe(true);
      expect(passes(simulation)).toBe(true);
      const { client, responder } = simulation;
      const nat = name !== 'no NAT';
      expect(client.fact('phase2-established')?.encapsulation).toBe(nat ? 'udp' : 'none');
      expect(responder.fact('nat-traversal-chosen')?.revision).toBe(revision);
      expect(client.fact('port-floated') !== undefined).toBe(nat && !staysOn500.includes(revision));
      const { peerBehindNat, localBehindNat } = client.fact('nat-detected') ?? {};
      expect([localBehindNat, peerBehindNat]).toEqual([
        way.clientNat !== undefined,
        way.responderNat !== undefined,
      ]);
    },
  );
}

test.each(staysOn500)(
  '%s needs no port 4500: it connects where that is blocked (rule NAT-19)',
  (revision) => {
    const way = { responderNat: { public: publicAddress, forwards: [500] } };
    const simulation = simulate({
      way,
      client: { natTraversal: [revision] },
      responder: { natTraversal: [revision] },
    });
    expect(connect(simulation)).toBe(true);
    expect(passes(simulation)).toBe(true);
    expect(portsUsed(simulation)).toEqual(new Set([500]));
    // Eight zero octets, then an SPI, which is not zero (draft-ietf-ipsec-udp-encaps-01 2.1).
    const esp = simulation.internet.wire.filter(({ payload }) =>
      payload.subarray(0, 8).every((octet) => octet === 0),
    );
    expect(esp.length).toBeGreaterThan(2);
    for (const { payload } of esp) expect(payload.subarray(8, 12)).not.toEqual(new Uint8Array(4));
  },
);

test('the later revisions do need it: without the forward of 4500 they stop after the float (rule NAT-5)', () => {
  const way = { responderNat: { public: publicAddress, forwards: [500] } };
  for (const revision of everyRevision.filter((each) => !staysOn500.includes(each))) {
    const simulation = simulate({
      way,
      client: { natTraversal: [revision] },
      responder: { natTraversal: [revision] },
    });
    expect(connect(simulation)).toBe(false);
    expect(simulation.client.fact('phase1-established')).toBeUndefined();
  }
});

test.each(['draft-00', 'draft-02n', 'rfc3947'] as const)(
  '%s: keepalives go from the port that ESP uses, one octet each, and are taken in silence',
  (revision) => {
    const simulation = simulate({
      way: clientNat,
      client: { natTraversal: [revision], keepaliveSeconds: 5 },
      responder: { natTraversal: [revision] },
    });
    expect(connect(simulation)).toBe(true);
    const { internet, responder } = simulation;
    const before = responder.facts.length;
    internet.wire.length = 0;
    internet.runTo(internet.now + 12_000);
    const keepalives = internet.wire.filter(({ payload }) => payload.length === 1 && payload[0] === 0xff);
    expect(keepalives).toHaveLength(2);
    const port = revisionNumbers[revision].floats ? 4500 : 500;
    expect(keepalives.map(({ destination }) => destination.port)).toEqual([port, port]);
    expect(responder.facts.slice(before).filter(({ fact }) => fact === 'packet-dropped')).toEqual([]);
  },
);

test('two ends that name no common revision have no NAT traversal', () => {
  const simulation = simulate({
    client: { natTraversal: ['draft-03'] },
    responder: { natTraversal: ['draft-02'] },
  });
  expect(connect(simulation)).toBe(true);
  expect(simulation.responder.fact('nat-traversal-chosen')?.revision).toBe('none');
  expect(simulation.responder.fact('nat-detected')).toBeUndefined();
});

test.each([
  ['the responder', {}, { forcedEncapsulation: true }, { localBehindNat: false, peerBehindNat: true }],
  ['the client', { forcedEncapsulation: true }, {}, { localBehindNat: false, peerBehindNat: false }],
  [
    'both',
    { forcedEncapsulation: true },
    { forcedEncapsulation: true },
    { localBehindNat: false, peerBehindNat: true },
  ],
] as const)('encapsulation forced by %s: UDP without a NAT', (_who, client, responder, seen) => {
  const simulation = simulate({ client, responder });
  expect(connect(simulation)).toBe(true);
  expect(passes(simulation)).toBe(true);
  expect(simulation.client.fact('nat-detected')).toMatchObject(seen);
  expect(simulation.client.fact('phase2-established')?.encapsulation).toBe('udp');
  expect(portsUsed(simulation)).toEqual(new Set([500, 4500]));
});

test('a client of rule 0 refuses a responder that forces encapsulation, as if it were behind NAT (rule WIN-1)', () => {
  const natRule = { rule: 0, whenRefused: 'stop-after-nat-detection' } as const;
  const forced = simulate({ client: { natRule }, responder: { forcedEncapsulation: true } });
  expect(connect(forced)).toBe(false);
  expect(forced.client.fact('nat-refused')).toBeDefined();
  expect(connect(simulate({ client: { natRule } }))).toBe(true);
});

const behaviours = ['when-behind-nat', 'never', undefined] as const;
const combinations = behaviours.flatMap((client) =>
  behaviours.map((responder) => [client, responder] as const),
);

for (const [name, way] of placements.slice(1)) {
  test.each(combinations)(
    `${name}, NAT-OA of the client %s, of the responder %s: packets pass`,
    (client, responder) => {
      for (const revision of ['rfc3947', 'draft-02n', 'draft-08', 'apple'] as const) {
        const natTraversal = [revision];
        const simulation = simulate({
          way,
          client: { natTraversal, ...(client && { natOriginalAddress: client }) },
          responder: { natTraversal, ...(responder && { natOriginalAddress: responder }) },
        });
        expect(connect(simulation)).toBe(true);
        expect(passes(simulation)).toBe(true);
      }
    },
  );
}

/** Clients as alike as can be: L2TP port 1701, tunnel id 1, one phase 1 identity. */
function crowd(count: number, revision: NatTraversalRevision, kind: NatKind, keepsPorts = true) {
  const users = Array.from({ length: count }, (_, index) => ({ name: `dialin${index}`, password: 'friend' }));
  const natTraversal = [revision];
  const clients = users.map(({ name }, index): ClientEndpointConfig => {
    const { ike, l2tp, ppp } = clientExample;
    return {
      ...clientExample,
      localAddress: `192.168.1.${10 + index}`,
      ike: {
        ...ike,
        natTraversal,
        identity: { type: 'fqdn', name: 'laptop' },
        initialContact: true,
        localPort: 1701,
      },
      l2tp: { ...l2tp, countsTunnels: true },
      ppp: { ...ppp, user: name, password: 'friend' },
    };
  });
  const example = responderExample(publicAddress);
  const responder: ResponderEndpointConfig = { ...example, users, ike: { ...example.ike, natTraversal } };
  const nat = new Nat('198.18.1.10', keepsPorts, [], kind);
  return behindOneNat(`${count} ${revision}`, nat, clients, responder);
}

/** How many of them connect, all dialling at once, and have their own traffic and nobody else's. */
function served({ internet, responder, clients }: ReturnType<typeof crowd>): number {
  for (const client of clients) client.act((endpoint, now) => endpoint.connect(now));
  internet.run(() => clients.every(({ isUp }) => isUp), internet.now + 2 * minute);
  const addresses = clients.map(({ links }) => {
    const link = links.at(-1);
    return link?.effect === 'link-up' ? link.localAddress : undefined;
  });
  for (const [index, address] of addresses.entries()) {
    if (address === undefined) continue;
    const down = ipPacket('192.168.2.10', address, `for ${index}`);
    responder.act((endpoint, now) => endpoint.sendIp(down, now));
    clients[index]?.act((endpoint, now) =>
      endpoint.sendIp(ipPacket(address, '192.168.2.10', `of ${index}`), now),
    );
  }
  internet.runTo(internet.now + 1000);
  for (const [index, { delivered }] of clients.entries()) {
    const own = ipPacket('192.168.2.10', addresses[index] ?? '', `for ${index}`);
    for (const packet of delivered) expect(packet).toEqual(own);
  }
  return clients.filter(({ delivered }) => delivered.length === 1).length;
}

test.each(everyRevision)(
  '%s: two and five clients behind one NAT, alike in all, each have their own traffic',
  (revision) => {
    expect(served(crowd(2, revision, 'endpoint-independent'))).toBe(2);
    expect(served(crowd(5, revision, 'endpoint-independent'))).toBe(5);
  },
);

test.each(everyRevision)('%s: three clients behind a symmetric NAT that keeps no port', (revision) => {
  expect(served(crowd(3, revision, 'symmetric', false))).toBe(3);
});

test.each(everyRevision)(
  '%s: a NAT that holds port 500 for all serves two clients unless ESP stays there',
  (revision) => {
    expect(served(crowd(1, revision, 'ike-helper'))).toBe(1);
    const both = served(crowd(2, revision, 'ike-helper')) === 2;
    // ESP on port 500 has eight zero octets where that NAT looks for a cookie: it cannot tell whose it is.
    expect(both).toBe(!staysOn500.includes(revision));
  },
);
