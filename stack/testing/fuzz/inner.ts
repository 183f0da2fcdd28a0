import type { EspKeys } from '../../endpoint/inspection.ts';
import { integrityShapes } from '../../esp/algorithms.ts';
import { createSa, espHeadroom, espSpi, espTailroom, open, type Sa, seal } from '../../esp/packet.ts';
import { splitIkePort } from '../../nat-traversal/datagram.ts';
import type { Datagram } from '../internet.ts';

export interface OpenedInner {
  readonly spi: number;
  /** What the cipher hid, padding taken off. */
  readonly payload: Uint8Array;
  readonly nextHeader: number;
  /** The ESP packet itself. */
  readonly packet: Uint8Array;
}

/** Reads what is inside ESP on the wire with keys that the endpoints give away, and seals other things under them. */
export class InnerReader {
  readonly #keys: () => readonly EspKeys[];
  readonly #known = new Map<number, { readonly reads: Sa; readonly writes: Sa } | undefined>();

  constructor(keys: () => readonly EspKeys[]) {
    this.#keys = keys;
  }

  /** `undefined` for what is no ESP of a known SA, or does not open. */
  read(datagram: Datagram): OpenedInner | undefined {
    const packet = espOf(datagram);
    const spi = packet && espSpi(packet, 0, packet.length);
    const sa = spi === undefined ? undefined : this.#saOf(spi);
    if (packet === undefined || spi === undefined || sa === undefined) return undefined;
    const pool = packet.slice();
    const opened = open(sa.reads, pool, 0, pool.length);
    if (typeof opened === 'string') return undefined;
    const payload = pool.slice(opened.offset, opened.offset + opened.length);
    return { spi, payload, nextHeader: opened.nextHeader, packet };
  }

  /** An authentic packet of an SA that has been read, under a sequence number of this reader's own. */
  write(spi: number, payload: Uint8Array, nextHeader: number): Uint8Array | undefined {
    const sa = this.#saOf(spi)?.writes;
    if (sa === undefined) return undefined;
    const pool = new Uint8Array(espHeadroom + payload.length + espTailroom + maximumIcv);
    pool.set(payload, espHeadroom);
    const length = payload.length;
    const iv = new Uint8Array(sa.drawnIvLength);
    const sealed = seal(sa, pool, espHeadroom, length, nextHeader, iv);
    if (typeof sealed === 'string') return undefined;
    return pool.slice(sealed.offset, sealed.offset + sealed.length);
  }

  #saOf(spi: number) {
    const known = this.#known.get(spi);
    if (known !== undefined) return known;
    const keys = this.#keys().find((each) => each.spi === spi);
    const sa = keys && { reads: createSa(keys, 64), writes: createSa(keys, 64) };
    this.#known.set(spi, sa);
    return sa;
  }
}

const maximumIcv = Math.max(...Object.values(integrityShapes).map(({ icvLength }) => icvLength));

/** The ESP packet of a datagram, whichever of both ports says how it is wrapped. */
function espOf({ source, destination, payload }: Datagram): Uint8Array | undefined {
  if (destination.port === 0) return payload;
  const port = [destination.port, source.port].find((each) => each === 500 || each === 4500) ?? 4500;
  const split = splitIkePort(port, payload);
  return split.ok && split.value.kind === 'esp' ? split.value.packet : undefined;
}
