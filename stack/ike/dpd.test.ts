import { expect, test } from 'vitest';
import { seededRandom } from '../host/random.ts';
import { decodeHeader } from '../isakmp/header.ts';
import { decodeMessage, payloadsOf } from '../isakmp/message.ts';
import type { Notification } from '../isakmp/notification.ts';
import { NotifyType } from '../isakmp/notify-type.ts';
import { concat, hex, readUint, uint32 } from '../octets.ts';
import type { DeadPeerDetection } from './config.ts';
import { openInformational, sealInformational } from './informational.ts';
import type { Established } from './phase1.ts';
import { initiatorConfig, phase1Transform } from './testing/configs.ts';
import { completeQuickMode, responderWith, ScriptedInitiator } from './testing/scripted-initiator.ts';
import { atClient, pair } from './testing/simulated-pair.ts';

/** RFC 3706 5.1 names the hash; the field facts have the whole id. */
const vendorId = 'afcad71368a1f1c96b8696fc77570100';
const both: DeadPeerDetection = { mode: 'both', idleSeconds: 10, retrySeconds: 2, attempts: 3 };
const receive: DeadPeerDetection = { ...both, mode: 'receive' };
const detecting = (deadPeerDetection: DeadPeerDetection) => ({ deadPeerDetection });

const notifies = (host: ReturnType<typeof pair>['client'], direction: 'sent' | 'received') =>
  host.factsNamed('notify').flatMap((fact) => (fact.direction === direction ? [fact.notify] : []));

test('the vendor id of RFC 3706 goes into the first message of either end that does it, and of no other', () => {
  for (const [byClient, byServer] of [
    [true, true],
    [false, true],
    [true, false],
  ] as const) {
    const { simulation } = pair({
      initiator: byClient ? detecting(both) : {},
      responder: byServer ? detecting(receive) : {},
    });
    simulation.runTo(5000);
    const named = simulation.wire.slice(0, 2).map(({ payload }) => {
      const message = decodeMessage(payload);
      const ids = message.ok ? payloadsOf(message.value.payloads, 'vendor-id') : [];
      return ids.some(({ data }) => hex(data) === vendorId);
    });
    expect(named).toEqual([byClient, byServer]);
  }
});

test('a peer that is silent is asked, answers, and lives (RFC 3706 5.4)', () => {
  const { simulation, client, server } = pair({
    ...atClient,
    initiator: detecting(both),
    responder: detecting(receive),
  });
  simulation.runTo(60_000);
  expect(notifies(client, 'sent')).toEqual(Array(5).fill('R-U-THERE'));
  expect(notifies(server, 'received')).toEqual(Array(5).fill('R-U-THERE'));
  expect(notifies(client, 'received')).toEqual(Array(5).fill('R-U-THERE-ACK'));
  expect(client.engine.summary()).toEqual({ phase1: 1, halfOpen: 0, phase2: 1 });
});

test('both may ask, even at once', () => {
  const { simulation, client, server } = pair({ initiator: detecting(both), responder: detecting(both) });
  simulation.runTo(100_000);
  const asked = [client, server].map((host) => notifies(host, 'sent').filter((name) => name === 'R-U-THERE'));
  // Each ten seconds one of them at least, and neither more often than that.
  expect(asked.flat().length).toBeGreaterThanOrEqual(9);
  for (const questions of asked) expect(questions.length).toBeLessThanOrEqual(10);
  for (const host of [client, server]) {
    expect(host.factsNamed('packet-dropped')).toEqual([]);
    expect(host.factsNamed('dead-peer')).toEqual([]);
  }
});

test('traffic is as good as an answer: nobody asks while there is some (RFC 3706 5.4)', () => {
  const { simulation, client } = pair({ initiator: detecting(both), responder: detecting(receive) });
  simulation.runTo(1000);
  const [inboundSpi = 0] = client.installed.keys();
  for (let now = 2000; now < 60_000; now += 9000) {
    simulation.runTo(now);
    const traffic = [{ inboundSpi, sentOctets: 0, receivedOctets: 100 }];
    client.perform(client.engine.espTraffic(traffic, undefined, now));
  }
  expect(notifies(client, 'sent')).toEqual([]);
  // What this end sends proves nothing.
  const before = simulation.now;
  for (let now = before + 1000; now < before + 12_000; now += 1000) {
    simulation.runTo(now);
    const traffic = [{ inboundSpi, sentOctets: 100, receivedOctets: 0 }];
    client.perform(client.engine.espTraffic(traffic, undefined, now));
  }
  expect(notifies(client, 'sent')).toContain('R-U-THERE');
});

test('a dead peer is asked as often as agreed, and then all of its SAs end', () => {
  const { simulation, client, server } = pair({ initiator: detecting(both), responder: detecting(receive) });
  simulation.runTo(5000);
  simulation.leave(server);
  const established = client.facts.length;
  expect(simulation.run(() => client.factsNamed('dead-peer').length > 0, 60_000)).toBe(true);
  // Ten seconds of silence, and three questions that had two seconds each.
  expect(simulation.now).toBeGreaterThanOrEqual(10_000 + 3 * 2000);
  expect(simulation.now).toBeLessThan(5000 + 10_000 + 3 * 2000);
  expect(notifies(client, 'sent')).toEqual(Array(3).fill('R-U-THERE'));
  const told = client.facts.slice(established).map(({ fact }) => fact);
  expect(told.filter((fact) => fact === 'dead-peer' || fact === 'closed')).toEqual([
    'dead-peer',
    'closed',
    'closed',
  ]);
  expect(client.engine.summary()).toEqual({ phase1: 0, halfOpen: 0, phase2: 0 });
  expect(client.installed.size).toBe(0);
});

test('lost questions and answers are no death', () => {
  const { simulation, client, server } = pair({ initiator: detecting(both), responder: detecting(both) });
  simulation.runTo(5000);
  let informational = 0;
  // One out of three messages of informational exchanges (type 5) are lost.
  simulation.tamper = (datagram) =>
    datagram.payload[18] === 5 && ++informational % 3 === 0 ? undefined : datagram;
  simulation.runTo(200_000);
  expect(informational).toBeGreaterThan(20);
  for (const host of [client, server]) expect(host.factsNamed('dead-peer')).toEqual([]);
});

test('who does not announce it is not asked, and who does not do it does not answer', () => {
  const deaf = pair({ initiator: detecting(both) });
  deaf.simulation.runTo(60_000);
  expect(notifies(deaf.client, 'sent')).toEqual([]);
  const { client, phase1 } = asked(undefined);
  expect(client.send(sealed(client, phase1, 9, question(client, 1)))).toEqual([]);
});

test.each([
  ['under the new one', 90_000],
  ['by main mode where it dies while that is under way', 100_000],
])('the peer of a renewed ISAKMP SA is watched %s', (_, death) => {
  const rekey = { marginSeconds: 5, marginKilobytes: 1, fuzz: 0, graceSeconds: 2 };
  const phase1 = [{ ...phase1Transform, lifetimeSeconds: 30 }];
  const { simulation, client, server } = pair({
    initiator: { phase1, rekey, ...detecting(both) },
    responder: { phase1, ...detecting(receive) },
  });
  simulation.runTo(death);
  expect(client.factsNamed('rekeyed').length).toBeGreaterThan(2);
  expect(client.factsNamed('dead-peer')).toEqual([]);
  simulation.leave(server);
  simulation.runTo(death + 40_000);
  expect(client.factsNamed('dead-peer').length).toBe(1);
  expect(client.engine.summary()).toMatchObject({ phase1: 0, phase2: 0 });
});

/** A responder that does it, and a hand-led client that announced it and is connected. */
function asked(deadPeerDetection: DeadPeerDetection | undefined) {
  const engine = responderWith(deadPeerDetection === undefined ? {} : { deadPeerDetection });
  const config = { ...initiatorConfig, vendorIds: [vendorId] };
  const client = new ScriptedInitiator(engine, config, seededRandom('client'));
  const phase1 = client.establish();
  completeQuickMode(client, phase1, 1);
  return { engine, client, phase1 };
}

function question(
  client: ScriptedInitiator,
  sequence: number,
  notify: 'R-U-THERE' | 'R-U-THERE-ACK' = 'R-U-THERE',
) {
  return {
    doi: 1,
    protocolId: 1,
    notifyType: NotifyType[notify],
    spi: concat(client.initiatorCookie, client.responderCookie),
    data: uint32(sequence),
  };
}

function sealed(
  client: ScriptedInitiator,
  phase1: Established,
  messageId: number,
  notification: Notification,
) {
  return sealInformational(client, phase1, messageId, { payload: 'notification', notification });
}

function opened(phase1: Established, message: Uint8Array | undefined): Notification | undefined {
  const header = message && decodeHeader(message);
  if (message === undefined || !header?.ok) return undefined;
  return payloadsOf(openInformational(phase1, header.value, message) ?? [], 'notification')[0]?.notification;
}

test('R-U-THERE-ACK has the sequence number and the cookies of the question (RFC 3706 5.3, 6.1)', () => {
  const { client, phase1 } = asked(receive);
  const [answer] = client.send(sealed(client, phase1, 10, question(client, 77)));
  expect(opened(phase1, answer)).toEqual(question(client, 77, 'R-U-THERE-ACK'));
});

test('a question about other cookies, of another size, or with a stale or replayed number stays unanswered (RFC 3706 6)', () => {
  const { client, phase1 } = asked(receive);
  expect(client.send(sealed(client, phase1, 10, question(client, 77))).length).toBe(1);
  const bad: Notification[] = [
    question(client, 77),
    question(client, 76),
    { ...question(client, 78), spi: new Uint8Array(16) },
    { ...question(client, 78), spi: client.initiatorCookie },
    { ...question(client, 78), data: uint32(78).subarray(0, 3) },
  ];
  for (const [index, notification] of bad.entries()) {
    expect(client.send(sealed(client, phase1, 20 + index, notification))).toEqual([]);
    expect(client.facts.at(-1)).toMatchObject({ fact: 'packet-dropped', reason: 'replayed' });
  }
  // A lost question leaves a gap, which is no reason to refuse the next.
  expect(client.send(sealed(client, phase1, 30, question(client, 80))).length).toBe(1);
});

test('questions count up from a random number below 2^31; only an answer to an open one counts (RFC 3706 6.1, 6.2)', () => {
  const { engine, client, phase1 } = asked(both);
  const ask = (now: number) => opened(phase1, client.note(engine.tick(now))[0]);
  const first = ask(10_000);
  const sequence = readUint(first?.data ?? new Uint8Array(4), 0, 4);
  expect(first).toEqual(question(client, sequence));
  expect(sequence).toBeLessThan(2 ** 31);
  // An answer to what was never asked, and one about another SA.
  client.send(sealed(client, phase1, 40, { ...question(client, sequence + 1, 'R-U-THERE-ACK') }));
  client.send(
    sealed(client, phase1, 41, { ...question(client, sequence, 'R-U-THERE-ACK'), spi: new Uint8Array(16) }),
  );
  const facts = client.facts.filter(({ fact }) => fact === 'packet-dropped');
  expect(facts.length).toBe(2);
});

/** Asks at these instants, and lets the client answer each with another sequence number than it was asked. */
function answeredWith(shift: number, instants: readonly number[]) {
  const { engine, client, phase1 } = asked(both);
  const sequences = instants.flatMap((now, index) => {
    const data = opened(phase1, client.note(engine.tick(now))[0])?.data;
    if (data === undefined) return [];
    const sequence = readUint(data, 0, 4);
    client.send(sealed(client, phase1, 50 + index, question(client, sequence + shift, 'R-U-THERE-ACK')), now);
    return [sequence];
  });
  return { engine, client, sequences };
}

test('answers that are not to an open question are rejected, and the peer is dead (RFC 3706 6.1)', () => {
  // A question each two seconds, and after the third two seconds of patience.
  const { engine, client } = answeredWith(1, [10_000, 12_000, 14_000]);
  expect(engine.summary().phase1).toBe(1);
  client.note(engine.tick(16_000));
  expect(client.facts.map(({ fact }) => fact)).toContain('dead-peer');
  expect(engine.summary()).toEqual({ phase1: 0, halfOpen: 0, phase2: 0 });
});

test('an answer counts once', () => {
  const { engine, client, phase1 } = asked(both);
  const data = opened(phase1, client.note(engine.tick(10_000))[0])?.data ?? new Uint8Array(4);
  const answer = question(client, readUint(data, 0, 4), 'R-U-THERE-ACK');
  client.send(sealed(client, phase1, 60, answer), 10_100);
  expect(client.facts.at(-1)).toMatchObject({ fact: 'notify', notify: 'R-U-THERE-ACK' });
  client.send(sealed(client, phase1, 61, answer), 15_000);
  expect(client.facts.at(-1)).toMatchObject({ fact: 'packet-dropped', reason: 'replayed' });
  // It did not put the next question off.
  expect(opened(phase1, client.note(engine.tick(20_100))[0])?.notifyType).toBe(NotifyType['R-U-THERE']);
});

test('an answer that comes after the next question is one', () => {
  const { engine, client, phase1 } = asked(both);
  const [first = 0, second = 0] = [10_000, 12_000].map((now) => {
    const data = opened(phase1, client.note(engine.tick(now))[0])?.data;
    return readUint(data ?? new Uint8Array(4), 0, 4);
  });
  expect(second).toBe(first + 1);
  client.send(sealed(client, phase1, 50, question(client, first, 'R-U-THERE-ACK')), 13_000);
  // Ten seconds later it is asked anew.
  expect(client.note(engine.tick(22_999))).toEqual([]);
  const again = opened(phase1, client.note(engine.tick(23_000))[0]);
  expect(again).toEqual(question(client, second + 1));
});
