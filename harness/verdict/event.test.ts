import { expect, test } from 'vitest';
import type { EventObservation, PeerObservation, WireObservation } from '../observation.ts';
import { checkResult } from './checks.ts';
import type { Evidence } from './evidence.ts';
import { outcomeOf } from './outcome.ts';
import { client, connected, responder, traffic, wire } from './testing/example-evidence.ts';

const begun: PeerObservation['replaced'] = {
  phase1: { bySelf: 1, byPeer: 0 },
  phase2: { bySelf: 2, byPeer: 0 },
};
const followed: PeerObservation['replaced'] = {
  phase1: { bySelf: 0, byPeer: 1 },
  phase2: { bySelf: 0, byPeer: 2 },
};
const renewed: Partial<WireObservation> = { isakmpSas: 2, espSpis: { toResponder: 3, toClient: 3 } };
const all = { sent: 9, received: 9 };

/** A connection whose SAs the client replaced while traffic went on (rule LIFE-1). */
function rekeyed(
  changes: {
    client?: Partial<PeerObservation>;
    responder?: Partial<PeerObservation>;
    wire?: Partial<WireObservation>;
    during?: EventObservation['during'];
  } = {},
): Evidence {
  return connected({
    client: { ...client, replaced: begun, ...changes.client },
    responder: { ...responder, replaced: followed, ...changes.responder },
    wire: wire({ ...renewed, ...changes.wire }),
    traffic: { ...traffic, pingAfterHold: { sent: 5, received: 5 } },
    event: { event: 'rekey-by-client', during: changes.during ?? all },
  });
}

const atHold = { kind: 'stop', stage: 'hold', reached: 'traffic' };

test('a connection that lived through its rekeys holds', () => {
  const evidence = rekeyed();
  expect(outcomeOf(evidence)).toEqual({ kind: 'connect', reached: 'hold' });
  expect(checkResult({ check: 'replaced-by', end: 'client' }, evidence).ok).toBe(true);
  expect(checkResult({ check: 'old-sas-accepted' }, evidence).ok).toBe(true);
});

test.each<[string, Parameters<typeof rekeyed>[0], string, string]>([
  [
    'the client tells of no rekey',
    { client: { replaced: undefined } },
    'no-rekey',
    'the client tells of no new SA of phase 1; the client tells of no new SA of phase 2',
  ],
  [
    'phase 1 alone was not replaced',
    { responder: { replaced: { phase1: { bySelf: 0, byPeer: 0 }, phase2: { bySelf: 0, byPeer: 2 } } } },
    'no-rekey',
    'the responder tells of no new SA of phase 1',
  ],
  [
    'the wire shows no new cookie',
    { wire: { isakmpSas: undefined } },
    'no-rekey',
    'the captures show one ISAKMP SA',
  ],
  [
    'the wire shows a new SPI one way alone',
    { wire: { espSpis: { toResponder: 2, toClient: 1 } } },
    'no-rekey',
    'the captures show ESP under one SPI each way',
  ],
  [
    'PPP came up again',
    { responder: { linkLost: ['PPP came up once more'] } },
    'link-lost',
    'the responder: PPP came up once more',
  ],
  [
    'nothing came back',
    { during: { sent: 5, received: 0 } },
    'no-traffic',
    '0 of 5 answers after what happened to the connection while it stood',
  ],
  [
    'some came back',
    { during: { sent: 9, received: 8 } },
    'unknown',
    '8 of 9 answers after what happened to the connection while it stood',
  ],
])('rekeys: %s', (_, changes, reason, shownBy) => {
  expect(outcomeOf(rekeyed(changes))).toEqual({ ...atHold, reason, shownBy });
});

test('who replaced them has to be who should have, by both ends', () => {
  const wanted = { check: 'replaced-by', end: 'client' } as const;
  expect(checkResult({ ...wanted, end: 'responder' }, rekeyed()).ok).toBe(false);
  const alsoOther = { ...followed, phase2: { bySelf: 1, byPeer: 1 } };
  expect(checkResult(wanted, rekeyed({ responder: { replaced: alsoOther } })).ok).toBe(false);
  expect(checkResult(wanted, connected()).detail).toBe('not observed');
});

test('ESP for an SA that its receiver gave up too early is seen', () => {
  const evidence = rekeyed({ responder: { strayEsp: 2 } });
  expect(checkResult({ check: 'old-sas-accepted' }, evidence)).toMatchObject({
    ok: false,
    detail: '2 packets for SAs that were gone',
  });
});

const redial = { connected: true, detail: 'connected', innerAddress: '192.168.8.1', pings: all };
const silence = { esp: 5, invalidSpi: 0, otherAnswers: 0 };

/** A responder that lost its state, and a client that dialled again (rule LIFE-2). */
function restarted(
  event: Partial<EventObservation> = {},
  silenceBefore: WireObservation['silenceBefore'] = silence,
): Evidence {
  return connected({
    wire: wire({ ...renewed, silenceBefore }),
    event: { event: 'responder-restart', during: { sent: 5, received: 0 }, redial, ...event },
  });
}

const oldSpi = { check: 'old-spi-unanswered' } as const;

test.each([0, 5])('a restart that the client got over holds, with INVALID-SPI %i times', (invalidSpi) => {
  const evidence = restarted({}, { ...silence, invalidSpi });
  expect(outcomeOf(evidence)).toEqual({ kind: 'connect', reached: 'hold' });
  expect(checkResult(oldSpi, evidence).ok).toBe(true);
});

test.each<[string, Evidence, string]>([
  ['answers came through the old SAs', restarted({ during: { sent: 5, received: 1 } }), 'stale-esp-answered'],
  ['something else came back', restarted({}, { ...silence, otherAnswers: 1 }), 'stale-esp-answered'],
  ['the client sent too little to tell', restarted({}, { ...silence, esp: 2 }), 'unknown'],
  ['it did not connect again', restarted({ redial: { ...redial, connected: false } }), 'redial-failed'],
  [
    'the new connection carries nothing',
    restarted({ redial: { ...redial, pings: { sent: 5, received: 0 } } }),
    'redial-failed',
  ],
  ['nobody dialled again', restarted({ redial: undefined }), 'unknown'],
])('restart: %s', (_, evidence, reason) => {
  expect(outcomeOf(evidence)).toMatchObject({ ...atHold, reason });
});

test('the answer to an old SPI is seen by the check, too', () => {
  expect(checkResult(oldSpi, restarted({}, { ...silence, otherAnswers: 1 })).ok).toBe(false);
  expect(checkResult(oldSpi, connected({ event: { event: 'responder-restart' } })).ok).toBe(false);
});

const whole = { phase1: 1, phase2: 1, tunnels: 1, sessions: 1, links: 1, leases: 1 };
const sasAlone = { ...whole, tunnels: 0, sessions: 0, links: 0, leases: 0 };
const held = [
  { atSeconds: -150, counts: whole },
  { atSeconds: 118, counts: sasAlone },
];

/** A client whose power was cut (rule PPP-8): echoes each 30 s, of which three may stay unanswered. */
function cut(event: Partial<EventObservation> = {}): Evidence {
  return connected({ event: { event: 'client-power-cut', echoSeconds: 30, held, redial, ...event } });
}

const within = { check: 'freed-within', intervals: 4 } as const;

test('a responder that notices and lets go holds', () => {
  expect(outcomeOf(cut())).toEqual({ kind: 'connect', reached: 'hold' });
  expect(checkResult(within, cut()).ok).toBe(true);
  expect(checkResult({ check: 'sas-outlive-link' }, cut()).ok).toBe(true);
});

test.each<[string, Evidence, string]>([
  [
    'the address is kept for ever',
    cut({
      held: [
        { atSeconds: -150, counts: whole },
        { atSeconds: 118, counts: { ...sasAlone, leases: 1 } },
        { atSeconds: 360, counts: { ...sasAlone, leases: 1 } },
      ],
    }),
    'state-left-behind',
  ],
  [
    'the link is gone while the client lives',
    cut({
      held: [{ atSeconds: -150, counts: whole }, { atSeconds: -30, counts: sasAlone }, ...held.slice(1)],
    }),
    'link-lost',
  ],
  [
    'another address is given',
    cut({ redial: { ...redial, innerAddress: '192.168.8.2' } }),
    'state-left-behind',
  ],
  ['the next caller is refused', cut({ redial: { ...redial, connected: false } }), 'redial-failed'],
  ['nobody asked the responder', cut({ held: undefined }), 'unknown'],
])('power cut: %s', (_, evidence, reason) => {
  expect(outcomeOf(evidence)).toMatchObject({ ...atHold, reason });
});

test('the tunnel may last until its CDN was repeated in vain, and not for ever (RFC 2661 5.8)', () => {
  const tunnelAlone = { ...sasAlone, tunnels: 1 };
  const before = [
    { atSeconds: -150, counts: whole },
    { atSeconds: 118, counts: tunnelAlone },
  ];
  const later = cut({ held: [...before, { atSeconds: 155, counts: sasAlone }] });
  expect(outcomeOf(later).kind).toBe('connect');
  expect(checkResult(within, later).ok).toBe(true);
  const never = cut({ held: [...before, { atSeconds: 360, counts: tunnelAlone }] });
  expect(outcomeOf(never)).toMatchObject({ ...atHold, reason: 'state-left-behind' });
});

test('too late is seen, and SAs that go with the link, and those that stay', () => {
  const late = cut({
    held: [
      { atSeconds: -150, counts: whole },
      { atSeconds: 150.1, counts: sasAlone },
    ],
  });
  expect(checkResult(within, late).ok).toBe(false);
  const gone = cut({ held: [{ atSeconds: 60, counts: { ...sasAlone, phase1: 0, phase2: 0 } }] });
  expect(checkResult({ check: 'sas-outlive-link' }, gone).ok).toBe(false);
  expect(checkResult(within, connected()).detail).toBe('not observed');
});

const endBetween = { check: 'sas-end-between', fromSeconds: 270, toSeconds: 300 } as const;
const nothingHeld = { ...sasAlone, phase1: 0, phase2: 0 };

test.each([
  ['in due time', { atSeconds: 290, counts: nothingHeld }, true],
  ['a second late, as far as anybody looked', { atSeconds: 300.9, counts: nothingHeld }, true],
  ['too early', { atSeconds: 200, counts: nothingHeld }, false],
  ['too late', { atSeconds: 302, counts: nothingHeld }, false],
  ['the one phase and not the other', { atSeconds: 290, counts: { ...nothingHeld, phase1: 1 } }, false],
])('SAs that end by dead peer detection: %s', (_, last, ok) => {
  expect(checkResult(endBetween, cut({ held: [...held, last] })).ok).toBe(ok);
});

test('SAs that never end, or of which nobody was asked, did not end in time', () => {
  expect(checkResult(endBetween, cut())).toMatchObject({ ok: false, detail: 'not while anybody watched' });
  expect(checkResult(endBetween, connected()).detail).toBe('not observed');
});
