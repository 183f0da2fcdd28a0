import type { LabNode } from '../../fabric/fabric.ts';
import { LinuxPeer } from '../linux/linux-peer.ts';
import type { Peer, PeerContext, PeerDriver } from '../peer.ts';
import { charon } from '../strongswan/driver.ts';
import { unsupported } from './capabilities.ts';
import { kl2tpd } from './kl2tpd.ts';

/** go-l2tp's kl2tpd over IPsec by strongSwan 6.0.1: the control channel of L2TP, as a client alone. */
export const goL2tpDriver: PeerDriver = {
  name: 'go-l2tp',
  roles: ['client'],
  image: 'go-l2tp@trixie',
  unsupported,
  start: (node: LabNode, context: PeerContext): Promise<Peer> =>
    LinuxPeer.start({ ...charon, peer: 'go-l2tp', package: 'go-l2tp' }, node, context, kl2tpd),
};
