import { expect, test } from 'vitest';
import { hex } from '../octets.ts';
import { wholeInterval } from '../retransmission.ts';
import { phase2Notification, sealInformational } from './informational.ts';
import { startMainMode } from './main-mode-initiator.ts';
import { noCookie } from './sa-table.ts';
import { initiatorConfig, responderConfig } from './testing/configs.ts';
import {
  clientOf,
  completeQuickMode,
  offer,
  quickMode1,
  quickMode3,
  responderWith,
  selectors,
} from './testing/scripted-initiator.ts';
import { pair } from './testing/simulated-pair.ts';

const forgotten = wholeInterval(responderConfig.retransmission);
const text = (messages: readonly Uint8Array[]) => messages.map(hex);

test('a repeated message is answered with the same octets, also when the exchange is over (RFC 2408 5.1)', () => {
  const engine = responderWith();
  const client = clientOf(engine);
  const { message5 } = client.upToMessage5();
  const message6 = client.send(message5);
  expect(message6.length).toBe(1);
  expect(text(client.send(message5, 100))).toEqual(text(message6));
  expect(text(client.send(message5, forgotten - 1))).toEqual(text(message6));
});

test('of main mode and quick mode each message is', () => {
  const { simulation, client, server } = pair({});
  const sent: { to: string; octets: string }[] = [];
  simulation.tamper = (datagram) => {
    sent.push({ to: datagram.destination.ip, octets: hex(datagram.payload) });
    return datagram;
  };
  simulation.runTo(10_000);
  const requests = simulation.wire.filter(({ destination }) => destination.ip === server.address);
  // Main mode 1, 3, 5 and quick mode 1; of 3 there is no answer.
  expect(requests.length).toBe(5);
  for (const { payload } of requests.slice(0, 4)) {
    const before = sent.length;
    server.receive({
      source: { ip: client.address, port: 500 },
      destination: { ip: server.address, port: 500 },
      payload,
    });
    const again = sent.slice(before);
    expect(again.length).toBe(1);
    expect(sent.slice(0, before).map(({ octets }) => octets)).toContain(again[0]?.octets);
  }
  expect(server.installed.size).toBe(1);
});

test('after that time it is a replay, which costs nothing', () => {
  const engine = responderWith();
  const client = clientOf(engine);
  const { message5 } = client.upToMessage5();
  client.send(message5);
  client.note(engine.tick(forgotten));
  expect(client.send(message5, forgotten)).toEqual([]);
  expect(client.facts.at(-1)).toMatchObject({ fact: 'packet-dropped' });
  expect(engine.summary().phase1).toBe(1);
});

test('one that is repeated for ever is answered a bounded number of times', () => {
  const bounds = { halfOpenPerAddress: 16, quickModes: 32, messageIds: 1000, repetitions: 5 };
  const engine = responderWith({ bounds });
  const client = clientOf(engine);
  const { message } = startMainMode(initiatorConfig, { ...client, responderCookie: noCookie });
  const answers = Array.from({ length: 1000 }, () => client.send(message).length);
  // Once, and five times again.
  expect(answers.filter((number) => number === 1).length).toBe(6);
  expect(engine.summary().halfOpen).toBe(1);
});

test('quick modes under one ISAKMP SA, and its message ids, are bounded', () => {
  const bounds = { halfOpenPerAddress: 16, quickModes: 4, messageIds: 10, repetitions: 5 };
  const engine = responderWith({ bounds });
  const client = clientOf(engine);
  const phase1 = client.establish();
  const begin = (messageId: number) =>
    client.send(quickMode1(client, phase1, messageId, [...offer, ...selectors]).octets).length;
  expect([1, 2, 3, 4, 5, 6].map(begin)).toEqual([1, 1, 1, 1, 0, 0]);
  for (let messageId = 100; messageId < 1000; messageId++) {
    client.send(sealInformational(client, phase1, messageId, phase2Notification('NO-PROPOSAL-CHOSEN')));
  }
  const received = client.facts.filter((fact) => fact.fact === 'notify').length;
  expect(received).toBe(10 - 4);
  expect(client.facts.at(-1)).toMatchObject({ detail: 'all message ids are spent' });
});

test('finished quick modes make room', () => {
  const bounds = { halfOpenPerAddress: 16, quickModes: 4, messageIds: 1000, repetitions: 5 };
  const engine = responderWith({ bounds });
  const client = clientOf(engine);
  const phase1 = client.establish();
  for (let messageId = 1; messageId <= 4; messageId++) completeQuickMode(client, phase1, messageId);
  const first = quickMode1(client, phase1, 9, [...offer, ...selectors]);
  expect(client.send(first.octets)).toEqual([]);
  client.note(engine.tick(forgotten));
  const [message2 = new Uint8Array()] = client.send(first.octets, forgotten);
  client.send(quickMode3(client, phase1, 9, first.lastBlock, message2).octets, forgotten);
  expect(client.installed.length).toBe(5);
});
