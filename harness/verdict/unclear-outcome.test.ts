import { expect, test } from 'vitest';
import type { Evidence } from './evidence.ts';
import { outcomeOf } from './outcome.ts';
import {
  client,
  connected,
  incomplete,
  noForwards,
  none,
  peerStages,
  stopped,
  traffic,
  wire,
  withEsp,
} from './testing/example-evidence.ts';

// Issue: by an explicit refusal, or three transmissions unanswered and the drop or silence seen.
test.each<[string, Evidence, object]>([
  [
    'a message sent only twice',
    noForwards(2),
    { stage: 'reach', shownBy: 'main mode 1 was sent only 2 times before the end' },
  ],
  [
    'a peer that claims no answer, where the wire shows one to every message',
    stopped({ stage: 'phase1', reason: 'no-answer' }, { stage: 'phase1', reason: 'unknown' }, incomplete),
    { stage: 'phase1', shownBy: 'the captures show no main mode message without answer' },
  ],
  [
    'two ESP packets lost',
    stopped(
      { stage: 'esp', reason: 'esp-dropped' },
      { stage: 'esp', reason: 'esp-dropped' },
      withEsp({ toResponder: 2, toClient: 0 }, none),
    ),
    { stage: 'esp' },
  ],
  [
    'no ESP from a client that says nothing of giving up',
    stopped(
      { stage: 'l2tp-tunnel', reason: 'no-answer' },
      { stage: 'esp', reason: 'esp-dropped' },
      withEsp(none, none),
      {
        client: { ...client, stages: peerStages({ stage: 'l2tp-tunnel', reason: 'no-answer' }).slice(0, 4) },
      },
    ),
    { stage: 'esp' },
  ],
  [
    'ESP that arrived, and nobody says what became of it',
    stopped(
      { stage: 'esp', reason: 'esp-dropped' },
      { stage: 'esp', reason: 'esp-dropped' },
      withEsp({ toResponder: 3, toClient: 0 }, { toResponder: 3, toClient: 0 }),
    ),
    { stage: 'esp' },
  ],
  [
    'L2TP unanswered while ESP comes back',
    stopped(
      { stage: 'l2tp-tunnel', reason: 'no-answer' },
      { stage: 'l2tp-tunnel', reason: 'unknown' },
      {},
      {
        client: {
          ...client,
          stages: peerStages({ stage: 'l2tp-tunnel', reason: 'no-answer' }),
          unanswered: [{ what: 'SCCRQ', transmissions: 5 }],
        },
      },
    ),
    { stage: 'l2tp-tunnel', shownBy: 'SCCRQ unanswered, but the captures show no silence' },
  ],
  [
    'PPP silence, which no capture can show',
    stopped({ stage: 'ppp-lcp', reason: 'no-answer' }, { stage: 'ppp-lcp', reason: 'no-answer' }, {}),
    { stage: 'ppp-lcp' },
  ],
  [
    'traffic that passes in part',
    connected({ traffic: { ...traffic, pingToServer: { sent: 5, received: 4 } } }),
    { stage: 'traffic', shownBy: 'ping to server: 4 of 5 answers from 192.168.2.10' },
  ],
])('the reason stays unknown: %s', (_, evidence, happened) => {
  expect(outcomeOf(evidence)).toMatchObject({ kind: 'stop', reason: 'unknown', ...happened });
});

test.each<[string, Partial<Evidence>, string]>([
  ['no client', { client: undefined }, "the client's observation is missing"],
  ['no responder', { responder: undefined }, "the responder's observation is missing"],
  ['no captures', { wire: undefined }, 'nothing was read from the captures'],
  ['a capture with losses', { wire: wire({ droppedByCapture: 7 }) }, 'the capture lost 7 packets'],
  ['a damaged capture', { wire: wire({ damaged: ['capture of access ends inside a packet'] }) }, 'access'],
  ['empty captures', { wire: wire({ capturedPackets: 0 }) }, 'the captures are empty'],
  ['captures of nowhere', { wire: wire({ path: [] }) }, 'name no segment'],
  ['connected without proof', { traffic: undefined }, 'no proof of traffic was made'],
])('is a gap: %s', (_, changes, words) => {
  expect(outcomeOf(connected(changes))).toEqual({ kind: 'gap', what: [expect.stringContaining(words)] });
});
