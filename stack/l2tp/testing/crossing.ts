import type { Impairment } from '../../testing/simulation.ts';
import type { L2tpConfig } from '../config.ts';
import { lacSeen, lnsSeen, type Pair, pairOf } from './tunnel-pair.ts';

/** For tests: a LAC and an LNS that both ask for a tunnel at the same instant. */
export function crossing(
  seed: number,
  impairment: Impairment,
  configs: { lac?: Partial<L2tpConfig>; lns?: Partial<L2tpConfig> },
): Pair {
  const lac = { answersTunnels: true, maximumTunnels: 4, ...configs.lac } as const;
  const pair = pairOf(seed, impairment, { ...configs, lac });
  pair.lac.perform(pair.lac.engine.dial(lnsSeen, 0));
  pair.lns.perform(pair.lns.engine.dial(lacSeen, 0));
  return pair;
}
