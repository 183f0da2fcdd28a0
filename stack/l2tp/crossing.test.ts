import { expect, test } from 'vitest';
import { perfect } from '../testing/simulation.ts';
import { crossing } from './testing/crossing.ts';
import { lacSeen, lnsSeen, type Pair, pairOf } from './testing/tunnel-pair.ts';

const low = { tieBreaker: { hex: '0000000000000001' } } as const;
const high = { tieBreaker: { hex: '0000000000000002' } } as const;
const ignoring = { tieBreaker: 'ignored' } as const;

const connected = ({ lac, lns }: Pair) => lac.ups.length === 1 && lns.ups.length === 1;
const tunnels = ({ lac, lns }: Pair) => [lac, lns].map((station) => station.engine.summary().tunnels);
/** Whose SCCRQ led to the tunnel in which the call is: the originator is who sent SCCCN. */
const originator = ({ lac }: Pair) => (lac.messages.includes('sent SCCCN') ? 'lac' : 'lns');

test.each([
  ['the lower value of the LAC', low, high, 'lac'],
  ['the lower value of the LNS', high, low, 'lns'],
  ['the LAC, which alone has a value,', low, {}, 'lac'],
  ['the LNS, which alone has a value,', {}, low, 'lns'],
] as const)('two SCCRQ cross: %s wins the one tunnel (RFC 2661 4.4.3)', (_what, lac, lns, winner) => {
  const pair = crossing(1, perfect, { lac, lns });
  expect(pair.simulation.run(() => connected(pair), 10_000)).toBe(true);
  expect(originator(pair)).toBe(winner);
  expect(tunnels(pair)).toEqual([1, 1]);
  // The loser's tunnel went silently: nobody was refused, and nothing is told of an end.
  for (const station of [pair.lac, pair.lns]) {
    expect(station.has('l2tp-failed') || station.has('l2tp-ended') || station.has('closed')).toBe(false);
    expect(station.downs).toEqual([]);
  }
});

test('two SCCRQ cross with equal values: both tunnels are discarded', () => {
  const pair = crossing(2, perfect, { lac: low, lns: low });
  pair.simulation.runTo(100_000);
  expect(tunnels(pair)).toEqual([0, 0]);
  for (const station of [pair.lac, pair.lns]) {
    expect(station.facts).toContainEqual({
      fact: 'l2tp-failed',
      reason: 'refused',
      detail: 'both ends asked with equal tie breakers',
    });
    expect(station.has('l2tp-tunnel-established')).toBe(false);
  }
});

test.each([
  ['no values', {}, {}],
  ['ends that ignore values, as Windows does', ignoring, ignoring],
] as const)('two SCCRQ cross with %s: two tunnels', (_what, lac, lns) => {
  const pair = crossing(3, perfect, { lac, lns });
  expect(pair.simulation.run(() => connected(pair), 10_000)).toBe(true);
  expect(tunnels(pair)).toEqual([2, 2]);
});

test('an end that ignores values sends none, and keeps both tunnels against one that wins', () => {
  const pair = crossing(4, perfect, { lac: ignoring, lns: low });
  pair.simulation.runTo(10_000);
  // The LNS wins and answers no SCCRQ of the LAC, which waits for its own tunnel to the end.
  expect(pair.lac.messages.filter((message) => message === 'sent SCCRP')).toHaveLength(1);
  expect(pair.lns.messages).not.toContain('sent SCCRP');
});

test('under loss, duplication and reordering one tunnel comes of two that cross', () => {
  const retransmission = { firstGapMs: 1000, backoff: 2, maximumGapMs: 8000, transmissions: 10 };
  for (let seed = 0; seed < 40; seed++) {
    const impairment = { loss: (seed % 7) * 0.05, duplication: 0.2, slowestMs: 300 };
    const tieBreaker = 'random' as const;
    const pair = crossing(500 + seed, impairment, {
      lac: { tieBreaker, retransmission },
      lns: { tieBreaker, retransmission },
    });
    expect(
      pair.simulation.run(() => connected(pair), 200_000),
      `seed ${seed}`,
    ).toBe(true);
    pair.simulation.impairment = perfect;
    pair.simulation.runTo(pair.simulation.now + 300_000);
    expect(tunnels(pair), `seed ${seed}`).toEqual([1, 1]);
    expect(pair.lac.engine.summary().sessions).toBe(1);
  }
});

test('a LAC that wants a single tunnel calls in the one that its LNS has opened already', () => {
  const pair = pairOf(5, perfect, { lac: { ...low, answersTunnels: true, maximumTunnels: 4 }, lns: high });
  pair.lns.perform(pair.lns.engine.dial(lacSeen, 0));
  pair.simulation.runTo(1000);
  pair.lac.perform(pair.lac.engine.dial(lnsSeen, 1000));
  expect(pair.simulation.run(() => connected(pair), 10_000)).toBe(true);
  expect(tunnels(pair)).toEqual([1, 1]);
  expect(originator(pair)).toBe('lns');
});

test('an LNS that opens a tunnel waits for a call in it, and clears it when none comes', () => {
  const pair = pairOf(6, perfect, { lac: { answersTunnels: true } });
  pair.lns.perform(pair.lns.engine.dial(lacSeen, 0));
  pair.simulation.runTo(1000);
  expect(tunnels(pair)).toEqual([1, 1]);
  pair.simulation.runTo(200_000);
  expect(tunnels(pair)).toEqual([0, 0]);
});
