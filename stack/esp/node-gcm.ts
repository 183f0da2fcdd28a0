import { createCipheriv, createDecipheriv, createSecretKey } from 'node:crypto';
import type { CombinedCipher, SaParameters } from '../sa.ts';
import { encryptionShapes, integrityShapes } from './algorithms.ts';
import type { EspCrypto } from './crypto.ts';

const headerLength = 8;
const saltLength = 4;

/**
 * AES-GCM with an ICV of 16 octets (RFC 4106): the nonce is salt and IV (4), the additional data is the ESP
 * header, with the whole sequence number in it where that is extended (5). Encryption and ICV are one pass.
 */
export function createNodeGcm(encryption: CombinedCipher, parameters: SaParameters): EspCrypto {
  const { keyLength, ivLength } = encryptionShapes[encryption];
  const authTagLength = integrityShapes.none.icvLength;
  const aesKey = createSecretKey(parameters.encryptionKey.subarray(0, keyLength - saltLength));
  const name = `aes-${(keyLength - saltLength) * 8}-gcm` as 'aes-128-gcm';
  const nonce = new Uint8Array(saltLength + ivLength);
  nonce.set(parameters.encryptionKey.subarray(keyLength - saltLength));
  const extended = parameters.algorithms.extendedSequenceNumbers === true;
  const whole = new Uint8Array(headerLength + 4);
  const wholeView = new DataView(whole.buffer);

  function nonceOf(pool: Uint8Array, offset: number): Uint8Array {
    nonce.set(pool.subarray(offset + headerLength, offset + headerLength + ivLength), saltLength);
    return nonce;
  }

  /** SPI and sequence number: of 32 bits as the header has them, of 64 with the upper half between them. */
  function additionalData(pool: Uint8Array, offset: number, sequenceHigh: number): Uint8Array {
    const header = pool.subarray(offset, offset + headerLength);
    if (!extended) return header;
    whole.set(header.subarray(0, 4));
    wholeView.setUint32(4, sequenceHigh);
    whole.set(header.subarray(4), 8);
    return whole;
  }

  return {
    seal(pool, offset, length, sequenceHigh) {
      const cipher = createCipheriv(name, aesKey, nonceOf(pool, offset), { authTagLength });
      cipher.setAAD(additionalData(pool, offset, sequenceHigh));
      const from = offset + headerLength + ivLength;
      pool.set(cipher.update(pool.subarray(from, offset + length)), from);
      cipher.final();
      pool.set(cipher.getAuthTag(), offset + length);
    },
    open(pool, offset, length, sequenceHigh) {
      const decipher = createDecipheriv(name, aesKey, nonceOf(pool, offset), { authTagLength });
      decipher.setAAD(additionalData(pool, offset, sequenceHigh));
      decipher.setAuthTag(pool.subarray(offset + length, offset + length + authTagLength));
      const from = offset + headerLength + ivLength;
      const clear = decipher.update(pool.subarray(from, offset + length));
      if (!holds(decipher)) return false;
      pool.set(clear, from);
      return true;
    },
  };
}

/** `final` throws where the ICV does not hold, and says nothing more. */
function holds(decipher: { final(): unknown }): boolean {
  try {
    decipher.final();
    return true;
  } catch {
    return false;
  }
}
