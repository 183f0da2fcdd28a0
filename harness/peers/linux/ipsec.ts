import { blockClearL2tp } from './clear-l2tp.ts';

/**
 * Modules for ESP, L2TP and PPP, loaded before the first connection needs them. The simplest source of random
 * numbers comes first: another would test its entropy for a second.
 */
const modules = 'ansi_cprng xfrm_user esp4 l2tp_ppp des_generic authenc cbc hmac echainiv';

const key = (octets: number) =>
  `0x${Buffer.from(Array.from({ length: octets }, (_, at) => at + 1)).toString('hex')}`;
const trialSa = 'src 127.1.1.1 dst 127.1.1.2 proto esp spi 0x1001';

/** Makes an SA of 3DES and SHA-1 that protects nothing. */
export const addTrialSa = `ip xfrm state add ${trialSa} mode transport \\
  auth 'hmac(sha1)' ${key(20)} enc 'cbc(des3_ede)' ${key(24)}`;
export const removeTrialSa = `ip xfrm state delete ${trialSa}`;

/** Run once in a fresh kernel. Its first SA costs a third of a second, so a first one is made and removed. */
export function prepareIpsec(): string {
  return `modprobe -a ${modules}
${addTrialSa}
if grep -q 'selftest *: unknown' /proc/crypto; then echo "its crypto was never tested" >&2; exit 1; fi
${emptyIpsec()}`;
}

/** Leaves no SA and no policy but the block of L2TP in clear. */
export function emptyIpsec(): string {
  return `ip xfrm state flush
ip xfrm policy flush
${blockClearL2tp()}`;
}
