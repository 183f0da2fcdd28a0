import { expect, test } from 'vitest';
import { readKernelKeys, readKernelSas } from './xfrm-state.ts';

/** As `ip -s xfrm state` of iproute2 6.1 prints it (the key of the hash shortened). */
const sa = (
  spi: string,
  cipher: string,
  hash: string,
  encapsulation: string,
  packets: number,
) => `src 198.18.2.10 dst 192.168.1.10
	proto esp spi 0x${spi}(3397013465) reqid 1(0x00000001) mode transport
	replay-window 0 seq 0x00000000 flag  (0x00000000)
	auth-trunc ${hash} 0x1c01b437 (160 bits) 96
	enc ${cipher}
${encapsulation}	anti-replay context: seq 0x0, oseq 0x10, bitmap 0x00000000
	sel src 198.18.2.10/32 dst 192.168.1.10/32 uid 0
	lifetime config:
	  limit: soft (INF)(bytes), hard (INF)(bytes)
	lifetime current:
	  708(bytes), ${packets}(packets)
	  add 2026-11-20 11:45:10 use 2026-11-20 11:45:10
	stats:
	  replay-window 0 replay 0 failed 0
`;
const inUdp = '	encap type espinudp sport 4500 dport 4500 addr 0.0.0.0\n';

test('reads both SAs of a connection behind NAT', () => {
  const text =
    sa('ca7a4fd9', `cbc(des3_ede) 0x${'13'.repeat(24)} (192 bits)`, 'hmac(sha1)', inUdp, 16) +
    sa('c5ec60c5', `cbc(des3_ede) 0x${'c9'.repeat(24)} (192 bits)`, 'hmac(sha1)', inUdp, 0);
  const common = {
    source: '198.18.2.10',
    destination: '192.168.1.10',
    encapsulation: 'udp',
    algorithms: '3des-sha1',
  };
  expect(readKernelSas(text)).toEqual([
    { ...common, spi: 0xca7a4fd9, packets: 16, octets: 708 },
    { ...common, spi: 0xc5ec60c5, packets: 0, octets: 708 },
  ]);
  expect(JSON.stringify(readKernelSas(text))).not.toMatch(/1313|c9c9|1c01b437/);
  const keysOf = { source: '198.18.2.10', destination: '192.168.1.10', algorithms: '3des-sha1' };
  expect(readKernelKeys(text)).toEqual([
    { ...keysOf, spi: 0xca7a4fd9, encryptionKey: '13'.repeat(24), integrityKey: '1c01b437' },
    { ...keysOf, spi: 0xc5ec60c5, encryptionKey: 'c9'.repeat(24), integrityKey: '1c01b437' },
  ]);
});

test.each([
  [`cbc(des) 0x${'13'.repeat(8)} (64 bits)`, 'hmac(md5)', 'des-md5'],
  [`cbc(aes) 0x${'13'.repeat(16)} (128 bits)`, 'hmac(sha1)', 'aes128-sha1'],
  [`cbc(aes) 0x${'13'.repeat(32)} (256 bits)`, 'hmac(sha256)', 'aes256-sha256'],
  ['ecb(cipher_null) 0x (0 bits)', 'hmac(sha1)', 'null-sha1'],
  ['rfc9999(new) 0x13dd (64 bits)', 'hmac(blake)', 'rfc9999(new)-hmac(blake)'],
])('%s with %s is %s', (cipher, hash, algorithms) => {
  expect(readKernelSas(sa('1000', cipher, hash, '', 1))).toMatchObject([
    { algorithms, encapsulation: 'none' },
  ]);
});

test('what has no keys yet is no SA, and nothing is nothing', () => {
  const reserved =
    'src 198.18.2.10 dst 192.168.1.10\n\tproto esp spi 0xca7a4fd9 reqid 1 mode transport\n\treplay-window 0 \n';
  expect(readKernelSas(reserved)).toEqual([]);
  expect(readKernelKeys(reserved)).toEqual([]);
  expect(readKernelSas('')).toEqual([]);
});
