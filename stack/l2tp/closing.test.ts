import { expect, test } from 'vitest';
import { perfect } from '../testing/simulation.ts';
import { attribute } from './attribute.ts';
import { stopAvps } from './avp-lists.ts';
import { control, lastResult, ScriptedLac } from './testing/scripted-lac.ts';
import { connect, lacConfig, lacSeen, pairOf, sessionOf } from './testing/tunnel-pair.ts';

test('a client that closes its session sends CDN (result 3), then StopCCN (result 1); nothing is left', () => {
  // The order and the codes of the field facts (MS-L2TPIE 4).
  const pair = pairOf(4, perfect);
  connect(pair);
  pair.lac.perform(pair.lac.engine.closeSession(sessionOf(pair.lac), 'user', pair.simulation.now));
  expect(lastResult(pair.lac)).toMatchObject({ name: 'StopCCN', code: { result: 1, error: 0 } });
  const done = () => pair.lac.downs.length === 2 && pair.lns.downs.length === 2;
  expect(pair.simulation.run(done, 10_000)).toBe(true);
  expect(pair.lac.messages.slice(-2)).toEqual(['sent CDN', 'sent StopCCN']);
  expect(pair.lns.downs).toEqual([
    'session-down: CDN result 3 (administrative reasons)',
    'tunnel-down: StopCCN result 1 (general request to clear the control connection)',
  ]);
  expect(pair.lac.facts).toContainEqual({ fact: 'closed', layer: 'l2tp', by: 'local', detail: 'user' });
  expect(pair.lns.facts).toContainEqual(expect.objectContaining({ fact: 'closed', by: 'peer' }));
  for (const station of [pair.lac, pair.lns]) {
    expect(station.engine.summary()).toEqual({ tunnels: 0, sessions: 0 });
  }
  // Lingering ends, and then no timer is left either.
  pair.simulation.runTo(120_000);
  expect(pair.lac.engine.deadline()).toBeUndefined();
  expect(pair.lns.engine.deadline()).toBeUndefined();
});

test('an LNS that closes a session clears it; the client then clears the tunnel', () => {
  const pair = pairOf(5, perfect);
  connect(pair);
  pair.lns.perform(pair.lns.engine.closeSession(sessionOf(pair.lns), 'idle', pair.simulation.now));
  expect(pair.simulation.run(() => pair.lns.downs.length === 2 && pair.lac.downs.length === 2, 10_000)).toBe(
    true,
  );
  expect(pair.lns.messages.slice(-2)).toEqual(['sent CDN', 'received StopCCN']);
});

test('both ends closing at once end cleanly', () => {
  const pair = pairOf(6, perfect);
  connect(pair);
  pair.lac.perform(pair.lac.engine.close(pair.simulation.now));
  pair.lns.perform(pair.lns.engine.close(pair.simulation.now));
  pair.simulation.runTo(200_000);
  for (const station of [pair.lac, pair.lns]) {
    expect(station.downs.filter((down) => down.startsWith('tunnel-down'))).toHaveLength(1);
    expect(station.engine.deadline()).toBeUndefined();
  }
});

test.each([
  ['tunnel 0', 0, 13],
  ['a tunnel that is not there', 4242, 13],
])('a StopCCN sent to %s is understood by its Assigned Tunnel ID', (_what, wrong, assigned) => {
  const lac = new ScriptedLac();
  const message = control('StopCCN', stopAvps(lacConfig, assigned, { result: 1 }), {
    tunnelId: wrong,
    ns: 1,
    nr: 1,
  });
  lac.give(message);
  expect(lac.lns.engine.summary().tunnels).toBe(0);
  // Repeated, it is acknowledged again and not processed again.
  lac.give(message, 20);
  expect(lac.lns.downs).toHaveLength(1);
  expect(lac.lns.facts.at(-1)).toMatchObject({ direction: 'sent', message: 'ZLB' });
});

test('a StopCCN with a wrong Assigned Tunnel ID (MSL2TP) ends its tunnel', () => {
  const lac = new ScriptedLac();
  lac.say('StopCCN', stopAvps(lacConfig, 4242, { result: 1 }), 1);
  expect(lac.lns.engine.summary().tunnels).toBe(0);
});

test('a CDN with session id 0 in its header names its session by the Assigned Session ID (Android)', () => {
  const pair = pairOf(14, perfect);
  connect(pair);
  const { tunnelId } = sessionOf(pair.lns);
  const avps = [
    attribute.resultCode.avp({ result: 3 }),
    attribute.assignedSessionId.avp(sessionOf(pair.lac).sessionId),
  ];
  const message = control('CDN', avps, { tunnelId, ns: 4, nr: 2 });
  pair.lns.perform(pair.lns.engine.receive({ peer: lacSeen, message }, 1000));
  expect(pair.lns.engine.summary()).toEqual({ tunnels: 1, sessions: 0 });
});

test('a CDN that waited for its ICCN ends the session after it came up', () => {
  const lac = new ScriptedLac();
  const order: string[] = [];
  lac.lns.onEffect = ({ effect }) => {
    if (effect === 'session-up' || effect === 'session-down') order.push(effect);
  };
  lac.say('SCCCN', [], 1);
  lac.say('ICRQ', [attribute.assignedSessionId.avp(7), attribute.callSerialNumber.avp(0)], 2);
  const { sessionId } = lac;
  lac.say('CDN', [attribute.resultCode.avp({ result: 3 }), attribute.assignedSessionId.avp(7)], 4, {
    sessionId,
  });
  expect(order).toEqual([]);
  lac.say('ICCN', [], 3, { sessionId });
  expect(order).toEqual(['session-up', 'session-down']);
});

test('a tunnel without a session, and one that was never finished, do not stay', () => {
  const idle = new ScriptedLac();
  idle.say('SCCCN', [], 1);
  const halfOpen = new ScriptedLac();
  for (const { lns } of [idle, halfOpen]) {
    for (let now = 0; now < 300_000; now = lns.engine.deadline() ?? 300_000) {
      lns.perform(lns.engine.tick(now));
      if (lns.engine.deadline() === now) throw new Error('tick does nothing');
    }
    expect(lns.engine.summary().tunnels).toBe(0);
  }
  expect(halfOpen.lns.facts).toContainEqual(
    expect.objectContaining({ fact: 'l2tp-failed', reason: 'no-answer' }),
  );
});
