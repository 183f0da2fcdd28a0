/** The ordered steps of a connection. *Stopped at S*: S is the first step not completed (design: Words). */
export const stages = [
  'reach',
  'nat-detection',
  'phase1',
  'phase2',
  'esp',
  'l2tp-tunnel',
  'l2tp-session',
  'ppp-lcp',
  'ppp-auth',
  'ppp-ipcp',
  'traffic',
  'hold',
  'teardown',
] as const;
export type Stage = (typeof stages)[number];

/** Why a connection stopped: one closed list. `unknown` never meets an expectation. */
export const reasons = [
  'nothing-sent',
  'no-answer',
  'no-proposal-chosen',
  'auth-failed',
  'id-mismatch',
  'no-policy',
  'no-key',
  'nat-refused',
  'deleted-by-peer',
  'short-public-value',
  'esp-never-sent',
  'esp-dropped',
  'bad-icv',
  'bad-checksum',
  'tunnel-id-taken',
  'no-data-plane',
  'ppp-refused',
  'ppp-auth-failed',
  'pool-exhausted',
  'no-traffic',
  'large-packets-lost',
  'not-translated',
  'sa-replaced',
  'no-rekey',
  'link-lost',
  'stale-esp-answered',
  'redial-failed',
  'state-left-behind',
  'unknown',
] as const;
export type Reason = (typeof reasons)[number];

/** What a connection has behind it before traffic can pass. NAT detection may be skipped, or not told of. */
export const connectionSteps: readonly Stage[] = stages
  .slice(0, stages.indexOf('traffic'))
  .filter((stage) => stage !== 'nat-detection');

/** Position in the order of steps, for "which comes first". */
export function stageIndex(stage: Stage): number {
  return stages.indexOf(stage);
}
