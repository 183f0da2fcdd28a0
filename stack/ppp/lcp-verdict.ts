import { readUint } from '../octets.ts';
import { LcpOptionType, type Option, uint16Option } from './option.ts';

/** RFC 1661 6.1: the MRU of a peer that names none. */
export const defaultMru = 1500;
/** An MRU below this carries no useful IP packet: it is Nak'd, and not taken from a Nak. */
export const smallestMru = 128;

/** Octets of an endpoint's address by its class (RFC 1990 5.1.3): none, local, IP, MAC, magic block, telephone number. */
const addressLengths: readonly (readonly [least: number, most: number])[] = [
  [0, 0],
  [1, 20],
  [4, 4],
  [6, 6],
  [1, 20],
  [1, 15],
];

/**
 * What this stack says to an option of the peer's Configure-Request, authentication apart: it takes it, rejects it,
 * or gives the option to Nak it with. A known option of a wrong length is Nak'd with a right one (RFC 1661 6), except
 * that what has no value can only be rejected (5.3).
 *
 * @param otherMagic a magic number to propose
 */
export function verdictOn(option: Option, otherMagic: () => Uint8Array): 'ack' | 'reject' | Option {
  const { type, data } = option;
  switch (type) {
    case LcpOptionType.maximumReceiveUnit:
      return data.length === 2 && readUint(data, 0, 2) >= smallestMru
        ? 'ack'
        : uint16Option(type, defaultMru);
    case LcpOptionType.asyncControlCharacterMap:
      return data.length === 4 ? 'ack' : { type, data: new Uint8Array(4) };
    case LcpOptionType.magicNumber:
      // RFC 1661 6.4: zero is no magic number.
      return data.length === 4 && data.some((octet) => octet !== 0) ? 'ack' : { type, data: otherMagic() };
    case LcpOptionType.protocolFieldCompression:
    case LcpOptionType.addressAndControlFieldCompression:
      return data.length === 0 ? 'ack' : 'reject';
    case LcpOptionType.endpointDiscriminator:
      // It says who the peer is and asks for nothing: pppd takes it from Windows (the field facts).
      return isEndpoint(data) ? 'ack' : 'reject';
    default:
      // Quality, FCS alternatives, callback, MRRU, short sequence numbers and everything unknown.
      return 'reject';
  }
}

function isEndpoint(data: Uint8Array): boolean {
  const [least, most] = addressLengths[data[0] ?? addressLengths.length] ?? [1, 0];
  return data.length - 1 >= least && data.length - 1 <= most;
}
