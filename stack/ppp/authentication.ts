import { concat, hex, readUint, uint8, uint16 } from '../octets.ts';
import type { PppAuthentication } from './config.ts';
import { PppProtocol } from './frame.ts';
import { LcpOptionType, type Option } from './option.ts';

/** RFC 1994 3: the algorithm octet after the CHAP protocol number; 0x81 is RFC 2759 2. */
const algorithms: Record<PppAuthentication, number> = { 'chap-md5': 5, 'ms-chap-v2': 0x81 };

/** The LCP Authentication-Protocol option that asks the peer for `authentication`. */
export function authenticationOption(authentication: PppAuthentication): Option {
  const data = concat(uint16(PppProtocol.chap), uint8(algorithms[authentication]));
  return { type: LcpOptionType.authenticationProtocol, data };
}

/** What an Authentication-Protocol option asks for; `undefined` for what this stack does not speak (PAP, EAP, MS-CHAPv1). */
export function authenticationOf(option: Option): PppAuthentication | undefined {
  if (option.data.length !== 3 || readUint(option.data, 0, 2) !== PppProtocol.chap) return undefined;
  const algorithm = readUint(option.data, 2, 1);
  if (algorithm === algorithms['chap-md5']) return 'chap-md5';
  return algorithm === algorithms['ms-chap-v2'] ? 'ms-chap-v2' : undefined;
}

/** An Authentication-Protocol option in words. */
export function authenticationText(option: Option): string {
  return authenticationOf(option) ?? `protocol ${hex(option.data) || 'none'}`;
}
