import { expect, test } from 'vitest';
import { deaf, type Impairment, perfect, Simulation } from './simulation.ts';

/** The order in which a hundred datagrams arrive, all sent at once. */
function arrivals(seed: number, impairment: Impairment): number[] {
  const simulation = new Simulation(seed, impairment);
  const arrived: number[] = [];
  for (let sent = 0; sent < 100; sent++) simulation.carry(() => arrived.push(sent));
  simulation.runTo(1000);
  return arrived;
}

const inOrder = Array.from({ length: 100 }, (_, sent) => sent);

test('a perfect wire delivers each datagram once and in order, a deaf one nothing', () => {
  expect(arrivals(1, perfect)).toEqual(inOrder);
  expect(arrivals(1, deaf)).toEqual([]);
});

test('loss, duplication and different delays each do what they say, the same for the same seed', () => {
  const some = arrivals(1, { ...perfect, loss: 0.3 });
  expect(some.length).toBeGreaterThan(50);
  expect(some.length).toBeLessThan(90);
  expect(arrivals(1, { ...perfect, duplication: 1 })).toEqual(inOrder.flatMap((sent) => [sent, sent]));
  const late = arrivals(1, { ...perfect, slowestMs: 300 });
  expect(late).not.toEqual(inOrder);
  expect([...late].sort((a, b) => a - b)).toEqual(inOrder);
  expect(arrivals(1, { ...perfect, slowestMs: 300 })).toEqual(late);
  expect(arrivals(2, { ...perfect, slowestMs: 300 })).not.toEqual(late);
});

test('stations are ticked at their deadlines, and the clock stops at the limit', () => {
  const simulation = new Simulation(1, perfect);
  const ticks: number[] = [];
  simulation.add({ deadline: () => 70 * (ticks.length + 1), tick: (now) => ticks.push(now) });
  expect(simulation.run(() => ticks.length === 3, 200)).toBe(false);
  expect([ticks, simulation.now]).toEqual([[70, 140], 200]);
  expect(simulation.run(() => ticks.length === 3, 1000)).toBe(true);
  expect(simulation.now).toBe(210);
});

test('a station whose tick does nothing at its deadline is found out', () => {
  const simulation = new Simulation(1, perfect);
  simulation.add({ deadline: () => 5, tick: () => {} });
  expect(() => simulation.runTo(10)).toThrow('does not get past 5 ms');
});
