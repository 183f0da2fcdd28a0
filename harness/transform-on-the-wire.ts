/**
 * A transform of phase 2 as its peer is told of it: nobody can tell there how HMAC-SHA2-256 is cut, to 128 bits (RFC
 * 4868 2.6) or to 96 as in the drafts before it.
 */
export function onTheWire(transform: string): string {
  return transform.replace('sha256_96', 'sha256');
}
