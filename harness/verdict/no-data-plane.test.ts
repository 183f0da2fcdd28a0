import { expect, test } from 'vitest';
import type { PeerObservation } from '../observation.ts';
import { judge } from './judge.ts';
import { outcomeOf } from './outcome.ts';
import { client, peerStages, responder, stopped, withEsp } from './testing/example-evidence.ts';

const stop = { stage: 'ppp-lcp', reason: 'no-data-plane', detail: 'no PPP channel' } as const;
const hungUp = { by: 'self', resultCode: 3 } as const;
const heard = { by: 'peer', resultCode: 3 } as const;
/** Five control messages up, two down (RFC 2661 5.1, 5.2.1, 5.6). */
const call = { up: 5, down: 2 };

interface Ends {
  readonly ofClient?: PeerObservation['callEnd'] | undefined;
  readonly ofResponder?: PeerObservation['callEnd'] | undefined;
  readonly clientStop?: Parameters<typeof peerStages>[0];
  readonly arrived?: typeof call;
}

/** A client that has no data plane, with what the test changes. */
function evidence(changes: Ends = {}) {
  const ends = { ofClient: hungUp, ofResponder: heard, clientStop: stop, arrived: call, ...changes };
  const { ofClient, ofResponder, clientStop, arrived } = ends;
  const responderStages = peerStages({ stage: 'ppp-lcp', reason: 'unknown' });
  const atClient = { toResponder: call.up, toClient: arrived.down };
  const atResponder = { toResponder: arrived.up, toClient: call.down };
  return stopped(stop, undefined, withEsp(atClient, atResponder), {
    client: { ...client, stages: peerStages(clientStop), ...(ofClient && { callEnd: ofClient }) },
    responder: { ...responder, stages: responderStages, ...(ofResponder && { callEnd: ofResponder }) },
  });
}

test('its own word, its CDN at the responder, and ESP of a whole call', () => {
  expect(outcomeOf(evidence())).toEqual({
    kind: 'stop',
    stage: 'ppp-lcp',
    reason: 'no-data-plane',
    shownBy:
      "the client's own word: no PPP channel; the responder had its CDN with result 3, by ESP that crossed both ways",
    reached: 'l2tp-session',
  });
});

test('a responder that does not tell the code of the CDN', () => {
  expect(outcomeOf(evidence({ ofResponder: { by: 'peer' } }))).toMatchObject({ reason: 'no-data-plane' });
});

test.each<[string, Ends]>([
  ['a responder that tells of no CDN', { ofResponder: undefined }],
  ['a responder that hung up', { ofResponder: { by: 'self', resultCode: 3 } }],
  ['a client that did not hang up', { ofClient: undefined }],
  ['a client whose word is another', { clientStop: { stage: 'ppp-lcp', reason: 'unknown' } }],
  ['a message too few up', { arrived: { up: 4, down: 2 } }],
  ['a message too few down', { arrived: { up: 5, down: 1 } }],
])('not shown by %s, and so no expectation is met', (_, changes) => {
  const outcome = { kind: 'stop', stage: 'ppp-lcp', reason: 'no-data-plane' } as const;
  expect(outcomeOf(evidence(changes))).toMatchObject({ stage: 'ppp-lcp', reason: 'unknown' });
  const expectation = { outcome, checks: [], rules: [], disputed: false };
  expect(judge(expectation, evidence(changes)).verdict).toBe('fail');
});

test('result codes that differ are a conflict', () => {
  const happened = outcomeOf(evidence({ ofResponder: { by: 'peer', resultCode: 2 } }));
  const what = ["the CDN's result code: its sender says 3, its receiver 2"];
  expect(happened).toEqual({ kind: 'conflict', what });
});

test('calls that both ends hung up are no conflict', () => {
  const crossing = { ofResponder: { by: 'self', resultCode: 1 } } as const;
  expect(outcomeOf(evidence(crossing))).toMatchObject({ kind: 'stop' });
});
