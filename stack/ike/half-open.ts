import { sameUdpAddress } from '../address.ts';
import type { Instant } from '../engine.ts';
import { boundsOf } from './bounds.ts';
import type { Ends } from './exchange.ts';
import type { Phase1Mode } from './phase1.ts';
import type { IkeState, IsakmpSa, SaTable } from './sa-table.ts';

/*
 * What a stranger can make this end keep and compute (RFC 2408 2.5.3). IKEv1 has no answer to message 1 that
 * keeps nothing: message 5 is authentic over the offer in message 1. What is kept is therefore small and bounded,
 * and nothing is computed until message 3 brings back a cookie of this end, which proves the sender's address:
 *
 * - one address has only so many negotiations under way, so that it cannot fill the table;
 * - when the table is full, a newcomer takes the place of the oldest one that never answered message 2, once that
 *   had time to. Forged addresses do not answer. Whoever does is not put out;
 * - a Diffie-Hellman exchange is computed a few times at most for each place in the table, and a place that
 *   had one is free again only when it is complete or its time is over. Aggressive mode is computed at message 1,
 *   whoever sent it: for all strangers together a few times a second.
 */

/** Enough for a round trip and a repeated message 1. */
const timeToAnswerMs = 5000;

/** Key exchanges that may fail in one negotiation: a forged one must not end it, nor may they be computed for ever. */
const maximumFailures = 4;

/** Whether the next message 3 is not even looked at. */
export function costsTooMuch({ state, failures }: IsakmpSa): boolean {
  return state.at === 'sa-answered' && failures >= maximumFailures;
}

/** So many at once, and then so many a second. */
export class Allowance {
  readonly #atOnce: number;
  readonly #perSecond: number;
  #left: number;
  #at: Instant = 0;

  constructor(atOnce: number, perSecond: number) {
    this.#atOnce = atOnce;
    this.#perSecond = perSecond;
    this.#left = atOnce;
  }

  /** Takes one, where one is left. */
  take(now: Instant): boolean {
    this.#left = Math.min(this.#atOnce, this.#left + ((now - this.#at) / 1000) * this.#perSecond);
    this.#at = now;
    if (this.#left < 1) return false;
    this.#left -= 1;
    return true;
  }
}

/** Why no negotiation may be opened from there; `undefined` where one may. Makes room where that is fair. */
export function refusalOfNewcomer(
  { config, roles, table }: IkeState,
  mode: Phase1Mode,
  ends: Ends,
  now: Instant,
): string | undefined {
  if (config.role === 'initiator' && !knows(table, ends)) {
    return 'message 1 from a stranger to an initiator';
  }
  const underWay = [...table.halfOpen].filter(({ role }) => role === 'responder');
  const { halfOpenPerAddress } = boundsOf(config);
  if (underWay.filter((sa) => sa.ends.peer.ip === ends.peer.ip).length >= halfOpenPerAddress) {
    return `${halfOpenPerAddress} half-open negotiations from ${ends.peer.ip} already`;
  }
  const { maximumHalfOpen, acceptsAggressive } = roles.responder;
  const computes = mode === 'aggressive-mode' && acceptsAggressive === true;
  if (computes && !table.unproved.take(now)) return 'aggressive modes come too fast';
  if (underWay.length < maximumHalfOpen) return undefined;
  const silent = underWay.find((sa) => !isProved(sa) && sa.begunAt + timeToAnswerMs <= now);
  if (silent === undefined) return `${maximumHalfOpen} half-open negotiations already`;
  table.delete(silent);
  return undefined;
}

/** Whether a cookie of this end came back from the peer's address. */
function isProved({ state }: IsakmpSa): boolean {
  return state.at !== 'sa-answered' && state.at !== 'all-answered';
}

function knows({ established, children }: SaTable, { peer }: Ends): boolean {
  const parents = [...children.values()].map(({ parent }) => parent);
  return [...established, ...parents].some((sa) => sameUdpAddress(sa.ends.peer, peer));
}
