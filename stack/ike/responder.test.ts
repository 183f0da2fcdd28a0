import { expect, test } from 'vitest';
import { ExchangeType } from '../isakmp/exchange-type.ts';
import { decodeHeader } from '../isakmp/header.ts';
import { hex } from '../isakmp/octets.ts';
import type { Payload } from '../isakmp/payload.ts';
import type { IkeResponderConfig } from './config.ts';
import { IkeEngine } from './engine.ts';
import { addressIdentification } from './identity.ts';
import {
  clearNotification,
  deleteEsp,
  deleteIsakmp,
  phase2Notification,
  sealInformational,
} from './informational.ts';
import type { Established } from './main-mode.ts';
import { phase2Offer } from './phase2-proposal.ts';
import { hashedPayloads, openMessage, quickModeHash3, sealMessage, withHash } from './protection.ts';
import { firstIv } from './quick-mode.ts';
import { ScriptedInitiator } from './scripted-initiator.ts';
import { Nat, Simulation, seededRandom } from './simulation.ts';
import { initiatorConfig, phase2Proposal, responderConfig } from './test-configs.ts';

function responderWith(change: Partial<IkeResponderConfig> = {}): IkeEngine {
  return new IkeEngine({ ...responderConfig, ...change }, seededRandom('responder'));
}

function clientOf(engine: IkeEngine, seed = 'client'): ScriptedInitiator {
  return new ScriptedInitiator(engine, initiatorConfig, seededRandom(seed));
}

const nonce = new Uint8Array(16).fill(7);
const selectors: Payload[] = [
  { payload: 'identification', id: addressIdentification({ ip: '198.18.0.1', protocol: 17, port: 1701 }) },
  { payload: 'identification', id: addressIdentification({ ip: '198.18.0.2', protocol: 17, port: 1701 }) },
];
const offer: Payload[] = [
  { payload: 'security-association', sa: phase2Offer([phase2Proposal], 0x1234, 2) },
  { payload: 'nonce', data: nonce },
];

function quickMode1(
  client: ScriptedInitiator,
  phase1: Established,
  messageId: number,
  payloads: readonly Payload[],
) {
  const hashed = withHash(phase1.keys, messageId, new Uint8Array(), payloads);
  return sealMessage(phase1.keys, firstIv(phase1, messageId), quickModeStart(client, messageId), hashed);
}

function quickModeStart({ initiatorCookie, responderCookie }: ScriptedInitiator, messageId: number) {
  return { initiatorCookie, responderCookie, exchangeType: ExchangeType.quickMode, messageId };
}

/** Reads message 2 and gives message 3. */
function quickMode3(
  client: ScriptedInitiator,
  phase1: Established,
  messageId: number,
  iv: Uint8Array,
  message2: Uint8Array,
) {
  const header = decodeHeader(message2);
  if (!header.ok) throw new Error('message 2 is malformed');
  const opened = openMessage(phase1.keys, iv, header.value, message2);
  if (!opened.ok) throw new Error(opened.error.detail);
  const payloads = hashedPayloads(phase1.keys, messageId, nonce, opened.value) ?? [];
  const responderNonce =
    payloads.find(({ payload }) => payload.payload === 'nonce')?.body ?? new Uint8Array();
  const data = quickModeHash3(phase1.keys, messageId, nonce, responderNonce);
  return sealMessage(phase1.keys, opened.value.lastBlock, quickModeStart(client, messageId), [
    { payload: 'hash', data },
  ]);
}

/** A quick mode from beginning to end; gives the SPI under which the responder receives. */
function completeQuickMode(client: ScriptedInitiator, phase1: Established, messageId: number): number {
  const first = quickMode1(client, phase1, messageId, [...offer, ...selectors]);
  const [message2 = new Uint8Array()] = client.send(first.octets);
  client.send(quickMode3(client, phase1, messageId, first.lastBlock, message2).octets);
  return client.installed.at(-1) ?? 0;
}

const reasons = (client: ScriptedInitiator) =>
  client.facts.flatMap((fact) => (fact.fact === 'ike-failed' ? [`${fact.phase} ${fact.reason}`] : []));

test('a repeated message gets the identical answer and advances nothing', () => {
  const engine = responderWith();
  const client = clientOf(engine);
  const { message5 } = client.upToMessage5();
  const [message6 = new Uint8Array()] = client.send(message5);
  const established = engine.summary();
  for (let repetition = 0; repetition < 3; repetition++) {
    expect(client.send(message5).map(hex)).toEqual([hex(message6)]);
  }
  expect(engine.summary()).toEqual(established);
  expect(client.facts.filter(({ fact }) => fact === 'phase1-established').length).toBe(1);
});

test('a repeated message 1 opens no second negotiation; the same cookie with other content does', () => {
  const engine = responderWith();
  const client = clientOf(engine);
  client.upToMessage5();
  expect(engine.summary()).toEqual({ phase1: 0, halfOpen: 1, phase2: 0 });
  const again = clientOf(engine);
  again.upToMessage5();
  expect(engine.summary().halfOpen).toBe(1);
});

test('a replayed quick mode or informational message does nothing', () => {
  const engine = responderWith();
  const client = clientOf(engine);
  const phase1 = client.establish();
  const first = quickMode1(client, phase1, 1, [...offer, ...selectors]);
  const [message2 = new Uint8Array()] = client.send(first.octets);
  client.send(quickMode3(client, phase1, 1, first.lastBlock, message2).octets);
  expect(engine.summary().phase2).toBe(1);
  // Long after, when the answers are forgotten, the same message 1 is a replay.
  const later = 1_000_000;
  client.note(engine.tick(later));
  expect(client.send(first.octets, later)).toEqual([]);
  expect(client.facts.at(-1)).toMatchObject({ fact: 'packet-dropped', reason: 'replayed' });
  const notify = sealInformational(client, phase1, 9, phase2Notification('NO-PROPOSAL-CHOSEN'));
  client.send(notify);
  client.send(notify);
  expect(client.facts.at(-1)).toMatchObject({ fact: 'packet-dropped', reason: 'replayed' });
});

test('message ids 1, 2, 3 as Windows uses them make three SAs (field facts B)', () => {
  const engine = responderWith();
  const client = clientOf(engine);
  const phase1 = client.establish();
  const spis = [1, 2, 3].map((messageId) => completeQuickMode(client, phase1, messageId));
  expect(new Set(spis).size).toBe(3);
  expect(engine.summary()).toEqual({ phase1: 1, halfOpen: 0, phase2: 3 });
});

test('the SA works only once message 3 has come, and its message 2 is repeated until then', () => {
  const engine = responderWith();
  const client = clientOf(engine);
  const phase1 = client.establish();
  const first = quickMode1(client, phase1, 5, [...offer, ...selectors]);
  const [message2 = new Uint8Array()] = client.send(first.octets);
  expect(client.installed).toEqual([]);
  const due = engine.deadline() ?? 0;
  expect(client.note(engine.tick(due)).map(hex)).toEqual([hex(message2)]);
  const message3 = quickMode3(client, phase1, 5, first.lastBlock, message2);
  client.send(message3.octets);
  client.send(message3.octets);
  expect(client.installed.length).toBe(1);
});

test('a delete names the SPI the peer receives under; one in the clear or of a stranger is not obeyed', () => {
  const engine = responderWith();
  const client = clientOf(engine);
  const phase1 = client.establish();
  const stranger = clientOf(engine, 'stranger');
  const theirs = stranger.establish();
  completeQuickMode(client, phase1, 1);
  // 0x1234 is the SPI of the client's own inbound SA: the stranger's ISAKMP SA has no such child.
  stranger.send(sealInformational(stranger, theirs, 77, deleteEsp(0x1234)));
  client.send(clearNotification(client, 78, 'NO-PROPOSAL-CHOSEN'));
  expect(engine.summary()).toEqual({ phase1: 2, halfOpen: 0, phase2: 1 });
  client.send(sealInformational(client, phase1, 79, deleteEsp(0x1234)));
  expect(engine.summary()).toEqual({ phase1: 2, halfOpen: 0, phase2: 0 });
  client.send(sealInformational(client, phase1, 80, deleteIsakmp(client)));
  expect(engine.summary()).toEqual({ phase1: 1, halfOpen: 0, phase2: 0 });
});

test('ESP SAs outlive an ISAKMP SA that a newer one with the same peer replaces', () => {
  const engine = responderWith();
  const older = clientOf(engine, 'older');
  const first = older.establish();
  const spi = completeQuickMode(older, first, 1);
  const newer = clientOf(engine, 'newer');
  const second = newer.establish();
  older.send(sealInformational(older, first, 80, deleteIsakmp(older)));
  expect(engine.summary()).toEqual({ phase1: 1, halfOpen: 0, phase2: 1 });
  newer.send(sealInformational(newer, second, 81, deleteEsp(0x1234)));
  expect(engine.peerOfSa(spi)).toBeUndefined();
});

test('a request for PFS is refused cleanly (rule PROP-4)', () => {
  const engine = responderWith({ sendsNotifies: true });
  const client = clientOf(engine);
  const phase1 = client.establish();
  const ke: Payload = { payload: 'key-exchange', data: new Uint8Array(128).fill(2) };
  const answers = client.send(quickMode1(client, phase1, 1, [...offer, ke, ...selectors]).octets);
  expect(answers.length).toBe(1);
  expect(reasons(client)).toEqual(['2 no-proposal-chosen']);
  expect(client.facts.at(-1)).toMatchObject({
    notify: 'NO-PROPOSAL-CHOSEN',
    direction: 'sent',
    protected: true,
  });
  expect(engine.summary().phase2).toBe(0);
  completeQuickMode(client, phase1, 2);
  expect(engine.summary().phase2).toBe(1);
});

test('without IDs the outer addresses are meant, with any protocol (RFC 2409 5.5)', () => {
  const strict = clientOf(responderWith());
  strict.send(quickMode1(strict, strict.establish(), 1, offer).octets);
  expect(reasons(strict)).toEqual(['2 no-policy']);
  const open = clientOf(
    responderWith({ policies: [{ name: 'all', protocol: 0, proposals: [phase2Proposal] }] }),
  );
  expect(open.send(quickMode1(open, open.establish(), 1, offer).octets).length).toBe(1);
  expect(reasons(open)).toEqual([]);
});

test('an IDci that is a host name stands for the peer, as old Windows sends it behind NAT (field facts C4)', () => {
  const client = clientOf(responderWith());
  const named: Payload = {
    payload: 'identification',
    id: { idType: 2, protocolId: 17, port: 1701, data: new Uint8Array(Buffer.from('LAPTOP')) },
  };
  const [, idcr] = selectors;
  if (idcr === undefined) throw new Error('no IDcr');
  expect(client.send(quickMode1(client, client.establish(), 1, [...offer, named, idcr]).octets).length).toBe(
    1,
  );
  expect(reasons(client)).toEqual([]);
});

test('the commit bit changes nothing', () => {
  const client = clientOf(responderWith());
  const phase1 = client.establish();
  const { octets } = quickMode1(client, phase1, 1, [...offer, ...selectors]);
  const [plain = 0] = octets.subarray(19, 20);
  octets[19] = plain | 2;
  expect(client.send(octets).length).toBe(1);
});

test('more half-open negotiations than allowed are not opened, and the place is free again in time', () => {
  const engine = responderWith({ maximumHalfOpen: 2 });
  const clients = ['a', 'b', 'c'].map((seed) => clientOf(engine, seed));
  const [first, second, third] = clients;
  first?.upToMessage5();
  second?.upToMessage5();
  expect(() => third?.upToMessage5()).toThrow('no answer in the clear');
  expect(third?.facts).toMatchObject([{ fact: 'packet-dropped', reason: 'unexpected' }]);
  expect(engine.summary().halfOpen).toBe(2);
  for (let due = engine.deadline(); due !== undefined; due = engine.deadline()) first?.note(engine.tick(due));
  expect(engine.summary().halfOpen).toBe(0);
  expect(first && reasons(first)).toEqual(['1 no-answer', '1 no-answer']);
  third?.establish();
  expect(engine.summary().phase1).toBe(1);
});

/** Clients behind one NAT or from several places, all at the same responder. */
function crowd(places: readonly { readonly address: string; readonly nat?: Nat }[]) {
  const simulation = new Simulation({ seed: 3, loss: 0.1, duplication: 0.1, delayMs: 300 });
  const server = simulation.add('198.18.0.2', responderConfig);
  const clients = places.map(({ address, nat }) => simulation.add(address, initiatorConfig, nat));
  for (const client of clients) simulation.dial(client, '198.18.0.2');
  simulation.run(60_000);
  return { simulation, server, clients };
}

test('several clients from several places and behind one NAT all connect (rules MULTI-1, MULTI-2, MULTI-4)', () => {
  const home = new Nat('198.18.0.10', true);
  const hotel = new Nat('198.18.0.11', true);
  const { server, clients } = crowd([
    { address: '198.18.0.1' },
    { address: '198.18.0.3' },
    { address: '192.168.1.10', nat: home },
    { address: '192.168.1.11', nat: home },
    // The private address of the first client at home, behind another NAT.
    { address: '192.168.1.12', nat: hotel },
  ]);
  expect(server.engine.summary()).toEqual({ phase1: 5, halfOpen: 0, phase2: 5 });
  for (const client of clients) {
    const [sa] = [...client.installed.values()];
    const mirrored = sa && server.installed.get(sa.outbound.spi);
    expect(mirrored?.inbound).toEqual(sa?.outbound);
    expect(server.engine.peerOfSa(sa?.outbound.spi ?? 0)?.ip).toBe(
      client.nat?.publicAddress ?? client.address,
    );
  }
});

test('one client that leaves takes only its own SAs along', () => {
  const home = new Nat('198.18.0.10', true);
  const { simulation, server, clients } = crowd([
    { address: '192.168.1.10', nat: home },
    { address: '192.168.1.11', nat: home },
  ]);
  const [leaving, staying] = clients;
  if (leaving === undefined || staying === undefined) throw new Error('two clients expected');
  simulation.handle(leaving, leaving.engine.removeSa([...leaving.installed.keys()][0] ?? 0, simulation.now));
  simulation.handle(leaving, leaving.engine.close(simulation.now));
  simulation.run(70_000);
  const [sa] = [...staying.installed.values()];
  expect([...server.installed.keys()]).toContain(sa?.outbound.spi);
});

test.each([
  ['INITIAL-CONTACT from the same address removes what was before', false, 1],
  ['INITIAL-CONTACT from behind the same NAT removes nobody else (RFC 3947 6, rule MULTI-5)', true, 2],
] as const)('%s', (_, natted, left) => {
  const engine = responderWith();
  const before = clientOf(engine, 'before');
  const after = clientOf(engine, 'after');
  if (natted) {
    // Both are seen at the NAT's address under different ports, while their NAT-D names other places.
    Object.assign(before, { local: { ip: '198.18.0.10', port: 61_000 } });
    Object.assign(after, { local: { ip: '198.18.0.10', port: 61_001 } });
    for (const client of [before, after]) {
      const { send } = client;
      client.send = (message, now) => send.call(client, withForeignNatD(message), now);
    }
  }
  before.establish();
  const phase1 = after.establish();
  expect(engine.summary().phase1).toBe(2);
  const notification: Payload = {
    payload: 'notification',
    notification: {
      doi: 1,
      protocolId: 1,
      notifyType: 24_578,
      spi: new Uint8Array(16),
      data: new Uint8Array(),
    },
  };
  after.send(sealInformational(after, phase1, 4, notification));
  expect(engine.summary().phase1).toBe(left);
});

/** Changes the last octet of a message 3, which is the end of the source's NAT-D hash. */
function withForeignNatD(message: Uint8Array): Uint8Array {
  const isMessage3 = message[16] === 4;
  return message.map((octet, index) => (isMessage3 && index === message.length - 1 ? octet ^ 1 : octet));
}
