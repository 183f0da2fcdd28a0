import { createPrivateKey, createPublicKey, diffieHellman } from 'node:crypto';
import { fromHex, hex, uint8 } from '../octets.ts';
import type { ModpGroup } from './config.ts';
import { derBitString, derInteger, derOctetString, derSequence, dhKeyAgreement } from './der.ts';
import type { DiffieHellmanGroup } from './diffie-hellman-group.ts';

/**
 * The groups of integers modulo a prime: RFC 2409 6.1 and 6.2, RFC 3526 2 to 5. The generator of each is 2.
 * The first number is how many octets a private exponent has: twice the strength of the group or more
 * (RFC 3526 8 estimates that).
 */
export const modpGroups: Readonly<Record<ModpGroup, DiffieHellmanGroup & { readonly prime: Uint8Array }>> = {
  1: modpGroup(
    20,
    fromHex(
      'ffffffffffffffffc90fdaa22168c234c4c6628b80dc1cd129024e088a67cc74' +
        '020bbea63b139b22514a08798e3404ddef9519b3cd3a431b302b0a6df25f1437' +
        '4fe1356d6d51c245e485b576625e7ec6f44c42e9a63a3620ffffffffffffffff',
    ),
  ),
  2: modpGroup(
    20,
    fromHex(
      'ffffffffffffffffc90fdaa22168c234c4c6628b80dc1cd129024e088a67cc74' +
        '020bbea63b139b22514a08798e3404ddef9519b3cd3a431b302b0a6df25f1437' +
        '4fe1356d6d51c245e485b576625e7ec6f44c42e9a637ed6b0bff5cb6f406b7ed' +
        'ee386bfb5a899fa5ae9f24117c4b1fe649286651ece65381ffffffffffffffff',
    ),
  ),
  5: modpGroup(
    24,
    fromHex(
      'ffffffffffffffffc90fdaa22168c234c4c6628b80dc1cd129024e088a67cc74' +
        '020bbea63b139b22514a08798e3404ddef9519b3cd3a431b302b0a6df25f1437' +
        '4fe1356d6d51c245e485b576625e7ec6f44c42e9a637ed6b0bff5cb6f406b7ed' +
        'ee386bfb5a899fa5ae9f24117c4b1fe649286651ece45b3dc2007cb8a163bf05' +
        '98da48361c55d39a69163fa8fd24cf5f83655d23dca3ad961c62f356208552bb' +
        '9ed529077096966d670c354e4abc9804f1746c08ca237327ffffffffffffffff',
    ),
  ),
  14: modpGroup(
    32,
    fromHex(
      'ffffffffffffffffc90fdaa22168c234c4c6628b80dc1cd129024e088a67cc74' +
        '020bbea63b139b22514a08798e3404ddef9519b3cd3a431b302b0a6df25f1437' +
        '4fe1356d6d51c245e485b576625e7ec6f44c42e9a637ed6b0bff5cb6f406b7ed' +
        'ee386bfb5a899fa5ae9f24117c4b1fe649286651ece45b3dc2007cb8a163bf05' +
        '98da48361c55d39a69163fa8fd24cf5f83655d23dca3ad961c62f356208552bb' +
        '9ed529077096966d670c354e4abc9804f1746c08ca18217c32905e462e36ce3b' +
        'e39e772c180e86039b2783a2ec07a28fb5c55df06f4c52c9de2bcbf695581718' +
        '3995497cea956ae515d2261898fa051015728e5a8aacaa68ffffffffffffffff',
    ),
  ),
  15: modpGroup(
    40,
    fromHex(
      'ffffffffffffffffc90fdaa22168c234c4c6628b80dc1cd129024e088a67cc74' +
        '020bbea63b139b22514a08798e3404ddef9519b3cd3a431b302b0a6df25f1437' +
        '4fe1356d6d51c245e485b576625e7ec6f44c42e9a637ed6b0bff5cb6f406b7ed' +
        'ee386bfb5a899fa5ae9f24117c4b1fe649286651ece45b3dc2007cb8a163bf05' +
        '98da48361c55d39a69163fa8fd24cf5f83655d23dca3ad961c62f356208552bb' +
        '9ed529077096966d670c354e4abc9804f1746c08ca18217c32905e462e36ce3b' +
        'e39e772c180e86039b2783a2ec07a28fb5c55df06f4c52c9de2bcbf695581718' +
        '3995497cea956ae515d2261898fa051015728e5a8aaac42dad33170d04507a33' +
        'a85521abdf1cba64ecfb850458dbef0a8aea71575d060c7db3970f85a6e1e4c7' +
        'abf5ae8cdb0933d71e8c94e04a25619dcee3d2261ad2ee6bf12ffa06d98a0864' +
        'd87602733ec86a64521f2b18177b200cbbe117577a615d6c770988c0bad946e2' +
        '08e24fa074e5ab3143db5bfce0fd108e4b82d120a93ad2caffffffffffffffff',
    ),
  ),
  16: modpGroup(
    48,
    fromHex(
      'ffffffffffffffffc90fdaa22168c234c4c6628b80dc1cd129024e088a67cc74' +
        '020bbea63b139b22514a08798e3404ddef9519b3cd3a431b302b0a6df25f1437' +
        '4fe1356d6d51c245e485b576625e7ec6f44c42e9a637ed6b0bff5cb6f406b7ed' +
        'ee386bfb5a899fa5ae9f24117c4b1fe649286651ece45b3dc2007cb8a163bf05' +
        '98da48361c55d39a69163fa8fd24cf5f83655d23dca3ad961c62f356208552bb' +
        '9ed529077096966d670c354e4abc9804f1746c08ca18217c32905e462e36ce3b' +
        'e39e772c180e86039b2783a2ec07a28fb5c55df06f4c52c9de2bcbf695581718' +
        '3995497cea956ae515d2261898fa051015728e5a8aaac42dad33170d04507a33' +
        'a85521abdf1cba64ecfb850458dbef0a8aea71575d060c7db3970f85a6e1e4c7' +
        'abf5ae8cdb0933d71e8c94e04a25619dcee3d2261ad2ee6bf12ffa06d98a0864' +
        'd87602733ec86a64521f2b18177b200cbbe117577a615d6c770988c0bad946e2' +
        '08e24fa074e5ab3143db5bfce0fd108e4b82d120a92108011a723c12a787e6d7' +
        '88719a10bdba5b2699c327186af4e23c1a946834b6150bda2583e9ca2ad44ce8' +
        'dbbbc2db04de8ef92e8efc141fbecaa6287c59474e6bc05d99b2964fa090c3a2' +
        '233ba186515be7ed1f612970cee2d7afb81bdd762170481cd0069127d5b05aa9' +
        '93b4ea988d8fddc186ffb7dc90a6c08f4df435c934063199ffffffffffffffff',
    ),
  ),
};

/**
 * OpenSSL is given keys in DER and not a `createDiffieHellman` object: that tests its prime, which takes 30 ms
 * for group 2 and 3.4 s for group 16, a thousand times the exponentiation itself.
 */
function modpGroup(
  exponentLength: number,
  prime: Uint8Array,
): DiffieHellmanGroup & { readonly prime: Uint8Array } {
  const generator = uint8(2);
  const last = BigInt(`0x${hex(prime)}`) - 1n;
  const algorithm = derSequence(dhKeyAgreement, derSequence(derInteger(prime), derInteger(generator)));
  const sharedSecret = (privateKey: Uint8Array, peerPublicValue: Uint8Array) => {
    const own = derSequence(derInteger(uint8(0)), algorithm, derOctetString(derInteger(privateKey)));
    const peer = derSequence(algorithm, derBitString(derInteger(peerPublicValue)));
    return new Uint8Array(
      diffieHellman({
        privateKey: createPrivateKey({ key: Buffer.from(own), format: 'der', type: 'pkcs8' }),
        publicKey: createPublicKey({ key: Buffer.from(peer), format: 'der', type: 'spki' }),
      }),
    );
  };
  return {
    prime,
    publicValueLength: prime.length,
    generatePrivateKey(random) {
      const privateKey = random(exponentLength).slice();
      // The top bit is set so that every exponent has its full length.
      privateKey[0] = (privateKey[0] ?? 0) | 0x80;
      return privateKey;
    },
    publicValue: (privateKey) => sharedSecret(privateKey, generator),
    flaw(publicValue) {
      if (publicValue.length > prime.length) {
        return `${publicValue.length} octets where the prime has ${prime.length}`;
      }
      const value = BigInt(`0x0${hex(publicValue)}`);
      // As p = 2q + 1 with a prime q, no value between these has a small order.
      return value > 1n && value < last ? undefined : 'the value is not between 1 and p - 1';
    },
    sharedSecret,
  };
}
