import type { EspAlgorithms, EspEncryption, EspIntegrity } from '../sa.ts';

/** Weakest first. Single DES falls to exhaustive search; MD5 is the weaker hash of the two old ones. */
const encryptions: readonly EspEncryption[] = [
  'null',
  'des-cbc',
  '3des-cbc',
  'aes-cbc-128',
  'aes-cbc-192',
  'aes-cbc-256',
];
const integrities: readonly EspIntegrity[] = ['hmac-md5-96', 'hmac-sha1-96', 'hmac-sha2-256-128'];

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
  return encryptions.indexOf(encryption) * integrities.length + integrities.indexOf(integrity);
}
