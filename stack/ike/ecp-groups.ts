import { createECDH } from 'node:crypto';
import { concat, fromHex, hex, uint8 } from '../octets.ts';
import type { EcpGroup } from './config.ts';
import type { DiffieHellmanGroup } from './diffie-hellman-group.ts';

/** What a point begins with when both of its coordinates follow (SEC 1 2.3.3); a KE payload leaves it out. */
const uncompressed = uint8(4);

/** The 256-bit and the 384-bit random ECP group (RFC 5903 3.1, 3.2), and the order n of each. */
export const ecpGroups: Readonly<Record<EcpGroup, DiffieHellmanGroup>> = {
  19: ecpGroup('prime256v1', 32, 'ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551'),
  20: ecpGroup(
    'secp384r1',
    48,
    'ffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973',
  ),
};

function ecpGroup(curve: string, coordinateLength: number, order: string): DiffieHellmanGroup {
  const n = BigInt(`0x${order}`);
  const keyed = (privateKey: Uint8Array) => {
    const ecdh = createECDH(curve);
    ecdh.setPrivateKey(privateKey);
    return ecdh;
  };
  return {
    publicValueLength: 2 * coordinateLength,
    generatePrivateKey(random) {
      // 1 to n - 1, of 64 bits more than n has, so that none is likelier (FIPS 186-5 A.2.1).
      const drawn = BigInt(`0x${hex(random(coordinateLength + 8))}`);
      return fromHex(((drawn % (n - 1n)) + 1n).toString(16).padStart(2 * coordinateLength, '0'));
    },
    publicValue(privateKey) {
      return new Uint8Array(keyed(privateKey).getPublicKey().subarray(uncompressed.length));
    },
    flaw(publicValue) {
      if (publicValue.length !== 2 * coordinateLength) {
        return `${publicValue.length} octets where x and y have ${2 * coordinateLength}`;
      }
      return isOnCurve(curve, publicValue) ? undefined : 'the point is not on the curve';
    },
    sharedSecret(privateKey, peerPublicValue) {
      return new Uint8Array(keyed(privateKey).computeSecret(concat(uncompressed, peerPublicValue)));
    },
  };
}

/** OpenSSL refuses a point beyond the field or off its curve when it reads one, whatever the private key. */
function isOnCurve(curve: string, publicValue: Uint8Array): boolean {
  const ecdh = createECDH(curve);
  ecdh.setPrivateKey(uint8(1));
  try {
    ecdh.computeSecret(concat(uncompressed, publicValue));
    return true;
  } catch {
    return false;
  }
}
