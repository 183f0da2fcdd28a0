import { type Decoded, decoded, malformed } from '../decode.ts';
import { concat, readUint, uint16, uint32 } from '../octets.ts';

/** The Notification payload (RFC 2408 3.14). */
export interface Notification {
  readonly doi: number;
  readonly protocolId: number;
  readonly notifyType: number;
  readonly spi: Uint8Array;
  readonly data: Uint8Array;
}

const spiStart = 8;

export function encodeNotification(notification: Notification): Uint8Array {
  return concat(
    uint32(notification.doi),
    Uint8Array.of(notification.protocolId, notification.spi.length),
    uint16(notification.notifyType),
    notification.spi,
    notification.data,
  );
}

export function decodeNotification(body: Uint8Array, offset: number): Decoded<Notification> {
  if (body.length < spiStart) {
    return malformed('truncated', 'Notification', offset, `${body.length} of at least ${spiStart} octets`);
  }
  const spiEnd = spiStart + readUint(body, 5, 1);
  if (spiEnd > body.length) {
    const detail = `SPI of ${spiEnd - spiStart} where ${body.length - spiStart} octets are left`;
    return malformed('bad-length', 'Notification.SPI Size', offset + 5, detail);
  }
  return decoded({
    doi: readUint(body, 0, 4),
    protocolId: readUint(body, 4, 1),
    notifyType: readUint(body, 6, 2),
    spi: body.subarray(spiStart, spiEnd),
    data: body.subarray(spiEnd),
  });
}
