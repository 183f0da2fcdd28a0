import type { ConnectionKeys } from '../../../stack/endpoint/inspection.ts';
import { hex } from '../../../stack/octets.ts';
import type { CaptureKeys } from '../peer.ts';
import { phase2Text } from './transform-text.ts';

/** What an endpoint of our stack gives away, in the form of all peers. */
export function captureKeysOf({ ike, esp }: ConnectionKeys): CaptureKeys {
  return {
    ike: ike.map(({ initiatorCookie, key }) => ({ initiatorCookie: hex(initiatorCookie), key: hex(key) })),
    esp: esp.map(({ source, destination, spi, algorithms, encryptionKey, integrityKey }) => ({
      source,
      destination,
      spi,
      algorithms: phase2Text(algorithms),
      encryptionKey: hex(encryptionKey),
      integrityKey: hex(integrityKey),
    })),
  };
}
