import { expect, test } from 'vitest';
import { perfect } from '../testing/simulation.ts';
import type { L2tpConfig } from './config.ts';
import { decodePacket } from './header.ts';
import { decodeMessage } from './message.ts';
import { connect, lnsSeen, type Pair, pairOf, sessionOf } from './testing/tunnel-pair.ts';

const isHello = (bytes: Uint8Array) => {
  const packet = decodePacket(bytes);
  const message = packet.ok && packet.value.type === 'control' ? decodeMessage(packet.value.body) : undefined;
  return message?.ok === true && message.value.name === 'HELLO';
};

/** A client that takes no HELLO, while PPP frames of it keep coming each 5 s. */
function deafToHello(lns: Partial<L2tpConfig>): Pair {
  const pair = pairOf(1, perfect, { lac: { helloSeconds: 0 }, lns: { helloSeconds: 3, ...lns } });
  connect(pair);
  pair.lns.connect((message) => {
    if (isHello(message)) return;
    pair.lac.perform(pair.lac.engine.receive({ peer: lnsSeen, message }, pair.simulation.now));
  });
  for (let now = 5000; now <= 200_000; now += 5000) {
    pair.simulation.runTo(now);
    pair.lac.perform(pair.lac.engine.sendPpp(sessionOf(pair.lac), Uint8Array.of(0xc0, 0x21, 10)));
  }
  return pair;
}

test('a peer that acknowledges no HELLO is dead, whatever else it sends (RFC 2661 5.5)', () => {
  const { lns } = deafToHello({});
  expect(lns.facts).toContainEqual(expect.objectContaining({ fact: 'closed', layer: 'l2tp', by: 'timeout' }));
  expect(lns.engine.summary().tunnels).toBe(0);
});

test('where that is tolerated its data keeps the tunnel, and silence still ends it (Android, the field facts E2)', () => {
  const pair = deafToHello({ toleratesUnansweredHello: true });
  expect(pair.lns.messages).toContain('sent HELLO');
  expect(pair.lns.engine.summary()).toEqual({ tunnels: 1, sessions: 1 });
  expect(pair.lns.engine.load().unacknowledged).toBe(1);
  pair.simulation.runTo(300_000);
  expect(pair.lns.engine.summary()).toEqual({ tunnels: 0, sessions: 0 });
});

test('0 seconds ask for no sign of life', () => {
  const pair = pairOf(2, perfect, { lac: { helloSeconds: 0 }, lns: { helloSeconds: 0 } });
  connect(pair);
  pair.simulation.runTo(1_000_000);
  for (const station of [pair.lac, pair.lns]) {
    expect(station.messages).not.toContain('sent HELLO');
    expect(station.engine.summary()).toEqual({ tunnels: 1, sessions: 1 });
  }
});

test('a HELLO has session id 0 and is acknowledged by a ZLB (RFC 2661 6.5)', () => {
  const pair = pairOf(3, perfect, { lns: { helloSeconds: 5 } });
  connect(pair);
  pair.simulation.runTo(6000);
  const hello = decodePacket(pair.lns.sent.find(isHello) ?? new Uint8Array());
  expect(hello).toMatchObject({ ok: true, value: { sessionId: 0 } });
  expect(pair.lac.facts.at(-1)).toMatchObject({ direction: 'sent', message: 'ZLB' });
});

test('a client that asks for its tunnel longer than for other answers does so (Apple, the field facts E2)', () => {
  const startRetransmission = { firstGapMs: 1000, backoff: 2, maximumGapMs: 4000, transmissions: 60 };
  const pair = pairOf(4, { ...perfect, loss: 1 }, { lac: { startRetransmission } });
  pair.lac.perform(pair.lac.engine.dial(lnsSeen, 0));
  pair.simulation.run(() => pair.lac.downs.length > 0, 1_000_000);
  expect(pair.lac.facts.filter((fact) => fact.fact === 'l2tp-message')).toHaveLength(60);
  expect(pair.lac.facts.at(-1)).toMatchObject({ fact: 'l2tp-failed', reason: 'no-answer' });
});
