import { expect, test } from 'vitest';
import type { Evidence } from './evidence.ts';
import { outcomeOf } from './outcome.ts';
import {
  client,
  connected,
  incomplete,
  noEsp,
  noForwards,
  none,
  peerStages,
  responder,
  segment,
  silent,
  stopped,
  traffic,
  unanswered,
  withEsp,
} from './testing/example-evidence.ts';

test('a whole connection with its proof of traffic is connected', () => {
  expect(outcomeOf(connected())).toEqual({ kind: 'connect', reached: 'traffic' });
});

// Design: a foreign peer shows gaps; its silence is judged from the other peer and the wire.
test('a responder that shows nothing leaves the word to client and wire', () => {
  expect(outcomeOf(connected({ responder: { ...responder, stages: [] } }))).toMatchObject({
    kind: 'connect',
  });
});

test.each<[string, Evidence, object]>([
  [
    'message 1 never on the responder’s segment',
    noForwards(4),
    {
      stage: 'reach',
      reason: 'no-answer',
      reached: undefined,
      shownBy: 'main mode 1 sent 4 times, not seen beyond internet; office-nat dropped 4 by no forward',
    },
  ],
  [
    'a responder that drops message 1 itself, silently',
    stopped(
      { stage: 'reach', reason: 'no-answer' },
      { stage: 'reach', reason: 'unknown' },
      {
        segments: {
          access: noEsp,
          internet: noEsp,
          interconn: segment({ ...silent, ike500: { toResponder: 3, toClient: 0 } }),
        },
        mainModeMessages: 1,
        quickModeMessages: 0,
        ...unanswered('main mode 1', 3, ['access', 'internet', 'interconn']),
      },
    ),
    {
      stage: 'reach',
      reason: 'no-answer',
      shownBy: 'main mode 1 sent 3 times, seen on interconn and not answered',
    },
  ],
  [
    'message 5 that a gateway without port 4500 drops (NAT-5)',
    stopped(
      { stage: 'phase1', reason: 'no-answer' },
      { stage: 'phase1', reason: 'no-answer' },
      {
        ...incomplete,
        ...unanswered('main mode 5', 3, ['access', 'internet']),
      },
    ),
    { stage: 'phase1', reason: 'no-answer', reached: 'nat-detection' },
  ],
  [
    'a wrong key: the responder’s word, the client knows silence only (PROP-6)',
    stopped(
      { stage: 'phase1', reason: 'no-answer' },
      { stage: 'phase1', reason: 'auth-failed', detail: 'message 5 does not decrypt' },
      { ...incomplete, ...unanswered('main mode 5', 3, ['access', 'internet', 'interconn']) },
    ),
    {
      stage: 'phase1',
      reason: 'auth-failed',
      shownBy: "the responder's own word: message 5 does not decrypt",
    },
  ],
  [
    'a client that refuses a responder behind NAT (WIN-1, reading a)',
    stopped(
      { stage: 'nat-detection', reason: 'nat-refused' },
      { stage: 'phase1', reason: 'no-answer' },
      {
        ...incomplete,
        mainModeMessages: 4,
      },
    ),
    { stage: 'nat-detection', reason: 'nat-refused', reached: 'reach' },
  ],
  [
    'phase 2 without a common transform (PROP-3)',
    stopped(
      { stage: 'phase2', reason: 'no-proposal-chosen' },
      { stage: 'phase2', reason: 'no-proposal-chosen' },
      {
        ...incomplete,
        mainModeMessages: 6,
        quickModeMessages: 1,
      },
    ),
    { stage: 'phase2', reason: 'no-proposal-chosen', reached: 'phase1' },
  ],
  [
    'a client that never sends ESP (WIN-1, reading b)',
    stopped(
      { stage: 'esp', reason: 'esp-never-sent' },
      { stage: 'esp', reason: 'esp-dropped' },
      withEsp(none, none),
    ),
    { stage: 'esp', reason: 'esp-never-sent', reached: 'phase2' },
  ],
  [
    'ESP that a filter drops on the way up (FW-2)',
    stopped(
      { stage: 'esp', reason: 'esp-dropped' },
      { stage: 'esp', reason: 'esp-dropped' },
      withEsp({ toResponder: 3, toClient: 0 }, none),
    ),
    {
      stage: 'esp',
      reason: 'esp-dropped',
      shownBy: '3 ESP packets toward the responder, none of them arrived',
    },
  ],
  [
    'ESP that is dropped on the way down (NAT-17)',
    stopped(
      { stage: 'esp', reason: 'esp-dropped' },
      { stage: 'l2tp-tunnel', reason: 'no-answer' },
      withEsp({ toResponder: 3, toClient: 0 }, { toResponder: 3, toClient: 3 }),
    ),
    { stage: 'esp', reason: 'esp-dropped', shownBy: '3 ESP packets toward the client, none of them arrived' },
  ],
  [
    'L2TP that the responder ignores (AW-2, rule 3 missing)',
    stopped(
      { stage: 'esp', reason: 'esp-dropped' },
      { stage: 'l2tp-tunnel', reason: 'unknown' },
      withEsp({ toResponder: 3, toClient: 0 }, { toResponder: 3, toClient: 0 }),
      {
        client: {
          ...client,
          stages: peerStages({ stage: 'esp', reason: 'esp-dropped' }),
          unanswered: [{ what: 'SCCRQ', transmissions: 3 }],
        },
      },
    ),
    { stage: 'l2tp-tunnel', reason: 'no-answer' },
  ],
  [
    'a wrong password (PPP-4)',
    stopped(
      { stage: 'ppp-auth', reason: 'ppp-auth-failed' },
      { stage: 'ppp-auth', reason: 'ppp-auth-failed' },
      {},
    ),
    { stage: 'ppp-auth', reason: 'ppp-auth-failed', reached: 'ppp-lcp' },
  ],
  [
    'a tunnel that carries nothing',
    connected({
      traffic: {
        ...traffic,
        pingToServer: { sent: 5, received: 0 },
        pingToClient: { sent: 5, received: 0 },
        traceroute: ['*'],
        bytesEachWay: 0,
      },
    }),
    { stage: 'traffic', reason: 'no-traffic', reached: 'ppp-ipcp' },
  ],
])('stops: %s', (_, evidence, happened) => {
  expect(outcomeOf(evidence)).toMatchObject({ kind: 'stop', ...happened });
});

test('a public value of the length of no group explains a phase 1 that did not come about', () => {
  const refused = stopped(
    { stage: 'phase1', reason: 'unknown' },
    { stage: 'phase1', reason: 'unknown' },
    {
      segments: { access: noEsp, internet: noEsp, interconn: noEsp },
      mainModeMessages: 4,
      quickModeMessages: 0,
      shortPublicValues: [{ from: 'responder', octets: 255 }],
    },
  );
  expect(outcomeOf(refused)).toMatchObject({
    kind: 'stop',
    stage: 'phase1',
    reason: 'short-public-value',
    shownBy: "the responder's public value has 255 octets, the length of no group",
  });
});
