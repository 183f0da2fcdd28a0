import type { Group, Phase1Transform } from '../../../stack/ike/config.ts';
import type { EspAlgorithms } from '../../../stack/sa.ts';

/** `3des-sha1-modp1024`, `aes128-sha256-modp2048`: the text form of expectations and records. */
export function phase1Text(transform: Phase1Transform): string {
  return `${encryptionText(transform.encryption)}-${hashText(transform.hash)}-${groupText[transform.group]}`;
}

/** `3des-sha1`, `des-md5`, `aes256-sha1`. */
export function phase2Text(algorithms: EspAlgorithms): string {
  return `${encryptionText(algorithms.encryption)}-${hashText(algorithms.integrity)}`;
}

const groupText: Record<Group, string> = {
  1: 'modp768',
  2: 'modp1024',
  5: 'modp1536',
  14: 'modp2048',
  15: 'modp3072',
  16: 'modp4096',
  19: 'ecp256',
  20: 'ecp384',
};

function encryptionText(encryption: string): string {
  return encryption.replace(/^aes-cbc-(\d+)$/, 'aes$1').replace(/-cbc$/, '');
}

function hashText(hash: string): string {
  return hash
    .replace(/^hmac-/, '')
    .replace(/-(96|128)$/, '')
    .replace(/^sha2-(\d+)$/, 'sha$1');
}
