import { concat, fromHex, uint8, uint32 } from '../octets.ts';
import { authenticationOption } from './authentication.ts';
import type { LcpWish, PppAuthentication, PppConfig } from './config.ts';
import { flagOption, LcpOptionType, type Option, uint16Option } from './option.ts';

/** What a role asks for unless its configuration lists the options: a client as Windows XP without its callback. */
const usual: Record<PppConfig['role'], readonly LcpWish[]> = {
  client: [
    { option: 'mru' },
    { option: 'magic-number' },
    { option: 'protocol-field-compression' },
    { option: 'address-and-control-field-compression' },
  ],
  server: [{ option: 'mru' }, { option: 'authentication' }, { option: 'magic-number' }],
};

/** The options to ask for. A server's demand for authentication is among them, whatever its configuration lists. */
export function wishesOf({ role, lcpOptions }: PppConfig): readonly LcpWish[] {
  if (lcpOptions === undefined) return usual[role];
  const demands = lcpOptions.some(({ option }) => option === 'authentication');
  return demands || role === 'client' ? lcpOptions : [...lcpOptions, { option: 'authentication' }];
}

/** What changes during the negotiation. */
export interface WishValues {
  readonly mru: number;
  readonly magicNumber: Uint8Array;
  readonly authentication: PppAuthentication | undefined;
  readonly characterMap: number | undefined;
}

/** A wish as an option; `undefined` where nothing is to be asked for. */
export function optionFor(wish: LcpWish, values: WishValues): Option | undefined {
  switch (wish.option) {
    case 'mru':
      return uint16Option(LcpOptionType.maximumReceiveUnit, values.mru);
    case 'authentication':
      return values.authentication && authenticationOption(values.authentication);
    case 'magic-number':
      return { type: LcpOptionType.magicNumber, data: values.magicNumber };
    case 'protocol-field-compression':
      return flagOption(LcpOptionType.protocolFieldCompression);
    case 'address-and-control-field-compression':
      return flagOption(LcpOptionType.addressAndControlFieldCompression);
    case 'short-sequence-numbers':
      return flagOption(LcpOptionType.shortSequenceNumbers);
    case 'async-control-character-map': {
      const data = uint32(values.characterMap ?? wish.map);
      return { type: LcpOptionType.asyncControlCharacterMap, data };
    }
    case 'callback':
      return { type: LcpOptionType.callback, data: uint8(wish.operation) };
    case 'mrru':
      return uint16Option(LcpOptionType.multilinkMrru, wish.octets);
    case 'endpoint-discriminator': {
      const data = concat(uint8(wish.class), fromHex(wish.address));
      return { type: LcpOptionType.endpointDiscriminator, data };
    }
    case 'other':
      return { type: wish.type, data: fromHex(wish.data) };
  }
}
