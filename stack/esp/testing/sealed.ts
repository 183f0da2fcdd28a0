import { createHmac } from 'node:crypto';
import type { EspAlgorithms, EspEncryption, EspIntegrity, SaParameters } from '../../sa.ts';
import { encryptionShapes, espKeyLengths, goTogether, integrityShapes } from '../algorithms.ts';
import { createSa, espHeadroom, espTailroom, open, type Sa, seal } from '../packet.ts';

export const allAlgorithms: EspAlgorithms[] = (Object.keys(encryptionShapes) as EspEncryption[])
  .flatMap((encryption) =>
    (Object.keys(integrityShapes) as EspIntegrity[]).map((integrity) => ({ encryption, integrity })),
  )
  .filter(goTogether)
  .flatMap((algorithms) => [algorithms, { ...algorithms, extendedSequenceNumbers: true }]);

/** For tests: an SA whose keys are no secret. */
export function parametersFor(algorithms: EspAlgorithms): SaParameters {
  const lengths = espKeyLengths(algorithms);
  return {
    spi: 0x10203040,
    algorithms,
    encryptionKey: Uint8Array.from({ length: lengths.encryption }, (_, at) => at * 7 + 1),
    integrityKey: Uint8Array.from({ length: lengths.integrity }, (_, at) => at * 3 + 2),
  };
}

export const plainAlgorithms: EspAlgorithms = { encryption: 'aes-cbc-128', integrity: 'hmac-sha1-96' };
export const newSa = (algorithms = plainAlgorithms) => createSa(parametersFor(algorithms), 64);

/** Seals a payload in a pool of its own and gives the packet alone. */
export function sealed(sa: Sa, payload: Uint8Array, nextHeader = 17): Uint8Array {
  const pool = new Uint8Array(espHeadroom + payload.length + espTailroom);
  pool.set(payload, espHeadroom);
  const iv = Uint8Array.from({ length: sa.drawnIvLength }, (_, at) => 0xa0 + at);
  const result = seal(sa, pool, espHeadroom, payload.length, nextHeader, iv);
  if (typeof result === 'string') throw new Error(result);
  return pool.slice(result.offset, result.offset + result.length);
}

/** Opens a copy, so that the packet can be opened again. */
export function opened(sa: Sa, packet: Uint8Array) {
  const pool = Uint8Array.from(packet);
  const result = open(sa, pool, 0, pool.length);
  if (typeof result === 'string') return result;
  return { payload: pool.slice(result.offset, result.offset + result.length), nextHeader: result.nextHeader };
}

/** The same packet with its ICV made anew, as a sender with the key but a fault elsewhere would. */
export function signedAgain(packet: Uint8Array, parameters: SaParameters): Uint8Array {
  const body = packet.subarray(0, packet.length - 12);
  const icv = createHmac('sha1', parameters.integrityKey).update(body).digest().subarray(0, 12);
  return Uint8Array.from([...body, ...icv]);
}
