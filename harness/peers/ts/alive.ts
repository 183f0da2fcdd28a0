import type { AliveCounts } from './agent/protocol.ts';

/** What an endpoint still holds, in words: `1 phase1`, `2 tunnels`. */
export function alive(counts: AliveCounts): readonly string[] {
  return Object.entries(counts).flatMap(([what, count]) => (count === 0 ? [] : [`${count} ${what}`]));
}
