import type { CellSettings } from '../peer.ts';

/** For tests: what the client `dialin1` of the How-To dials and knows. */
export function exampleSettings(dial: string): CellSettings {
  return {
    preSharedKey: 'abc123',
    clientPreSharedKey: 'abc123',
    user: 'dialin1',
    password: 'friend1',
    l2tpPort: 1701,
    callers: [{ user: 'dialin1', password: 'friend1' }],
    dial,
    timerFactor: 1,
    seed: 'seed',
  };
}
