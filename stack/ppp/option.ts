import { type Decoded, decoded, malformed } from '../decode.ts';
import { equalOctets, uint16 } from '../octets.ts';

/** One configuration option (RFC 1661 6). */
export interface Option {
  readonly type: number;
  readonly data: Uint8Array;
}

/** RFC 1661 6; ACCM is RFC 1662 7.1, callback RFC 1570 2.3, the last three RFC 1990 5.1. */
export const LcpOptionType = {
  maximumReceiveUnit: 1,
  asyncControlCharacterMap: 2,
  authenticationProtocol: 3,
  magicNumber: 5,
  protocolFieldCompression: 7,
  addressAndControlFieldCompression: 8,
  callback: 13,
  multilinkMrru: 17,
  shortSequenceNumbers: 18,
  endpointDiscriminator: 19,
} as const;

/** RFC 1332 3, RFC 1877 1; NBNS is what Windows calls WINS. */
export const IpcpOptionType = {
  ipAddress: 3,
  primaryDns: 129,
  primaryNbns: 130,
  secondaryDns: 131,
  secondaryNbns: 132,
} as const;

/** RFC 5072 4.1. */
export const Ipv6cpOptionType = { interfaceIdentifier: 1 } as const;

/** RFC 3078 2. */
export const CcpOptionType = { mppc: 18 } as const;

export function decodeOptions(bytes: Uint8Array): Decoded<Option[]> {
  const options: Option[] = [];
  for (let offset = 0; offset < bytes.length; ) {
    const field = `Option[${options.length}]`;
    const type = bytes[offset];
    const length = bytes[offset + 1];
    if (type === undefined || length === undefined) {
      return malformed('truncated', field, offset, 'one octet of two');
    }
    if (length < 2 || offset + length > bytes.length) {
      const left = bytes.length - offset;
      return malformed('bad-length', `${field}.Length`, offset + 1, `${length} with ${left} octets left`);
    }
    options.push({ type, data: bytes.subarray(offset + 2, offset + length) });
    offset += length;
  }
  return decoded(options);
}

export function encodeOptions(options: readonly Option[]): Uint8Array {
  return Uint8Array.from(options.flatMap(({ type, data }) => [type, data.length + 2, ...data]));
}

export function sameOption(a: Option, b: Option): boolean {
  return a.type === b.type && equalOctets(a.data, b.data);
}

export function uint16Option(type: number, value: number): Option {
  return { type, data: uint16(value) };
}

/** An option without data: its presence is what it says. */
export function flagOption(type: number): Option {
  return { type, data: new Uint8Array() };
}
