import type { Sa } from '../../esp/packet.ts';
import { allAlgorithms, newSa, sealed } from '../../esp/testing/sealed.ts';
import { concat, hex, uint8, utf8 } from '../../octets.ts';

/** An SA for each pair of cipher and MAC, and packets that were sealed under it. */
export interface InstalledSample {
  readonly sa: Sa;
  /** The record before any packet came. */
  readonly fresh: Uint8Array;
  /** In hex. */
  readonly genuine: ReadonlySet<string>;
  /** One of them, the number of the SA in front. */
  readonly sealed: Uint8Array;
}

let samples: readonly InstalledSample[] | undefined;

export function espSamples(): readonly InstalledSample[] {
  samples ??= allAlgorithms.map((algorithms, index) => {
    const [sends, receives] = [newSa(algorithms), newSa(algorithms)];
    const packets = ['', 'a packet', 'another packet, and a longer one'].map((text) =>
      sealed(sends, utf8(text)),
    );
    return {
      sa: receives,
      fresh: new Uint8Array(receives.record.buffer).slice(),
      genuine: new Set(packets.map(hex)),
      sealed: concat(uint8(index), packets[index % packets.length] ?? new Uint8Array()),
    };
  });
  return samples;
}
