import { byClient, plain, stops } from './define.ts';

/* How an end says that ESP goes in UDP (RFC 3947 5.1). */

export const encapsulation = [
  plain({
    name: 'encapsulation-number',
    reason:
      'A peer that has agreed on one revision of NAT-T and writes the number of another: 61444 where 4 is meant, or 4 where 61444 is.',
    playedBy: byClient,
    reaction: stops(
      'phase2',
      'no-proposal-chosen',
      'refuses the proposal: it has no such encapsulation; a tolerant peer connects',
    ),
    begin: () => ({ ikeConfig: (config) => ({ ...config, encapsulationNumbers: 'other' }) }),
  }),
];
