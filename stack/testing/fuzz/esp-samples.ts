import { createSa, type Sa } from '../../esp/packet.ts';
import { allAlgorithms, parametersFor, sealed } from '../../esp/testing/sealed.ts';
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
    const parameters = parametersFor(algorithms);
    // A key for each: under the same one a packet of another cipher with this MAC would be authentic.
    const integrityKey = parameters.integrityKey.map((octet) => octet ^ index);
    const [sends, receives] = [0, 1].map(() => createSa({ ...parameters, integrityKey }, 64)) as [Sa, Sa];
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
