/**
 * The longest that an end is silent on an idle connection, from the intervals at which it sends something by itself, in
 * seconds; 0 is never.
 */
export function speaksEvery(...intervals: readonly number[]): { speaksEverySeconds?: number } {
  const sent = intervals.filter((seconds) => seconds > 0);
  return sent.length === 0 ? {} : { speaksEverySeconds: Math.min(...sent) };
}
