import { sameUdpAddress } from '../address.ts';
import { equalOctets } from '../octets.ts';
import type { IkeEffect } from './effect.ts';
import { removeIsakmpSa } from './removal.ts';
import { type EstablishedSa, type IkeState, isEstablished } from './sa-table.ts';

/**
 * The peer says that it knows of no earlier SA (RFC 2407 4.6.3.3): what is left of it goes. Behind a
 * NAT the address says nothing of who somebody is (RFC 3947 6), and private addresses repeat from one
 * home to the next: there only the same identity at the same address and port is the same peer.
 */
export function forgetPast(state: IkeState, newcomer: EstablishedSa): IkeEffect[] {
  const { peerIdentity, nat } = newcomer.state;
  return state.table.all
    .filter((sa) => sa !== newcomer)
    .filter(isEstablished)
    .filter((sa) => {
      const identity = sa.state.peerIdentity;
      if (identity.idType !== peerIdentity.idType) return false;
      if (!equalOctets(identity.data, peerIdentity.data)) return false;
      const behindNat = nat?.peerBehindNat || sa.state.nat?.peerBehindNat;
      if (behindNat) return sameUdpAddress(sa.ends.peer, newcomer.ends.peer);
      return sa.ends.peer.ip === newcomer.ends.peer.ip;
    })
    .flatMap((sa) => removeIsakmpSa(state, sa, 'peer', 'INITIAL-CONTACT'));
}
