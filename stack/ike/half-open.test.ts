import { expect, test, vi } from 'vitest';
import { seededRandom } from '../host/random.ts';
import { uint32 } from '../octets.ts';
import { startAggressiveMode } from './aggressive-mode-initiator.ts';
import type { IkeResponderConfig } from './config.ts';
import type { IkeEffect } from './effect.ts';
import { IkeEngine } from './engine.ts';
import { Allowance } from './half-open.ts';
import { startMainMode } from './main-mode-initiator.ts';
import { keyExchangeMessage } from './main-mode-messages.ts';
import { modpGroups } from './modp-groups.ts';
import { noCookie } from './sa-table.ts';
import { initiatorConfig, phase1Transform, responderConfig } from './testing/configs.ts';
import { clientOf } from './testing/scripted-initiator.ts';

const local = { ip: '198.18.0.2', port: 500 };
const bounds = { halfOpenPerAddress: 4, quickModes: 32, messageIds: 1000, repetitions: 32 };

/** How many private Diffie-Hellman values of group 2 anybody here has used since. */
function countKeyExchanges(): () => number {
  const before = publicValues.mock.calls.length;
  return () => publicValues.mock.calls.length - before;
}

const publicValues = vi.spyOn(modpGroups[2], 'publicValue');

function responder(change: Partial<IkeResponderConfig> = {}): IkeEngine {
  return new IkeEngine({ ...responderConfig, ...change }, seededRandom('responder'));
}

/** The address number `index` of those that a flood names. */
const stranger = (index: number) => ({
  ip: `198.19.${(index >> 8) % 256}.${index % 256}`,
  port: 500 + (index >> 16),
});

const template = startMainMode(initiatorConfig, {
  initiatorCookie: new Uint8Array(8).fill(1),
  responderCookie: noCookie,
}).message;

/** Message 1 under a cookie of its own. */
function message1(index: number): Uint8Array {
  const message = template.slice();
  message.set(uint32(index));
  return message;
}

const answers = (effects: readonly IkeEffect[]) =>
  effects.flatMap((effect) => (effect.effect === 'send-ike' ? [effect.message] : []));

test('100 000 messages 1 from everywhere leave a bounded table and no key exchange (RFC 2408 2.5.3)', () => {
  const engine = responder();
  const keyExchanges = countKeyExchanges();
  let answered = 0;
  for (let index = 0; index < 100_000; index++) {
    // A hundred a second: old ones give way, and the table is full all the time.
    const now = index * 10;
    if (index % 100 === 0) engine.tick(now);
    const effects = engine.receive({ local, peer: stranger(index), message: message1(index) }, now);
    answered += answers(effects).length;
    if (index % 1000 === 0) {
      expect(engine.summary().halfOpen).toBeLessThanOrEqual(responderConfig.maximumHalfOpen);
    }
  }
  expect(engine.summary()).toEqual({ phase1: 0, halfOpen: responderConfig.maximumHalfOpen, phase2: 0 });
  expect(keyExchanges()).toBe(0);
  // 16 places, each for 5 s at least, 1000 s long.
  expect(answered).toBeLessThanOrEqual(16 * 201);
  expect(answered).toBeGreaterThan(16 * 150);
});

test('one address has only so many negotiations under way, and others still come in', () => {
  const engine = responder({ bounds });
  const flooder = { ip: '198.19.0.1', port: 500 };
  for (let index = 0; index < 1000; index++) {
    engine.receive({ local, peer: { ...flooder, port: 1024 + index }, message: message1(index) }, index);
  }
  expect(engine.summary().halfOpen).toBe(4);
  const keyExchanges = countKeyExchanges();
  clientOf(engine).establish();
  expect(engine.summary()).toEqual({ phase1: 1, halfOpen: 4, phase2: 0 });
  // One of either end: so they are counted.
  expect(keyExchanges()).toBe(2);
});

test('who answers message 2 in time is not put out by a flood', () => {
  const engine = responder();
  const client = clientOf(engine);
  const { message5 } = client.upToMessage5();
  for (let index = 0; index < 20_000; index++) {
    engine.receive({ local, peer: stranger(index), message: message1(index) }, index);
  }
  expect(engine.summary().halfOpen).toBe(responderConfig.maximumHalfOpen);
  expect(client.send(message5, 20_000).length).toBe(1);
  expect(engine.summary().phase1).toBe(1);
});

test('a stranger with a true address gets a few key exchanges, and no more for as long as its places last', () => {
  const engine = responder();
  const keyExchanges = countKeyExchanges();
  const peer = { ip: '198.19.0.1', port: 500 };
  const random = seededRandom('true address');
  for (let index = 0; index < 2000; index++) {
    const cookies = { initiatorCookie: random(8), responderCookie: noCookie };
    const [message2] = answers(
      engine.receive({ local, peer, message: startMainMode(initiatorConfig, cookies).message }, index),
    );
    if (message2 === undefined) continue;
    const context = {
      initiatorCookie: cookies.initiatorCookie,
      responderCookie: message2.slice(8, 16),
      config: initiatorConfig,
      random,
      ends: { local: peer, peer: local },
    };
    const negotiated = { transform: phase1Transform, revision: undefined, initiatorSa: new Uint8Array() };
    // A public value outside the group, again and again, each time in another message.
    for (let attempt = 0; attempt < 50; attempt++) {
      const bad = { publicValue: new Uint8Array(128).fill(0xff), nonce: random(20) };
      engine.receive({ local, peer, message: keyExchangeMessage(context, negotiated, bad) }, index);
    }
  }
  expect(engine.summary().halfOpen).toBe(16);
  expect(keyExchanges()).toBe(16 * 4);
});

test('100 000 aggressive modes, which want a key exchange at once, get a few a second', () => {
  const engine = responder({ acceptsAggressive: true });
  const random = seededRandom('aggressive');
  const ends = { local: stranger(0), peer: local };
  const context = {
    initiatorCookie: random(8),
    responderCookie: noCookie,
    config: initiatorConfig,
    random,
    ends,
  };
  const { message } = startAggressiveMode(context);
  const keyExchanges = countKeyExchanges();
  for (let index = 0; index < 100_000; index++) {
    const forged = message.slice();
    forged.set(random(8), 0);
    engine.receive({ local, peer: stranger(index), message: forged }, index / 10);
  }
  expect(engine.summary().halfOpen).toBeLessThanOrEqual(responderConfig.maximumHalfOpen);
  // 16 at once and 4 in each of the 10 seconds; places that are taken bound it further.
  expect(keyExchanges()).toBeLessThanOrEqual(16 + 4 * 10);
  expect(keyExchanges()).toBeGreaterThanOrEqual(16);
});

test('100 000 messages under unknown cookies are nothing but dropped', () => {
  const engine = responder();
  const random = seededRandom('unknown cookies');
  const { message5 } = clientOf(engine).upToMessage5();
  const effects = new Set<string>();
  const keyExchanges = countKeyExchanges();
  for (let index = 0; index < 100_000; index++) {
    const forged = message5.slice();
    forged.set(random(16), 0);
    // Main mode, quick mode and informational exchange in turn.
    forged[18] = [2, 32, 5][index % 3] ?? 2;
    for (const { effect } of engine.receive({ local, peer: stranger(index), message: forged }, 1)) {
      effects.add(effect);
    }
  }
  expect([...effects]).toEqual(['fact']);
  expect(engine.summary()).toEqual({ phase1: 0, halfOpen: 1, phase2: 0 });
  expect(keyExchanges()).toBe(0);
});

test('an allowance is so many at once and then so many a second', () => {
  const allowance = new Allowance(2, 4);
  const taken = [0, 0, 0, 249, 250, 250, 10_000, 10_000, 10_000].map((now) => allowance.take(now));
  expect(taken).toEqual([true, true, false, false, true, false, true, true, false]);
});
