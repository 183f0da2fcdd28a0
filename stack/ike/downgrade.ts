import type { EspAlgorithms, EspEncryption, EspIntegrity } from '../sa.ts';
import type { Phase1Transform } from './config.ts';

/** Higher is stronger. Single DES falls to exhaustive search; of AES the length of the key counts and the mode does not. */
const encryptions: Readonly<Record<EspEncryption, number>> = {
  null: 0,
  'des-cbc': 1,
  '3des-cbc': 2,
  'aes-cbc-128': 3,
  'aes-ctr-128': 3,
  'aes-gcm-16-128': 3,
  'aes-cbc-192': 4,
  'aes-ctr-192': 4,
  'aes-gcm-16-192': 4,
  'aes-cbc-256': 5,
  'aes-ctr-256': 5,
  'aes-gcm-16-256': 5,
};

/** Higher is stronger. MD5 is the weaker hash of the two old ones; `none` stands for the ICV of AES-GCM. */
const integrities: Readonly<Record<EspIntegrity, number>> = {
  'hmac-md5-96': 0,
  'hmac-sha1-96': 1,
  'hmac-sha2-256-96': 2,
  'hmac-sha2-256-128': 3,
  none: 3,
  'hmac-sha2-384-192': 4,
  'hmac-sha2-512-256': 5,
};

/**
 * The strongest of the common algorithms, where it is stronger than the chosen ones: the cipher decides, the
 * hash only between equal ciphers. "You should propose the strongest encryption first" (the AlliedWare How-To):
 * whose order rules may choose the weaker one all the same, and the operator should know.
 */
export function passedOver(
  chosen: EspAlgorithms,
  common: readonly EspAlgorithms[],
): EspAlgorithms | undefined {
  const strongest = common.reduce((best, each) => (strength(each) > strength(best) ? each : best), chosen);
  return strength(strongest) > strength(chosen) ? strongest : undefined;
}

function strength({ encryption, integrity }: EspAlgorithms): number {
  return encryptions[encryption] * Object.keys(integrities).length + integrities[integrity];
}

/**
 * The common transform of phase 1 with the strongest cipher, where the chosen one's is weaker. Of equal ciphers
 * nothing is said: no order of groups and hashes is everybody's.
 */
export function passedOverInPhase1(
  chosen: Phase1Transform,
  common: readonly Phase1Transform[],
): Phase1Transform | undefined {
  const cipher = ({ encryption }: Phase1Transform) => encryptions[encryption];
  const strongest = common.reduce((best, each) => (cipher(each) > cipher(best) ? each : best), chosen);
  return cipher(strongest) > cipher(chosen) ? strongest : undefined;
}
