import type { Instant } from '../engine.ts';
import { boundsOf } from './bounds.ts';
import { newPeerWatch } from './dpd.ts';
import { type Ends, Exchange } from './exchange.ts';
import { newPath } from './path.ts';
import type { Cookies, Phase1Mode, Phase1State } from './phase1.ts';
import type { IkeState, IsakmpSa, Renewal } from './sa-table.ts';

/** An ISAKMP SA whose phase 1 has just begun, on a path of its own. Nobody knows of it before it is in the table. */
export function newSa(
  { config }: IkeState,
  mode: Phase1Mode,
  role: IsakmpSa['role'],
  cookies: Cookies,
  ends: Ends,
  first: Phase1State,
  now: Instant,
  renewal?: Renewal,
): IsakmpSa {
  return {
    ...cookies,
    role,
    renewal,
    path: newPath(cookies),
    ends,
    phase1Exchange: new Exchange(mode, 0, config.retransmission, boundsOf(config).repetitions),
    state: first,
    refused: false,
    failures: 0,
    quickModes: new Map(),
    usedMessageIds: new Set(),
    begunAt: now,
    expiresAt: undefined,
    lifetime: undefined,
    forgetAt: undefined,
    watch: newPeerWatch(),
    keepaliveDue: undefined,
  };
}
