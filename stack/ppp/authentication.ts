import { concat, hex, readUint, uint8, uint16 } from '../octets.ts';
import type { PppAuthentication } from './config.ts';
import { PppProtocol } from './frame.ts';
import { LcpOptionType, type Option } from './option.ts';

/** All but PAP are algorithms of one protocol. */
export type ChapAuthentication = Exclude<PppAuthentication, 'pap'>;

/** RFC 1994 3: the algorithm octet after the CHAP protocol number; 0x80 is RFC 2433 2, 0x81 is RFC 2759 2. */
const algorithms: Record<ChapAuthentication, number> = {
  'chap-md5': 5,
  'ms-chap-v1': 0x80,
  'ms-chap-v2': 0x81,
};

/** The LCP Authentication-Protocol option that asks the peer for `authentication` (RFC 1661 6.2). */
export function authenticationOption(authentication: PppAuthentication): Option {
  const data =
    authentication === 'pap'
      ? uint16(PppProtocol.pap)
      : concat(uint16(PppProtocol.chap), uint8(algorithms[authentication]));
  return { type: LcpOptionType.authenticationProtocol, data };
}

/** What an Authentication-Protocol option asks for; `undefined` for what this stack does not speak (EAP, SPAP). */
export function authenticationOf(option: Option): PppAuthentication | undefined {
  const { data } = option;
  if (data.length === 2 && readUint(data, 0, 2) === PppProtocol.pap) return 'pap';
  if (data.length !== 3 || readUint(data, 0, 2) !== PppProtocol.chap) return undefined;
  const named = Object.entries(algorithms).find(([, number]) => number === data[2]);
  return named?.[0] as ChapAuthentication | undefined;
}

/** An Authentication-Protocol option in words. */
export function authenticationText(option: Option): string {
  return authenticationOf(option) ?? `protocol ${hex(option.data) || 'none'}`;
}
