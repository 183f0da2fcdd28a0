/** A nonce has 8 to 256 octets in either phase (RFC 2409 5). */
export function isNonceLength(length: number): boolean {
  return length >= 8 && length <= 256;
}
