import { lost, type Outcome, ok, type Probe } from '../probe.ts';

export const clockProbe: Probe = {
  name: 'clock',
  does: "reads the engine's clock source",
  async run(bench) {
    const file = '/sys/devices/system/clocksource/clocksource0/current_clocksource';
    const { stdout } = await (await bench.node()).exec(['cat', file], bench);
    return judgeClock(stdout.trim());
  },
};

/** `jiffies` and `pit` count in milliseconds; everything else in micro- or nanoseconds. */
export function judgeClock(source: string): Outcome {
  if (source !== '' && source !== 'jiffies' && source !== 'pit') return ok(source);
  return lost(
    `timings and throughput figures: the clock source is ${source || 'unknown'}`,
    'Measure on another machine; verdicts are not touched',
  );
}
