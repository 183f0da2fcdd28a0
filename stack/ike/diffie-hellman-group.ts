import type { RandomSource } from '../engine.ts';

/** One Diffie-Hellman group as IKE uses it: public values as KE payloads carry them, secrets as SKEYID and KEYMAT take them. */
export interface DiffieHellmanGroup {
  /** Octets of a public value. */
  readonly publicValueLength: number;
  generatePrivateKey(random: RandomSource): Uint8Array;
  publicValue(privateKey: Uint8Array): Uint8Array;
  /** What is wrong with a peer's public value; `undefined` for one that `sharedSecret` can work with. */
  flaw(publicValue: Uint8Array): string | undefined;
  sharedSecret(privateKey: Uint8Array, peerPublicValue: Uint8Array): Uint8Array;
}
