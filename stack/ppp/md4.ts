/**
 * MD4 (RFC 1320), which node:crypto lacks without OpenSSL's legacy provider and which the NT password
 * hash needs (RFC 2759 8.3). It is broken as a hash: nothing else here may use it.
 */
export function md4(message: Uint8Array): Uint8Array {
  const blocks = ((message.length + 8) >> 6) + 1;
  const padded = new DataView(new ArrayBuffer(blocks * 64));
  for (const [offset, octet] of message.entries()) padded.setUint8(offset, octet);
  padded.setUint8(message.length, 0x80);
  padded.setUint32(padded.byteLength - 8, (message.length << 3) >>> 0, true);
  padded.setUint32(padded.byteLength - 4, Math.floor(message.length / 2 ** 29), true);

  let [a, b, c, d] = [0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476];
  for (let block = 0; block < blocks; block++) {
    const [startA, startB, startC, startD] = [a, b, c, d];
    for (const { mix, constant, order, shifts } of rounds) {
      for (const [step, index] of order.entries()) {
        const word = padded.getUint32(block * 64 + index * 4, true);
        const sum = (a + mix(b, c, d) + word + constant) >>> 0;
        // Each step of RFC 1320 names the registers one place on: turning them does the same.
        [a, b, c, d] = [d, rotateLeft(sum, shifts[step % 4] ?? 0), b, c];
      }
    }
    a = (a + startA) >>> 0;
    b = (b + startB) >>> 0;
    c = (c + startC) >>> 0;
    d = (d + startD) >>> 0;
  }
  const digest = new DataView(new ArrayBuffer(16));
  for (const [index, register] of [a, b, c, d].entries()) digest.setUint32(index * 4, register, true);
  return new Uint8Array(digest.buffer);
}

/** RFC 1320 3.4. */
const rounds = [
  {
    mix: (x: number, y: number, z: number) => (x & y) | (~x & z),
    constant: 0,
    order: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15],
    shifts: [3, 7, 11, 19],
  },
  {
    mix: (x: number, y: number, z: number) => (x & y) | (x & z) | (y & z),
    constant: 0x5a827999,
    order: [0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15],
    shifts: [3, 5, 9, 13],
  },
  {
    mix: (x: number, y: number, z: number) => x ^ y ^ z,
    constant: 0x6ed9eba1,
    order: [0, 8, 4, 12, 2, 10, 6, 14, 1, 9, 5, 13, 3, 11, 7, 15],
    shifts: [3, 9, 11, 15],
  },
];

function rotateLeft(word: number, places: number): number {
  return ((word << places) | (word >>> (32 - places))) >>> 0;
}
