import {
  type Cipheriv,
  createCipheriv,
  createDecipheriv,
  createHmac,
  createSecretKey,
  type Decipheriv,
  timingSafeEqual,
} from 'node:crypto';
import { opensslCipher } from '../cbc.ts';
import { uint32 } from '../octets.ts';
import type { CounterCipher, EspEncryption, EspIntegrity, SaParameters } from '../sa.ts';
import { encryptionShapes, integrityShapes, isCombined } from './algorithms.ts';
import type { EspCrypto } from './crypto.ts';
import { createNodeGcm } from './node-gcm.ts';

const hashNames: Readonly<Record<Exclude<EspIntegrity, 'none'>, string>> = {
  'hmac-md5-96': 'md5',
  'hmac-sha1-96': 'sha1',
  'hmac-sha2-256-96': 'sha256',
  'hmac-sha2-256-128': 'sha256',
  'hmac-sha2-384-192': 'sha384',
  'hmac-sha2-512-256': 'sha512',
};

/** ESP's ciphers and MACs by node:crypto, one HMAC object for each packet: simple, not fast. */
export function createNodeCrypto(parameters: SaParameters): EspCrypto {
  const { encryption, integrity } = parameters.algorithms;
  if (isCombined(encryption)) return createNodeGcm(encryption, parameters);
  if (integrity === 'none') throw new RangeError(`${encryption} without integrity is not done`);
  const cipher = createNodeCipher(encryption, parameters.encryptionKey);
  const cipherAt = 8 + encryptionShapes[encryption].ivLength;
  const { icvLength } = integrityShapes[integrity];
  const hashName = hashNames[integrity];
  const integrityKey = createSecretKey(parameters.integrityKey);
  const extended = parameters.algorithms.extendedSequenceNumbers === true;

  function mac(pool: Uint8Array, offset: number, length: number, sequenceHigh: number): Uint8Array {
    const hmac = createHmac(hashName, integrityKey).update(pool.subarray(offset, offset + length));
    if (extended) hmac.update(uint32(sequenceHigh));
    return hmac.digest().subarray(0, icvLength);
  }

  return {
    seal(pool, offset, length, sequenceHigh) {
      cipher?.encrypt(pool, offset + 8, offset + cipherAt, length - cipherAt);
      pool.set(mac(pool, offset, length, sequenceHigh), offset + length);
    },
    open(pool, offset, length, sequenceHigh) {
      const claimed = pool.subarray(offset + length, offset + length + icvLength);
      if (!timingSafeEqual(mac(pool, offset, length, sequenceHigh), claimed)) return false;
      cipher?.decrypt(pool, offset + 8, offset + cipherAt, length - cipherAt);
      return true;
    },
  };
}

/** Both work in place on `length` octets at `offset`, with the packet's IV at `ivOffset`. */
interface NodeCipher {
  encrypt(pool: Uint8Array, ivOffset: number, offset: number, length: number): void;
  decrypt(pool: Uint8Array, ivOffset: number, offset: number, length: number): void;
}

type PlainCipher = Exclude<EspEncryption, `aes-gcm-${string}`>;

/** `undefined` for NULL, which leaves everything as it is (RFC 2410 2). */
function createNodeCipher(encryption: PlainCipher, key: Uint8Array): NodeCipher | undefined {
  if (encryption === 'null') return undefined;
  return isCounter(encryption) ? counterMode(encryption, key) : chainedBlocks(encryption, key);
}

/**
 * CBC with one OpenSSL cipher for all packets of a direction, since to make one takes as long as to use it. It chains
 * on from packet to packet: into a first block it XORs the last block of ciphertext of the packet before. That is
 * XORed there once more, and so gone, together with the IV of the packet's own.
 */
function chainedBlocks(
  encryption: Exclude<PlainCipher, 'null' | CounterCipher>,
  key: Uint8Array,
): NodeCipher {
  const { blockLength } = encryptionShapes[encryption];
  const openssl = opensslCipher(encryption, key);
  const secret = createSecretKey(openssl.key);
  const lastSealed = new Uint8Array(blockLength);
  const lastOpened = new Uint8Array(blockLength);
  let cipher: Cipheriv | undefined;
  let decipher: Decipheriv | undefined;
  const rechain = (last: Uint8Array, pool: Uint8Array, ivOffset: number, offset: number) => {
    for (let index = 0; index < blockLength; index++) {
      pool[offset + index] = (pool[offset + index] ?? 0) ^ (last[index] ?? 0) ^ (pool[ivOffset + index] ?? 0);
    }
  };
  return {
    encrypt(pool, ivOffset, offset, length) {
      cipher ??= createCipheriv(openssl.name, secret, lastSealed).setAutoPadding(false);
      rechain(lastSealed, pool, ivOffset, offset);
      const sealed = cipher.update(pool.subarray(offset, offset + length));
      pool.set(sealed, offset);
      lastSealed.set(sealed.subarray(length - blockLength));
    },
    decrypt(pool, ivOffset, offset, length) {
      decipher ??= createDecipheriv(openssl.name, secret, lastOpened).setAutoPadding(false);
      const sealed = pool.subarray(offset, offset + length);
      const next = sealed.slice(length - blockLength);
      pool.set(decipher.update(sealed), offset);
      rechain(lastOpened, pool, ivOffset, offset);
      lastOpened.set(next);
    },
  };
}

/** The first counter block is nonce, IV, and a block counter that begins with one (RFC 3686 4). */
function counterMode(encryption: CounterCipher, key: Uint8Array): NodeCipher {
  const { keyLength, saltLength, ivLength } = encryptionShapes[encryption];
  const aesKey = key.subarray(0, keyLength - saltLength);
  const name = `aes-${aesKey.length * 8}-ctr`;
  const secret = createSecretKey(aesKey);
  const block = new Uint8Array(16);
  block.set(key.subarray(aesKey.length));
  block[15] = 1;
  // A key stream goes over the octets either way.
  const cross: NodeCipher['encrypt'] = (pool, ivOffset, offset, length) => {
    block.set(pool.subarray(ivOffset, ivOffset + ivLength), saltLength);
    const cipher = createCipheriv(name, secret, block);
    pool.set(cipher.update(pool.subarray(offset, offset + length)), offset);
  };
  return { encrypt: cross, decrypt: cross };
}

function isCounter(encryption: PlainCipher): encryption is CounterCipher {
  return encryption.startsWith('aes-ctr-');
}
