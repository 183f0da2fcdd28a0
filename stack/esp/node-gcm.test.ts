import { expect, test } from 'vitest';
import { fromHex, hex } from '../octets.ts';
import type { CombinedCipher, SaParameters } from '../sa.ts';
import { createNodeGcm } from './node-gcm.ts';
import { gcmVectors } from './testing/gcm-vectors.ts';

test.each(gcmVectors)('draft-mcgrew-gcm-test-01 $name', ({ keyAndSalt, sequenceHigh, clear, packet }) => {
  const encryptionKey = fromHex(keyAndSalt);
  const encryption = `aes-gcm-16-${(encryptionKey.length - 4) * 8}` as CombinedCipher;
  const extended = sequenceHigh === undefined ? {} : { extendedSequenceNumbers: true as const };
  const parameters: SaParameters = {
    spi: 1,
    algorithms: { encryption, integrity: 'none', ...extended },
    encryptionKey,
    integrityKey: new Uint8Array(0),
  };
  const crypto = createNodeGcm(encryption, parameters);
  const high = sequenceHigh ?? 0;
  const pool = fromHex(packet.slice(0, 32) + clear + '00'.repeat(16));
  const length = pool.length - 16;
  crypto.seal(pool, 0, length, high);
  expect(hex(pool)).toBe(packet);
  expect(crypto.open(pool, 0, length, high)).toBe(true);
  expect(hex(pool.subarray(16, length))).toBe(clear);

  for (let at = 0; at < packet.length / 2; at += 1) {
    const forged = fromHex(packet);
    forged[at] = (forged[at] ?? 0) ^ 0x10;
    const before = Uint8Array.from(forged);
    expect(crypto.open(forged, 0, length, high)).toBe(false);
    expect(forged).toEqual(before);
  }
  if (sequenceHigh !== undefined) expect(crypto.open(fromHex(packet), 0, length, high ^ 1)).toBe(false);
});
