import { ExchangeType } from '../isakmp/exchange-type.ts';
import { chosen, wholeNumber } from './define.ts';
import type { Impairment } from './impairment.ts';

/** Main mode 5 and 6 are the messages that certificates make large (RFC 2409 5.1); a vendor id of that many octets does, too. */
export const oversized: readonly Impairment[] = [
  {
    name: 'oversized',
    parameters: [wholeNumber('octets', 1500, 8000, 2000)],
    reason:
      'A message 5 or 6 that is larger than any Ethernet carries, as certificates make it: IP cuts it, and many a NAT drops the parts.',
    playedBy: () => ['client', 'responder'],
    reaction: () => ({
      kind: 'ignores',
      words: 'passes over a vendor id that it does not know (RFC 2408 3.16), and connects',
    }),
    examples: ['oversized', 'oversized:6000'],
    begin: (values) => {
      const data = new Uint8Array(+chosen(values, 'octets')).fill(0x0f);
      return {
        sealing: ({ start: { exchangeType } }, payloads) =>
          exchangeType === ExchangeType.identityProtection
            ? [...payloads, { payload: 'vendor-id', data }]
            : payloads,
      };
    },
  },
];
