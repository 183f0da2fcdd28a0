import { expect, test } from 'vitest';
import type { TrafficObservation, WireObservation } from '../observation.ts';
import type { Company, Evidence } from './evidence.ts';
import { outcomeOf } from './outcome.ts';
import {
  client,
  connected,
  everywhere,
  peerStages,
  segment,
  stopped,
  traffic,
  unanswered,
  wire,
} from './testing/example-evidence.ts';

type Pings = NonNullable<TrafficObservation['pingAfterOthers']>;

/** A client that was connected when another dialled, with what came of its pings then. */
function stood(
  pingAfterOthers: Pings,
  espAfterOthers: WireObservation['espAfterOthers'],
  changes: Partial<Evidence> = {},
): Evidence {
  const seen = espAfterOthers ? { espAfterOthers } : {};
  return connected({ traffic: { ...traffic, pingAfterOthers }, wire: wire(seen), ...changes });
}

const followed: Company = { before: [], after: [connected()] };
const allLost = { sent: 5, received: 0 };

test('a connection that passes after others have dialled holds', () => {
  const holding = stood({ sent: 5, received: 5 }, { toResponder: 5, toClient: 5 });
  expect(outcomeOf(holding, followed)).toEqual({ kind: 'connect', reached: 'hold' });
});

test('its ESP comes on and nothing goes back: its SA was replaced', () => {
  expect(outcomeOf(stood(allLost, { toResponder: 3, toClient: 0 }), followed)).toEqual({
    kind: 'stop',
    stage: 'hold',
    reason: 'sa-replaced',
    reached: 'traffic',
    shownBy:
      '0 of 5 answers after other clients had dialled; 3 ESP packets arrived since the responder first sent ESP to a later client, and none went back',
  });
});

// The wire must show it: everything else is silence whose cause nobody saw.
test.each<[string, WireObservation['espAfterOthers']]>([
  ['the responder never sent ESP to a later client: that one did not get so far', undefined],
  ['its own ESP did not come on', { toResponder: 2, toClient: 0 }],
  ['ESP still goes back to it', { toResponder: 5, toClient: 1 }],
])('silence is not put down to a replaced SA: %s', (_, espAfterOthers) => {
  expect(outcomeOf(stood(allLost, espAfterOthers), followed)).toMatchObject({
    stage: 'hold',
    reason: 'no-traffic',
  });
});

test.each<[string, Pings]>([
  ['some answers', { sent: 5, received: 4 }],
  ['too few pings', { sent: 2, received: 0 }],
  ['no ping at all', { sent: 0, received: 0 }],
])('of %s the reason is unknown', (_, pings) => {
  expect(outcomeOf(stood(pings, undefined), followed)).toMatchObject({ stage: 'hold', reason: 'unknown' });
});

test('a link that an end says has ended is the reason, where nothing on the wire is', () => {
  const ended = ['ppp ended (peer: the same user has come in again)'];
  const evidence = stood(allLost, undefined);
  const { client } = evidence;
  const told: Evidence = { ...evidence, ...(client && { client: { ...client, linkLost: ended } }) };
  expect(outcomeOf(told, followed)).toMatchObject({
    stage: 'hold',
    reason: 'link-lost',
    shownBy: `the client: ${ended[0]}`,
  });
  expect(outcomeOf(evidence, followed)).toMatchObject({ stage: 'hold', reason: 'no-traffic' });
  // An SA that was replaced is what the wire shows, whatever an end makes of it.
  const wiped = stood(allLost, { toResponder: 5, toClient: 0 });
  const both: Evidence = { ...wiped, ...(client && { client: { ...client, linkLost: ended } }) };
  expect(outcomeOf(both, followed)).toMatchObject({ reason: 'sa-replaced' });
});

test('a client whose proof failed had stopped before: at traffic', () => {
  const mute = {
    ...traffic,
    pingToServer: { sent: 5, received: 0 },
    bytesEachWay: 0,
    pingAfterOthers: allLost,
  };
  const evidence = connected({
    traffic: mute,
    wire: wire({ espAfterOthers: { toResponder: 5, toClient: 0 } }),
  });
  expect(outcomeOf(evidence, followed)).toMatchObject({ stage: 'traffic', reason: 'no-traffic' });
});

test('a proof before others dialled says nothing of the time after', () => {
  expect(outcomeOf(connected(), followed)).toEqual({
    kind: 'gap',
    what: [expect.stringContaining('other clients dialled after its proof of traffic')],
  });
  expect(outcomeOf(connected(), { before: [connected()], after: [] }).kind).toBe('connect');
});

/** A later client whose L2TP gets no answer, though ESP came back to it. */
const never = stopped(
  { stage: 'l2tp-tunnel', reason: 'no-answer' },
  { stage: 'l2tp-tunnel', reason: 'unknown' },
  {},
);
const replaced = stood(allLost, { toResponder: 5, toClient: 0 });

test('a later client never gets its connection, since its SA took the place of an earlier one', () => {
  expect(outcomeOf(never, { before: [connected(), replaced], after: [] })).toMatchObject({
    stage: 'l2tp-tunnel',
    reason: 'sa-replaced',
    shownBy: "its SA took the place of client 2's, to which no more ESP went",
  });
});

test.each<[string, Evidence, readonly Evidence[], object]>([
  ['nobody was replaced', never, [connected()], { reason: 'unknown' }],
  [
    'the responder sent it no ESP that could have taken any place',
    stopped(
      { stage: 'l2tp-tunnel', reason: 'no-answer' },
      { stage: 'l2tp-tunnel', reason: 'unknown' },
      { segments: everywhere(segment({ espInUdp: { toResponder: 5, toClient: 0 } })) },
      {
        client: {
          ...client,
          stages: peerStages({ stage: 'l2tp-tunnel', reason: 'no-answer' }).filter(
            ({ stage }) => stage !== 'esp',
          ),
          unanswered: [{ what: 'SCCRQ', transmissions: 5 }],
        },
        responder: {
          peer: 'other',
          version: '1',
          stages: peerStages({ stage: 'l2tp-tunnel', reason: 'unknown' }),
          dns: [],
          unanswered: [],
          warnings: [],
        },
      },
    ),
    [replaced],
    { stage: 'l2tp-tunnel', reason: 'no-answer' },
  ],
  [
    'the responder refuses in words of its own',
    stopped(
      { stage: 'ppp-auth', reason: 'ppp-auth-failed' },
      { stage: 'ppp-auth', reason: 'ppp-auth-failed' },
      {},
    ),
    [replaced],
    { stage: 'ppp-auth', reason: 'ppp-auth-failed' },
  ],
  [
    'it stopped before there was an SA',
    stopped(
      { stage: 'phase1', reason: 'no-answer' },
      { stage: 'phase1', reason: 'unknown' },
      {
        segments: everywhere(segment({ espInUdp: { toResponder: 0, toClient: 0 } })),
        mainModeMessages: 5,
        quickModeMessages: 0,
        ...unanswered('main mode 5', 3, ['access', 'internet', 'interconn']),
      },
    ),
    [replaced],
    { stage: 'phase1', reason: 'no-answer' },
  ],
])('a later client stopped for another reason: %s', (_, evidence, before, happened) => {
  const outcome = outcomeOf(evidence, { before, after: [] });
  expect(outcome).toMatchObject({ kind: 'stop', ...happened });
  expect(outcome).not.toMatchObject({ reason: 'sa-replaced' });
});

/** A connection to which something happened while it stood, and the pings after that. */
const held = (pingAfterHold: Pings) => connected({ traffic: { ...traffic, pingAfterHold } });

test('a connection that passes again after what happened to it holds (rules NAT-13, NAT-14)', () => {
  expect(outcomeOf(held({ sent: 3, received: 3 }))).toEqual({ kind: 'connect', reached: 'hold' });
});

test('one that never does stops there; one that loses some stops for no reason that is known', () => {
  const stop = { kind: 'stop', stage: 'hold', reached: 'traffic' };
  expect(outcomeOf(held({ sent: 3, received: 0 }))).toMatchObject({ ...stop, reason: 'no-traffic' });
  expect(outcomeOf(held({ sent: 3, received: 1 }))).toMatchObject({ ...stop, reason: 'unknown' });
  // Two pings are too few for a silence.
  expect(outcomeOf(held({ sent: 2, received: 0 }))).toMatchObject({ ...stop, reason: 'unknown' });
});
