import { seededRandom } from '../../../../stack/host/random.ts';
import type { Group } from '../../../../stack/ike/config.ts';
import {
  type DiffieHellman,
  generateKeyPair,
  type KeyPair,
  sharedSecret,
} from '../../../../stack/ike/diffie-hellman.ts';
import { hex } from '../../../../stack/octets.ts';

/** More than the ends of a topology have, and few enough for any memory. */
const mostRemembered = 4096;

/**
 * Diffie-Hellman for an end of very many connections that are not about Diffie-Hellman: its first key pair of a group
 * is the same in all of them, its second too, and nothing is computed twice. What it gives depends on its parameters
 * alone, so that a cell played by itself is the same as in a run of thousands.
 *
 * @param seed of the run
 * @param end tells the ends of a connection apart: no two of them have a key pair in common
 */
export function sharedKeyPairs(seed: string, end: string): DiffieHellman {
  const drawn = new Map<Group, number>();
  return {
    generateKeyPair(group) {
      const number = (drawn.get(group) ?? 0) + 1;
      drawn.set(group, number);
      const source = `${seed}/${end}/group-${group}/${number}`;
      return remembered(pairs, source, () => generateKeyPair(group, seededRandom(source)));
    },
    sharedSecret: (group, privateKey, peerPublicValue) =>
      remembered(secrets, `${group} ${hex(privateKey)} ${hex(peerPublicValue)}`, () =>
        sharedSecret(group, privateKey, peerPublicValue),
      ),
  };
}

const pairs = new Map<string, KeyPair>();
const secrets = new Map<string, Uint8Array | string>();

function remembered<Value>(known: Map<string, Value>, key: string, make: () => Value): Value {
  const value = known.get(key) ?? make();
  if (known.size >= mostRemembered) known.clear();
  known.set(key, value);
  return value;
}
