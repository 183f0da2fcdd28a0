/**
 * Whose tunnel stays where both ends asked for one at the same time (RFC 2661 4.4.3): the lower value
 * wins, a value wins over none, equal ones lose both. Without any there are two tunnels.
 */
export function stayingTunnel(
  own: Uint8Array | undefined,
  peers: Uint8Array | undefined,
): 'own' | 'peers' | 'none' | 'both' {
  if (own === undefined) return peers === undefined ? 'both' : 'peers';
  if (peers === undefined) return 'own';
  const difference = Buffer.compare(own, peers);
  if (difference === 0) return 'none';
  return difference < 0 ? 'own' : 'peers';
}
