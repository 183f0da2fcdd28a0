import { fromHex } from '../octets.ts';
import type { Phase1Transform } from './config.ts';

export type GroupNumber = Phase1Transform['group'];

/** A group of integers modulo a prime, with generator 2. */
export interface ModpGroup {
  readonly prime: Uint8Array;
  readonly generator: number;
  /** Octets of a private exponent: at least twice the group's strength (RFC 3526 8 estimates that). */
  readonly exponentLength: number;
}

/** First Oakley group (RFC 2409 6.1), second (6.2) and the 2048-bit group (RFC 3526 3). */
export const modpGroups: Readonly<Record<GroupNumber, ModpGroup>> = {
  1: {
    prime: fromHex(
      'ffffffffffffffffc90fdaa22168c234c4c6628b80dc1cd129024e088a67cc74' +
        '020bbea63b139b22514a08798e3404ddef9519b3cd3a431b302b0a6df25f1437' +
        '4fe1356d6d51c245e485b576625e7ec6f44c42e9a63a3620ffffffffffffffff',
    ),
    generator: 2,
    exponentLength: 20,
  },
  2: {
    prime: fromHex(
      'ffffffffffffffffc90fdaa22168c234c4c6628b80dc1cd129024e088a67cc74' +
        '020bbea63b139b22514a08798e3404ddef9519b3cd3a431b302b0a6df25f1437' +
        '4fe1356d6d51c245e485b576625e7ec6f44c42e9a637ed6b0bff5cb6f406b7ed' +
        'ee386bfb5a899fa5ae9f24117c4b1fe649286651ece65381ffffffffffffffff',
    ),
    generator: 2,
    exponentLength: 20,
  },
  14: {
    prime: fromHex(
      'ffffffffffffffffc90fdaa22168c234c4c6628b80dc1cd129024e088a67cc74' +
        '020bbea63b139b22514a08798e3404ddef9519b3cd3a431b302b0a6df25f1437' +
        '4fe1356d6d51c245e485b576625e7ec6f44c42e9a637ed6b0bff5cb6f406b7ed' +
        'ee386bfb5a899fa5ae9f24117c4b1fe649286651ece45b3dc2007cb8a163bf05' +
        '98da48361c55d39a69163fa8fd24cf5f83655d23dca3ad961c62f356208552bb' +
        '9ed529077096966d670c354e4abc9804f1746c08ca18217c32905e462e36ce3b' +
        'e39e772c180e86039b2783a2ec07a28fb5c55df06f4c52c9de2bcbf695581718' +
        '3995497cea956ae515d2261898fa051015728e5a8aacaa68ffffffffffffffff',
    ),
    generator: 2,
    exponentLength: 32,
  },
};
