import { expect, test } from 'vitest';
import { seededRandom } from '../host/random.ts';
import { ExchangeType } from '../isakmp/exchange-type.ts';
import type { Payload } from '../isakmp/payload.ts';
import { hex } from '../octets.ts';
import {
  clearNotification,
  deleteEsp,
  deleteIsakmp,
  phase2Notification,
  sealInformational,
} from './informational.ts';
import { sealMessage } from './protection.ts';
import { initiatorConfig, phase2Proposal } from './testing/configs.ts';
import {
  clientOf,
  completeQuickMode,
  inboundSpi,
  offer,
  quickMode1,
  quickMode3,
  reasons,
  responderWith,
  ScriptedInitiator,
  selectors,
} from './testing/scripted-initiator.ts';

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

test('a message 3 that proves nothing installs nothing, and the true one still does', () => {
  const client = clientOf(responderWith());
  const phase1 = client.establish();
  const first = quickMode1(client, phase1, 5, [...offer, ...selectors]);
  const [message2 = new Uint8Array()] = client.send(first.octets);
  const message3 = quickMode3(client, phase1, 5, first.lastBlock, message2);
  const wrong = sealMessage(
    phase1.keys,
    message2.slice(-8),
    { ...client, exchangeType: ExchangeType.quickMode, messageId: 5 },
    [{ payload: 'hash', data: new Uint8Array(20) }],
  );
  client.send(wrong.octets);
  expect(client.installed).toEqual([]);
  expect(client.facts.at(-1)).toMatchObject({ detail: 'HASH(3) does not verify' });
  client.send(message3.octets);
  expect(client.installed.length).toBe(1);
});

test('a delete names the SPI the peer receives under; one in the clear or of a stranger is not obeyed', () => {
  const engine = responderWith({ expectedPeerIdentity: 'any' });
  const client = clientOf(engine);
  const phase1 = client.establish();
  const identity = { type: 'fqdn', name: 'stranger' } as const;
  const stranger = new ScriptedInitiator(engine, { ...initiatorConfig, identity }, seededRandom('stranger'));
  const theirs = stranger.establish();
  completeQuickMode(client, phase1, 1);
  // Under the stranger's ISAKMP SA there is no such SA.
  stranger.send(sealInformational(stranger, theirs, 77, deleteEsp(inboundSpi)));
  client.send(clearNotification(client, 78, 'NO-PROPOSAL-CHOSEN'));
  expect(engine.summary()).toEqual({ phase1: 2, halfOpen: 0, phase2: 1 });
  client.send(sealInformational(client, phase1, 79, deleteEsp(inboundSpi)));
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
  newer.send(sealInformational(newer, second, 81, deleteEsp(inboundSpi)));
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
