import { codec } from './codec.ts';
import type { Target } from './target.ts';

const seeds = () => [Uint8Array.of(1, 2, 3, 4)];

/** For the tests of the fuzzer: a sound codec, one that throws, one that does not come to an end, one that ends it all. */
export const targets: readonly Target[] = [
  codec('sound', '', seeds, (input) => input),
  codec('throws', '', seeds, (input) => {
    if (input[0] === 9) throw new RangeError('nine');
  }),
  codec('loops', '', seeds, (input) => {
    while (input[0] === 0xff);
  }),
  codec('dies', '', seeds, (input) => {
    if (input[0] === 0xff) process.exit(7);
  }),
];
