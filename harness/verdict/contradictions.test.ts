import { expect, test } from 'vitest';
import type { WireObservation } from '../observation.ts';
import type { Reason } from '../stage.ts';
import type { Evidence } from './evidence.ts';
import { outcomeOf } from './outcome.ts';
import {
  client,
  connected,
  everywhere,
  noEsp,
  none,
  peerStages,
  responder,
  segment,
  silent,
  stopped,
  traffic,
  wire,
} from './testing/example-evidence.ts';

const nativeOnly = segment({ espInUdp: none, espNative: { toResponder: 40, toClient: 40 } });
const untouched = { traffic: undefined };

/** An SA each way; what was sent is not in question. */
const counted = (packets: number) => [
  { direction: 'in' as const, spi: 0x10, packets },
  { direction: 'out' as const, spi: 0x20, packets: 99 },
];

function conflictOf(evidence: Evidence): readonly string[] {
  const happened = outcomeOf(evidence);
  return happened.kind === 'conflict' ? happened.what : [`no conflict, but ${happened.kind}`];
}

test.each<[string, Evidence, string]>([
  [
    'a peer that says reached, with no IKE on the responder’s segment',
    connected({
      wire: wire({ segments: { access: segment(), internet: segment(), interconn: segment(silent) } }),
    }),
    'the client says that IKE reached the responder, its segment shows none',
  ],
  [
    'phase 1 done with five messages',
    connected({ wire: wire({ mainModeMessages: 5 }) }),
    'the client says phase 1 is done, the captures show 5 main mode messages of 6',
  ],
  [
    'phase 2 done with two messages',
    connected({ wire: wire({ quickModeMessages: 2 }) }),
    'the client says phase 2 is done, the captures show 2 quick mode messages of 3',
  ],
  [
    'stopped at phase 1 with quick mode on the wire',
    stopped(
      { stage: 'phase1', reason: 'no-answer' },
      { stage: 'phase1', reason: 'auth-failed' },
      {
        segments: everywhere(noEsp),
      },
    ),
    'the client says it stopped at phase1, the captures show quick mode',
  ],
  [
    'a responder that nothing reached, and that answered',
    stopped(
      { stage: 'reach', reason: 'no-answer' },
      { stage: 'reach', reason: 'unknown' },
      {
        segments: everywhere(noEsp),
        quickModeMessages: 0,
      },
    ),
    'the responder says that nothing reached it, its segment shows its IKE answers',
  ],
  [
    'connected without ESP on the wire',
    connected({ wire: wire({ segments: everywhere(noEsp) }) }),
    'the client says that ESP came, its segment shows none toward it',
  ],
  [
    'a responder that had ESP, with none on its segment',
    connected({ wire: wire({ segments: { access: segment(), internet: segment(), interconn: noEsp } }) }),
    'the responder says that ESP came, its segment shows none toward it',
  ],
  [
    'stopped at phase 2 with ESP from the client',
    stopped({ stage: 'phase2', reason: 'no-answer' }, { stage: 'phase2', reason: 'no-answer' }, {}),
    'the client says it stopped at phase2, its segment shows ESP from it',
  ],
  [
    'ESP in UDP by word, protocol 50 by wire',
    connected({
      wire: wire({ segments: everywhere(nativeOnly) }),
    }),
    'the client says ESP in UDP, the captures show ESP as protocol 50 only',
  ],
  [
    'a client that stopped, a responder that went on',
    connected({
      ...untouched,
      client: { ...client, stages: peerStages({ stage: 'esp', reason: 'esp-dropped' }) },
    }),
    'the client says it stopped at esp, the responder says a later step is done',
  ],
  [
    'a responder that stopped, a client that is connected',
    connected({
      responder: { ...responder, stages: peerStages({ stage: 'l2tp-tunnel', reason: 'no-policy' }) },
    }),
    'the responder says it stopped at l2tp-tunnel, the client says a later step is done',
  ],
  [
    'phase 1 done at the client and refused by the responder',
    stopped(
      { stage: 'phase2', reason: 'no-answer' },
      { stage: 'phase1', reason: 'auth-failed' },
      {
        segments: everywhere(noEsp),
        quickModeMessages: 0,
      },
    ),
    'the client says phase 1 is done, the responder says it stopped there',
  ],
  [
    'two refusals with different reasons',
    stopped(
      { stage: 'phase1', reason: 'id-mismatch' },
      { stage: 'phase1', reason: 'no-proposal-chosen' },
      {
        segments: everywhere(noEsp),
        quickModeMessages: 0,
      },
    ),
    'the client names id-mismatch at phase1, the responder no-proposal-chosen',
  ],
  [
    'different phase 1 transforms',
    connected({ responder: { ...responder, phase1: 'des-md5-modp768' } }),
    'phase 1: the client says 3des-sha1-modp1024, the responder des-md5-modp768',
  ],
  [
    'SAs that are not what was agreed on',
    connected({
      responder: { ...responder, sas: [{ direction: 'in', spi: 0x10, algorithms: 'null-sha1' }] },
    }),
    'the responder agreed on 3des-sha1, and its SA has null-sha1',
  ],
  [
    'different phase 2 transforms',
    connected({ responder: { ...responder, phase2: 'des-md5' } }),
    'phase 2: the client says 3des-sha1, the responder des-md5',
  ],
  [
    'different inner addresses',
    connected({ responder: { ...responder, peerInnerAddress: '192.168.8.2' } }),
    "the client's inner address: the client says 192.168.8.1, the responder 192.168.8.2",
  ],
  [
    'an SPI toward the responder that its two ends name differently',
    connected({
      client: { ...client, spis: { inbound: 0x10, outbound: 0x20 } },
      responder: { ...responder, spis: { inbound: 0x21, outbound: 0x10 } },
    }),
    'the SPI toward the responder: its sender says 0x00000020, its receiver 0x00000021',
  ],
  [
    'an SPI toward the client that its two ends name differently',
    connected({
      client: { ...client, spis: { inbound: 0x10, outbound: 0x20 } },
      responder: { ...responder, spis: { inbound: 0x20, outbound: 0x11 } },
    }),
    'the SPI toward the client: its sender says 0x00000011, its receiver 0x00000010',
  ],
  [
    'packets that a client counted and its segment never had',
    connected({
      client: { ...client, sas: counted(7) },
      wire: wire({ segments: everywhere(segment({ espInUdp: { toResponder: 40, toClient: 0 } })) }),
    }),
    'the client counted 7 packets on its inbound SAs, its segment shows no ESP toward it',
  ],
  [
    'packets that a responder counted and its segment never had',
    connected({
      responder: { ...responder, sas: counted(7) },
      wire: wire({ segments: { access: segment(), internet: segment(), interconn: noEsp } }),
    }),
    'the responder counted 7 packets on its inbound SAs, its segment shows no ESP toward it',
  ],
  [
    'traffic without a connection',
    connected({
      client: { ...client, stages: peerStages({ stage: 'ppp-ipcp', reason: 'no-answer' }) },
      responder: { ...responder, stages: [] },
    }),
    'traffic passed, and the client does not say it is connected',
  ],
  [
    'traffic past the tunnel',
    connected({ wire: wire({ segments: { access: segment(), internet: noEsp, interconn: segment() } }) }),
    'traffic passed, and internet shows no ESP both ways',
  ],
])('in conflict: %s', (_, evidence, words) => {
  expect(conflictOf(evidence)).toContain(words);
});

// The last message of quick mode is the client's: it may be done where the responder never was.
test('no conflict: a quick mode whose last message was lost', () => {
  const lost = stopped(
    { stage: 'esp', reason: 'esp-dropped' },
    { stage: 'phase2', reason: 'no-answer' },
    {
      segments: {
        access: segment({ espInUdp: { toResponder: 3, toClient: 0 } }),
        internet: noEsp,
        interconn: noEsp,
      },
    },
  );
  expect(outcomeOf(lost)).toMatchObject({ kind: 'stop', stage: 'phase2' });
});

test('no conflict: ends that agree, and counters that the wire bears out', () => {
  const whole = connected({
    client: { ...client, spis: { inbound: 0x10, outbound: 0x20 }, sas: counted(7) },
    responder: { ...responder, spis: { inbound: 0x20, outbound: 0x10 } },
    traffic: { ...traffic, pingAfterOthers: { sent: 5, received: 5 } },
    wire: wire({ espAfterOthers: { toResponder: 5, toClient: 5 } }),
  });
  expect(outcomeOf(whole)).toEqual({ kind: 'connect', reached: 'hold' });
});

test('no conflict: after a repeated quick mode the ends may name SAs of different ones', () => {
  const apart = connected({
    client: { ...client, spis: { inbound: 0x10, outbound: 0x20 } },
    responder: { ...responder, spis: { inbound: 0x21, outbound: 0x11 } },
    wire: wire({ quickModeMessages: 12 }),
  });
  expect(outcomeOf(apart)).toMatchObject({ kind: 'connect' });
});

test('a client that cannot know better than its responder is not in conflict with it', () => {
  const stopsAt = (stage: 'ppp-ipcp' | 'phase2', ofClient: Reason, ofResponder: Reason) =>
    conflictOf(
      stopped(
        { stage, reason: ofClient },
        { stage, reason: ofResponder },
        stage === 'phase2' ? { segments: everywhere(noEsp) } : {},
      ),
    );
  expect(stopsAt('ppp-ipcp', 'ppp-refused', 'pool-exhausted')).toEqual(['no conflict, but stop']);
  expect(stopsAt('phase2', 'id-mismatch', 'no-policy')).toEqual(['no conflict, but stop']);
  expect(stopsAt('phase2', 'no-policy', 'id-mismatch')).toEqual([
    'the client names no-policy at phase2, the responder id-mismatch',
  ]);
});

test('how HMAC-SHA2-256 is cut no peer is told, and may differ (rule ESP-1); the rest may not', () => {
  const of = (ofClient: string, ofResponder: string) =>
    conflictOf(
      connected({
        client: { ...client, phase2: ofClient },
        responder: { ...responder, phase2: ofResponder },
      }),
    );
  expect(of('aes256-sha256_96', 'aes256-sha256')).toEqual(['no conflict, but connect']);
  expect(of('aes256-sha256_96', 'aes128-sha256')).toEqual([
    'phase 2: the client says aes256-sha256, the responder aes128-sha256',
  ]);
});

test('after aggressive mode, whose last message is its own, a client goes on alone; after main mode it cannot', () => {
  const lost = {
    quickModeMessages: 1,
    segments: everywhere(noEsp),
    unanswered: [
      { what: 'quick mode message 1', from: 'client' as const, transmissions: 3, seenOn: ['access'] },
    ],
  };
  const alone = (seen: Partial<WireObservation>) =>
    conflictOf(
      stopped(
        { stage: 'phase2', reason: 'no-answer' },
        { stage: 'phase1', reason: 'no-answer' },
        { ...lost, ...seen },
      ),
    );
  expect(alone({ mainModeMessages: 0, aggressiveModeMessages: 3 })).toEqual(['no conflict, but stop']);
  expect(alone({})).toContain('the client says phase 1 is done, the responder says it stopped there');
  const arrived = lost.unanswered.map((each) => ({ ...each, seenOn: ['access', 'internet', 'interconn'] }));
  expect(alone({ mainModeMessages: 0, aggressiveModeMessages: 3, unanswered: arrived })).toContain(
    'the responder says it stopped at phase1, the captures show quick mode',
  );
});
