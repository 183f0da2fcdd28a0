import type { Group, Phase1Transform } from '../../../stack/ike/config.ts';
import type { EspAlgorithms } from '../../../stack/sa.ts';

/** `3des-sha1-modp1024`, `aes128-sha256-modp2048`: the text form of expectations and records. */
export function phase1Text(transform: Phase1Transform): string {
  return `${encryptionText(transform.encryption)}-${hashText(transform.hash)}-${groupText[transform.group]}`;
}

/** `3des-sha1`, `aes256-sha1`, `aes128gcm16`, `aes128ctr-sha256_96-esn`: strongSwan's spelling. */
export function phase2Text({ encryption, integrity, extendedSequenceNumbers }: EspAlgorithms): string {
  const hash = integrity === 'none' ? [] : [hashText(integrity)];
  return [encryptionText(encryption), ...hash, ...(extendedSequenceNumbers ? ['esn'] : [])].join('-');
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
  return encryption
    .replace(/^aes-cbc-(\d+)$/, 'aes$1')
    .replace(/^aes-ctr-(\d+)$/, 'aes$1ctr')
    .replace(/^aes-gcm-16-(\d+)$/, 'aes$1gcm16')
    .replace(/-cbc$/, '');
}

function hashText(hash: string): string {
  return hash
    .replace(/^hmac-sha2-256-96$/, 'sha256_96')
    .replace(/^hmac-(.+)-\d+$/, '$1')
    .replace(/^sha2-(\d+)$/, 'sha$1');
}
