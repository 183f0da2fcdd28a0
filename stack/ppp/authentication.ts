import type { PppAuthentication } from './config.ts';
import { protocol } from './frame.ts';
import { lcpOption, type Option } from './option.ts';

/** RFC 1994 3: the algorithm octet after the CHAP protocol number; 0x81 is RFC 2759 2. */
const algorithms: Record<PppAuthentication, number> = { 'chap-md5': 5, 'ms-chap-v2': 0x81 };

/** The LCP Authentication-Protocol option that asks the peer for `authentication`. */
export function authenticationOption(authentication: PppAuthentication): Option {
  const data = Uint8Array.of(protocol.chap >> 8, protocol.chap & 0xff, algorithms[authentication]);
  return { type: lcpOption.authenticationProtocol, data };
}

/** What an Authentication-Protocol option asks for; `undefined` for what this stack does not speak (PAP, EAP, MS-CHAPv1). */
export function authenticationOf(option: Option): PppAuthentication | undefined {
  const [high = 0, low = 0, algorithm] = option.data;
  if (option.data.length !== 3 || high * 256 + low !== protocol.chap) return undefined;
  if (algorithm === algorithms['chap-md5']) return 'chap-md5';
  return algorithm === algorithms['ms-chap-v2'] ? 'ms-chap-v2' : undefined;
}

/** An Authentication-Protocol option in words. */
export function authenticationText(option: Option): string {
  return authenticationOf(option) ?? `protocol ${Buffer.from(option.data).toString('hex') || 'none'}`;
}
