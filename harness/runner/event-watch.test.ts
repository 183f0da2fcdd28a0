import { expect, test } from 'vitest';
import type { PeerObservation } from '../observation.ts';
import { areReplaced, HeldLog, isFreed, redialOf, summed } from './event-watch.ts';

function told(changes: Partial<PeerObservation>): PeerObservation {
  return { peer: 'ts', version: '1', stages: [], dns: [], unanswered: [], warnings: [], ...changes };
}

const one = { phase1: 1, phase2: 1 };
const both = told({
  replaced: { phase1: { bySelf: 1, byPeer: 0 }, phase2: { bySelf: 0, byPeer: 1 } },
});
const whole = { saw: both, held: one };

test('SAs are replaced when both ends say so of both phases and hold one of each', () => {
  const half = told({ replaced: { phase1: { bySelf: 0, byPeer: 0 }, phase2: { bySelf: 1, byPeer: 0 } } });
  expect(areReplaced([whole, whole])).toBe(true);
  expect(areReplaced([whole, { ...whole, saw: half }])).toBe(false);
  expect(areReplaced([whole, { ...whole, saw: told({}) }])).toBe(false);
  // The old one is still there.
  expect(areReplaced([{ ...whole, held: { phase1: 1, phase2: 2 } }, whole])).toBe(false);
  expect(areReplaced([whole, { saw: undefined, held: one }])).toBe(false);
});

test('a responder has let go when nothing of the link is left, whatever SAs there are', () => {
  expect(isFreed({ ...one, links: 0, sessions: 0, tunnels: 0, leases: 0 })).toBe(true);
  for (const name of ['links', 'sessions', 'tunnels', 'leases']) expect(isFreed({ [name]: 1 })).toBe(false);
});

test('what is held is told from one change to the next, in seconds from the event', () => {
  const log = new HeldLog();
  log.note(1000, { links: 1 });
  log.note(2000, { links: 1 });
  log.note(12_340, { links: 0 });
  expect(log.entries(11_000, 12_340)).toEqual([
    { atSeconds: -10, counts: { links: 1 } },
    { atSeconds: 1.3, counts: { links: 0 } },
  ]);
  // It is told again when the watching ended later.
  expect(log.entries(11_000, 21_000).at(-1)).toEqual({ atSeconds: 10, counts: { links: 0 } });
  expect(new HeldLog().entries(0, 0)).toEqual([]);
});

test('a client that dialled again is connected when it has an address and stopped nowhere', () => {
  const pings = { sent: 3, received: 3 };
  const innerAddress = '192.168.8.1';
  expect(redialOf(told({ innerAddress }), pings)).toEqual({
    connected: true,
    detail: 'connected',
    innerAddress,
    pings,
  });
  const stopped = told({
    stages: [{ stage: 'phase1', state: 'stopped', reason: 'no-answer', detail: 'message 1 sent 3 times' }],
  });
  expect(redialOf(stopped, undefined)).toEqual({
    connected: false,
    detail: 'stopped at phase1: no-answer, message 1 sent 3 times',
  });
  expect(redialOf(undefined, undefined).connected).toBe(false);
});

test('pings add up', () => {
  expect(summed({ sent: 3, received: 2 }, { sent: 5, received: 5 })).toEqual({ sent: 8, received: 7 });
});
