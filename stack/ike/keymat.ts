import { espKeyLengths } from '../esp/algorithms.ts';
import { ProtocolId } from '../isakmp/ipsec-doi.ts';
import { concat, uint8, uint32 } from '../octets.ts';
import type { EspAlgorithms, SaParameters } from '../sa.ts';
import type { Phase1Keys } from './phase1-keys.ts';
import { chained, prf } from './prf.ts';

/**
 * KEYMAT = prf(SKEYID_d, [g(qm)^xy |] protocol | SPI | Ni_b | Nr_b), chained until long enough (RFC 2409 5.5).
 * @param sharedSecret g(qm)^xy of quick mode, empty without PFS
 */
export function keymat(
  keys: Phase1Keys,
  spi: number,
  initiatorNonce: Uint8Array,
  responderNonce: Uint8Array,
  length: number,
  sharedSecret: Uint8Array = new Uint8Array(),
): Uint8Array {
  const seed = concat(sharedSecret, uint8(ProtocolId.esp), uint32(spi), initiatorNonce, responderNonce);
  const next = (previous: Uint8Array) => prf(keys.hash, keys.derivation, previous, seed);
  return chained(new Uint8Array(), next, length);
}

/** One direction of an ESP SA; its SPI was chosen by the side that receives. `sharedSecret` as in `keymat`. */
export function espSa(
  keys: Phase1Keys,
  spi: number,
  algorithms: EspAlgorithms,
  initiatorNonce: Uint8Array,
  responderNonce: Uint8Array,
  sharedSecret?: Uint8Array,
): SaParameters {
  const { encryption, integrity } = espKeyLengths(algorithms);
  const material = keymat(keys, spi, initiatorNonce, responderNonce, encryption + integrity, sharedSecret);
  return {
    spi,
    algorithms,
    encryptionKey: material.slice(0, encryption),
    integrityKey: material.slice(encryption),
  };
}
