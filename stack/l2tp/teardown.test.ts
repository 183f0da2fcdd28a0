import { expect, test } from 'vitest';
import { perfect } from '../testing/simulation.ts';
import { attribute } from './attribute.ts';
import type { ResultCode } from './attribute-format.ts';
import type { L2tpConfig } from './config.ts';
import { decodePacket } from './header.ts';
import { control, lastResult, ScriptedLac } from './testing/scripted-lac.ts';
import { connect, lnsSeen, type Pair, pairOf, sessionOf } from './testing/tunnel-pair.ts';

function closing(lac: Partial<L2tpConfig>, how: 'session' | 'everything'): Pair {
  const pair = pairOf(1, perfect, { lac });
  connect(pair);
  pair.simulation.runTo(1000);
  const { engine } = pair.lac;
  const effects =
    how === 'session' ? engine.closeSession(sessionOf(pair.lac), 'user', 1000) : engine.close(1000);
  pair.lac.perform(effects);
  pair.simulation.runTo(1100);
  return pair;
}

/** What the LAC said after its session was up. */
const saidLast = ({ lac }: Pair) => lac.messages.slice(lac.messages.indexOf('sent ICCN') + 1);

test.each([
  ['CDN, then StopCCN', {}, ['sent CDN', 'sent StopCCN']],
  ['StopCCN alone', { teardown: 'stopccn' }, ['sent StopCCN']],
  ['nothing at all', { teardown: 'silent' }, []],
] as const)('a client goes with %s, whichever way it is told to', (_what, lac, said) => {
  for (const how of ['session', 'everything'] as const) {
    const pair = closing(lac, how);
    expect(saidLast(pair)).toEqual(said);
    expect(pair.lac.downs.map((down) => down.split(':')[0])).toEqual(['session-down', 'tunnel-down']);
    expect(pair.lac.engine.summary()).toEqual({ tunnels: 0, sessions: 0 });
    expect(pair.lns.engine.summary().tunnels).toBe(said.length === 0 ? 1 : 0);
  }
});

test('an LNS whose client went without a word finds it dead by its HELLO (RFC 2661 5.5)', () => {
  const pair = closing({ teardown: 'silent' }, 'everything');
  pair.simulation.runTo(200_000);
  expect(pair.lns.messages).toContain('sent HELLO');
  expect(pair.lns.facts).toContainEqual(
    expect.objectContaining({ fact: 'closed', layer: 'l2tp', by: 'timeout' }),
  );
  expect(pair.lns.engine.summary()).toEqual({ tunnels: 0, sessions: 0 });
});

test("Android's StopCCN says result 6 and nothing more, and its CDN goes to session 0", () => {
  // The field facts E2, and mtpd's own source: result 6, requester is being shut down.
  const android = {
    endResults: { stop: 6, call: 3 },
    resultCodes: 'result',
    disconnectsSessionZero: true,
  } as const;
  const pair = closing(android, 'everything');
  expect(lastResult(pair.lac).code).toEqual({ result: 6 });
  const cdn = decodePacket(pair.lac.sent.at(-2) ?? new Uint8Array());
  expect(cdn).toMatchObject({ ok: true, value: { type: 'control', sessionId: 0 } });
  expect(pair.lns.downs).toEqual([
    'session-down: CDN result 3 (administrative reasons)',
    'tunnel-down: StopCCN result 6 (requester is being shut down)',
  ]);
});

test('what StopCCN and CDN say is a fact at both ends, with its codes and its text', () => {
  const pair = pairOf(2, perfect, { lns: { maximumSessions: 0 } });
  pair.lac.perform(pair.lac.engine.dial(lnsSeen, 0));
  pair.simulation.runTo(5000);
  const refused = {
    fact: 'l2tp-ended',
    message: 'CDN',
    result: 4,
    error: 0,
    detail: 'CDN result 4 (no facilities available (temporary))',
  };
  expect(pair.lns.facts).toContainEqual({ ...refused, direction: 'sent' });
  expect(pair.lac.facts).toContainEqual({ ...refused, direction: 'received' });
  const stopped = { fact: 'l2tp-ended', message: 'StopCCN', result: 1, error: 0 };
  expect(pair.lac.facts).toContainEqual(expect.objectContaining({ ...stopped, direction: 'sent' }));
  expect(pair.lns.facts).toContainEqual(expect.objectContaining({ ...stopped, direction: 'received' }));
});

test.each([
  [{ result: 2, error: 4 }, 'CDN result 2 (general error), error 4 (insufficient resources)'],
  [
    { result: 2, error: 6, message: 'no licence' },
    'CDN result 2 (general error), error 6 (vendor-specific error), "no licence"',
  ],
  [{ result: 99 }, 'CDN result 99 (unknown)'],
])('%#: the codes of a CDN are told in words', (code, detail) => {
  const lac = new ScriptedLac();
  lac.say('SCCCN', [], 1);
  lac.say('ICRQ', [attribute.assignedSessionId.avp(7), attribute.callSerialNumber.avp(0)], 2);
  const avps = [attribute.resultCode.avp(code), attribute.assignedSessionId.avp(7)];
  lac.say('CDN', avps, 3, { sessionId: lac.sessionId });
  const { message: text, ...numbers }: ResultCode = code;
  expect(lac.lns.facts).toContainEqual({
    fact: 'l2tp-ended',
    direction: 'received',
    message: 'CDN',
    ...numbers,
    ...(text !== undefined && { text }),
    detail,
  });
});

test('a StopCCN without a Result Code ends its tunnel too', () => {
  const lac = new ScriptedLac();
  lac.say('StopCCN', [attribute.assignedTunnelId.avp(13)], 1);
  expect(lac.lns.engine.summary().tunnels).toBe(0);
  expect(lac.lns.facts).toContainEqual({
    fact: 'l2tp-ended',
    direction: 'received',
    message: 'StopCCN',
    detail: 'StopCCN without result code',
  });
});

test('after StopCCN its receiver acknowledges repetitions for a whole retransmission interval (RFC 2661 5.7)', () => {
  const lac = new ScriptedLac();
  const stop = control(
    'StopCCN',
    [attribute.assignedTunnelId.avp(13), attribute.resultCode.avp({ result: 1 })],
    {
      tunnelId: lac.tunnelId,
      ns: 1,
      nr: 1,
    },
  );
  const acknowledges = (now: number) => {
    const before = lac.lns.sent.length;
    lac.lns.perform(lac.lns.engine.tick(now));
    lac.give(stop, now);
    return lac.lns.sent.length - before;
  };
  // The timing of these tests repeats at 0, 1, 3, 7 and 15 s and gives up at 23 s.
  for (const now of [0, 1000, 3000, 7000, 15_000, 22_999]) expect(acknowledges(now)).toBe(1);
  expect(lac.lns.engine.load().tunnels).toBe(1);
  expect(acknowledges(23_000)).toBe(0);
  expect(lac.lns.engine.load().tunnels).toBe(0);
});

test('the sender of StopCCN keeps acknowledging for the interval too (RFC 2661 5.8)', () => {
  const pair = closing({}, 'everything');
  const { simulation, lac } = pair;
  expect(lac.engine.load()).toMatchObject({ tunnels: 1, sessions: 0, unacknowledged: 0 });
  simulation.runTo(1000 + 23_200);
  expect(lac.engine.load().tunnels).toBe(0);
});
