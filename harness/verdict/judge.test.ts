import { expect, test } from 'vitest';
import type { Check, Expectation, Outcome } from '../expectation.ts';
import { judge } from './judge.ts';
import { connected, segment, stopped, wire } from './testing/example-evidence.ts';

const none = { toResponder: 0, toClient: 0 };

function expecting(outcome: Outcome, checks: readonly Check[] = []): Expectation {
  return { outcome, checks, rules: [], disputed: false };
}

const connect = expecting({ kind: 'connect' });
const wrongKey = expecting({ kind: 'stop', stage: 'phase1', reason: 'auth-failed' });

const refused = stopped(
  { stage: 'phase1', reason: 'no-answer' },
  { stage: 'phase1', reason: 'auth-failed' },
  {
    segments: {
      access: segment({ espInUdp: none }),
      internet: segment({ espInUdp: none }),
      interconn: segment({ espInUdp: none }),
    },
    mainModeMessages: 5,
    quickModeMessages: 0,
  },
);

test('passes a connection that was expected, with every check listed', () => {
  const judgement = judge(expecting({ kind: 'connect' }, [{ check: 'esp-in-udp' }]), connected());
  expect(judgement).toMatchObject({ verdict: 'pass', outcome: 'connected', stageReached: 'traffic' });
  expect(judgement.checks.map(({ check }) => check)).toEqual([
    'no L2TP outside IPsec',
    'no inner address outside',
    'ping to server',
    'ping to client',
    'traceroute',
    'bulk both ways',
    'esp-in-udp',
  ]);
});

test('passes a stop where and why it was expected', () => {
  expect(judge(wrongKey, refused)).toMatchObject({
    verdict: 'pass',
    outcome: 'stopped at phase1: auth-failed',
    stageReached: 'nat-detection',
  });
});

test.each([
  [
    'a stop in place of a connection',
    connect,
    refused,
    'expected to connect, but stopped at phase1: auth-failed',
  ],
  [
    'a connection in place of a stop',
    wrongKey,
    connected(),
    'expected to stop at phase1: auth-failed, but connected',
  ],
  [
    'a stop elsewhere',
    expecting({ kind: 'stop', stage: 'phase2', reason: 'auth-failed' }),
    refused,
    'but stopped at phase1',
  ],
  [
    'a stop for another reason',
    expecting({ kind: 'stop', stage: 'phase1', reason: 'no-answer' }),
    refused,
    'but stopped at phase1: auth-failed',
  ],
])('fails %s', (_, expectation, evidence, why) => {
  expect(judge(expectation, evidence)).toMatchObject({ verdict: 'fail', why: expect.stringContaining(why) });
});

test('an unknown reason meets nothing, not even an expectation of it', () => {
  const expectation = expecting({ kind: 'stop', stage: 'ppp-lcp', reason: 'unknown' });
  const evidence = stopped(
    { stage: 'ppp-lcp', reason: 'no-answer' },
    { stage: 'ppp-lcp', reason: 'no-answer' },
    {},
  );
  expect(judge(expectation, evidence)).toMatchObject({
    verdict: 'fail',
    outcome: 'stopped at ppp-lcp: unknown',
  });
});

test('fails a check that does not hold, and names it', () => {
  const expectation = expecting({ kind: 'connect' }, [{ check: 'esp-as-protocol-50' }]);
  expect(judge(expectation, connected())).toMatchObject({
    verdict: 'fail',
    outcome: 'connected',
    why: expect.stringContaining('esp-as-protocol-50: not both ways on access'),
  });
});

test.each([connect, wrongKey])('fails any cell with a leak', (expectation) => {
  const leak = { ...segment({ espInUdp: none }), clearL2tp: 1 };
  const evidence =
    expectation === connect
      ? connected({
          wire: wire({
            segments: { access: { ...segment(), clearL2tp: 1 }, internet: segment(), interconn: segment() },
          }),
        })
      : {
          ...refused,
          wire: wire({
            segments: {
              access: leak,
              internet: segment({ espInUdp: none }),
              interconn: segment({ espInUdp: none }),
            },
            mainModeMessages: 5,
            quickModeMessages: 0,
          }),
        };
  expect(judge(expectation, evidence)).toMatchObject({
    verdict: 'fail',
    why: expect.stringContaining('no L2TP outside IPsec: 1 packets on access'),
  });
});

test('evidence in conflict fails, whatever was expected', () => {
  const evidence = connected({ wire: wire({ quickModeMessages: 2 }) });
  for (const expectation of [connect, wrongKey]) {
    expect(judge(expectation, evidence)).toMatchObject({
      verdict: 'fail',
      outcome: 'conflict',
      why: expect.stringContaining('the evidence is in conflict: the client says phase 2 is done'),
    });
  }
});

test('evidence that lost packets is broken, whatever was expected', () => {
  for (const evidence of [connected(), refused]) {
    const lossy = { ...evidence, wire: evidence.wire && { ...evidence.wire, droppedByCapture: 1 } };
    for (const expectation of [connect, wrongKey]) {
      expect(judge(expectation, lossy)).toMatchObject({
        verdict: 'broken',
        why: 'the capture lost 1 packets',
      });
    }
  }
});
