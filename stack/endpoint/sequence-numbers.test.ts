import { beforeEach, expect, test, vi } from 'vitest';
import { noNextHeader } from '../esp/packet.ts';
import { setSequenceNumber } from '../esp/record.ts';
import type { Phase2Proposal } from '../ike/config.ts';
import { readUint } from '../octets.ts';
import type { SaPair } from '../sa.ts';
import { EspTransport } from './esp-transport.ts';
import { clientExample, responderExample } from './testing/examples.ts';
import { ipPacket } from './testing/ip-packet.ts';
import { joined } from './testing/joined.ts';

/** The last sequence number of each SA when it is made, in order: nobody sends 2^32 packets here. */
const starts = vi.hoisted(() => ({ next: [] as number[], bySpi: new Map<number, number>() }));

vi.mock('../esp/packet.ts', async (original) => {
  const real = await original<typeof import('../esp/packet.ts')>();
  return {
    ...real,
    createSa: (...parameters: Parameters<typeof real.createSa>) => {
      const sa = real.createSa(...parameters);
      const [{ spi }] = parameters;
      const start = starts.bySpi.get(spi) ?? starts.next.shift() ?? 0;
      starts.bySpi.set(spi, start);
      setSequenceNumber(sa.record, start);
      return sa;
    },
  };
});

/** What the first pair begins with, in both directions. */
function firstPairAt(start: number): void {
  starts.next = [start, start];
  starts.bySpi.clear();
}

beforeEach(() => firstPairAt(0));

const some: Phase2Proposal = {
  encryption: 'aes-cbc-128',
  integrity: 'hmac-sha1-96',
  lifetimeSeconds: 3600,
};

function connected(proposal: Phase2Proposal) {
  const responder = responderExample('198.18.2.10');
  const policies = responder.ike.policies.map((policy) => ({ ...policy, proposals: [proposal] }));
  const simulation = joined(
    'sequence numbers',
    {},
    { ...clientExample, ike: { ...clientExample.ike, phase2: [proposal] } },
    { ...responder, ike: { ...responder.ike, policies } },
  );
  const { internet, client } = simulation;
  client.act((endpoint, now) => endpoint.connect(now));
  if (!internet.run(() => client.isUp && simulation.responder.isUp, 60_000)) throw new Error('not connected');
  return simulation;
}

type Connected = ReturnType<typeof connected>;

/** Sends so many packets from the client; says how many came. */
function send({ internet, client, responder }: Connected, packets: number): number {
  const before = responder.delivered.length;
  for (let number = 0; number < packets; number += 1) {
    client.act((endpoint, now) => endpoint.sendIp(ipPacket('192.168.8.50', '192.168.2.10', 'on'), now));
    internet.runTo(internet.now + 10);
  }
  return responder.delivered.length - before;
}

const spis = ({ client }: Connected) =>
  client.endpoint.securityAssociations().map(({ direction, spi }) => `${direction} ${spi}`);

/** Sequence numbers of an SA in the order of the wire. */
function numbersOf({ internet }: Connected, spi: number | undefined): number[] {
  return internet.wire
    .filter(({ destination, payload }) => destination.port === 0 && readUint(payload, 0, 4) === spi)
    .map(({ payload }) => readUint(payload, 4, 4));
}

test('an SA with extended sequence numbers lives on beyond 2^32 packets', () => {
  firstPairAt(2 ** 32 - 40);
  const simulation = connected({ ...some, extendedSequenceNumbers: true });
  const before = spis(simulation);
  expect(send(simulation, 60)).toBe(60);
  expect(spis(simulation)).toEqual(before);
  expect(simulation.responder.endpoint.securityAssociations()[0]?.drops).toEqual({});
});

test('an SA whose numbers are scarce is replaced before they end, and nothing is lost', () => {
  firstPairAt(2 ** 32 - 40);
  const simulation = connected(some);
  const { client } = simulation;
  const worn = client.fact('phase2-established')?.outboundSpi;
  expect(send(simulation, 60)).toBe(60);
  const numbers = numbersOf(simulation, worn);
  expect(numbers[0]).toBe(2 ** 32 - 39);
  expect(numbers.length).toBeLessThan(39);
  expect(client.facts.filter(({ fact }) => fact === 'packet-dropped')).toEqual([]);
});

test('an SA that is not replaced in time ends rather than let its numbers cycle (RFC 4303 3.3.3)', () => {
  firstPairAt(2 ** 32 - 3);
  const selector = { ip: '198.18.2.10', protocol: 17, port: 1701 };
  const parameters = (spi: number) => ({
    spi,
    algorithms: { encryption: 'null', integrity: 'hmac-sha1-96' } as const,
    encryptionKey: new Uint8Array(0),
    integrityKey: new Uint8Array(20),
  });
  const transport = new EspTransport('client', (length) => new Uint8Array(length));
  const pair: SaPair = {
    inbound: parameters(1000),
    outbound: parameters(2000),
    mode: 'transport',
    encapsulation: 'none',
    local: { ip: '198.18.1.10', port: 500 },
    peer: { ip: '198.18.2.10', port: 500 },
    localSelector: selector,
    peerSelector: selector,
    lifetimeSeconds: 3600,
  };
  transport.install(pair, 'path');
  const sent = Array.from({ length: 4 }, () => transport.send('path', 1701, 1701, new Uint8Array(1)));
  const numbers = sent.flatMap(({ effects }) =>
    effects.flatMap((effect) => (effect.effect === 'send-esp' ? [readUint(effect.payload, 4, 4)] : [])),
  );
  expect(numbers).toEqual([2 ** 32 - 2, 2 ** 32 - 1]);
  const spent = { inboundSpi: 1000, sequenceNumbers: 'spent' };
  expect(sent.map(({ worn }) => worn)).toEqual([
    { inboundSpi: 1000, sequenceNumbers: 'scarce' },
    undefined,
    spent,
    spent,
  ]);
  const dropped = { fact: 'packet-dropped', reason: 'sequence-exhausted' };
  expect(sent.at(-1)?.effects).toMatchObject([{ effect: 'fact', path: 'path', fact: dropped }]);
  expect(transport.status()[1]?.drops).toEqual({ 'sequence-exhausted': 2 });
});

test('a dummy packet is discarded without a word, and counted (RFC 4303 2.6)', async () => {
  const { createSa, espHeadroom, espTailroom, seal } = await import('../esp/packet.ts');
  const simulation = connected(some);
  const { client, responder, internet } = simulation;
  const keys = client.endpoint.keys().esp.find(({ destination }) => destination === '198.18.2.10');
  if (keys === undefined) throw new Error('no keys');
  const sa = createSa(keys, 64);
  setSequenceNumber(sa.record, 1000);
  const pool = new Uint8Array(espHeadroom + 33 + espTailroom);
  const sealed = seal(sa, pool, espHeadroom, 33, noNextHeader, new Uint8Array(16));
  if (typeof sealed === 'string') throw new Error(sealed);
  const [facts, delivered] = [responder.facts.length, responder.delivered.length];
  const payload = pool.slice(sealed.offset, sealed.offset + sealed.length);
  responder.act((endpoint, now) =>
    endpoint.receiveEsp({ local: '198.18.2.10', peer: '192.168.1.10', payload }, now),
  );
  internet.runTo(internet.now + 10);
  expect([responder.facts.length, responder.delivered.length]).toEqual([facts, delivered]);
  expect(responder.endpoint.securityAssociations()[0]).toMatchObject({ dummies: 1, drops: {} });
});

test('what is dropped is counted by why', () => {
  const { internet, responder } = connected(some);
  const packet = internet.wire.findLast(
    ({ destination }) => destination.ip === '198.18.2.10' && destination.port === 0,
  );
  if (packet === undefined) throw new Error('no ESP on the wire');
  const from = { local: '198.18.2.10', peer: '192.168.1.10' };
  const forged = packet.payload.slice();
  forged[7] = (forged[7] ?? 0) ^ 0x80;
  for (const payload of [packet.payload, packet.payload, forged, packet.payload.subarray(0, 9)]) {
    responder.act((endpoint, now) => endpoint.receiveEsp({ ...from, payload }, now));
  }
  const [inbound, outbound] = responder.endpoint.securityAssociations();
  expect(inbound?.drops).toEqual({ replayed: 2, 'bad-icv': 1, malformed: 1 });
  expect(outbound?.drops).toEqual({});
});
