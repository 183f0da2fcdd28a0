import type { IkeEffect } from './effect.ts';
import { isSamePeer } from './path.ts';
import { removeIsakmpSa } from './removal.ts';
import type { EstablishedSa, IkeState } from './sa-table.ts';

/** The peer says that it knows of no earlier SA (RFC 2407 4.6.3.3): what is left of it goes. */
export function forgetPast(state: IkeState, newcomer: EstablishedSa): IkeEffect[] {
  return state.table.established
    .filter((sa) => isSamePeer(sa, newcomer))
    .flatMap((sa) => removeIsakmpSa(state, sa, 'peer', 'INITIAL-CONTACT'));
}
