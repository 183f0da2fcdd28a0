import { type Cell, peerOf } from '../../cell.ts';
import { unsupported as unsupportedByStrongswan } from '../strongswan/capabilities.ts';

/** Why kl2tpd over strongSwan cannot play a cell in this role; undefined when it can. What IKE is asked is strongSwan's to answer. */
export function unsupported(cell: Cell, role: 'client' | 'responder'): string | undefined {
  if (role === 'responder') {
    return 'kl2tpd answers no calls (kl2tpd(8): "a client/LAC-mode daemon"; an ICRQ is an unknown session to it)';
  }
  const { profile } = peerOf(cell.client);
  if (profile !== undefined) return `go-l2tp has no profile ${JSON.stringify(profile)}`;
  if (peerOf(cell.responder).peer === 'softether') {
    return 'SoftEther logs nothing of a session before its first PPP packet (probed), and kl2tpd has none to send';
  }
  return unsupportedByStrongswan({ ...cell, client: 'strongswan' }, role);
}
