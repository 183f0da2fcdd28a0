import { createCipheriv, createHash, createHmac } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { espKeyLengths } from '../../stack/esp/algorithms.ts';
import { createSa, espHeadroom, espTailroom, seal } from '../../stack/esp/packet.ts';
import type { EspAlgorithms } from '../../stack/sa.ts';
import type { CaptureKeys } from '../peers/peer.ts';
import { captureKeysOf } from '../peers/ts/capture-keys.ts';
import { pcapFile, udpFrame, withMarker } from './testing/forged-capture.ts';
import { tsharkVersion } from './testing/tshark.ts';
import { wiresharkKeys } from './wireshark-keys.ts';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'crossnat-keys-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

const here = await tsharkVersion();
const octets = (length: number, first: number) =>
  Buffer.from(Array.from({ length }, (_, index) => first + index));

interface Packet {
  readonly from: 'client' | 'responder';
  readonly data: Uint8Array;
}

/** What tshark shows of these packets on port 4500 with these keys: one line for each. */
async function shown(packets: readonly Packet[], keys: CaptureKeys, fields: readonly string[]) {
  const [client, responder] = ['198.18.1.10', '198.18.2.10'];
  const frames = packets.map(({ from, data }) => {
    const [source, destination] = from === 'client' ? [client, responder] : [responder, client];
    return udpFrame({ from: source, fromPort: 4500, to: destination, toPort: 4500, data });
  });
  const capture = join(directory, 'capture.pcap');
  writeFileSync(capture, pcapFile(frames));
  for (const [name, text] of Object.entries(wiresharkKeys([keys]) ?? {})) {
    writeFileSync(join(directory, name), text);
  }
  const columns = fields.flatMap((field) => ['-e', field]);
  const { stdout } = await execa('tshark', ['-r', capture, '-n', '-T', 'fields', ...columns], {
    env: { WIRESHARK_CONFIG_DIR: directory },
  });
  return stdout.split('\n');
}

const sa = {
  source: '192.168.1.10',
  destination: '198.18.2.10',
  spi: 0x0ffee001,
  algorithms: '3des-sha1',
  encryptionKey: octets(24, 1).toString('hex'),
  integrityKey: octets(20, 100).toString('hex'),
};
const cipherOf = {
  des: 'des-ede3-cbc',
  '3des': 'des-ede3-cbc',
  aes128: 'aes-128-cbc',
  aes256: 'aes-256-cbc',
};

/** RFC 4303 2 in transport mode: SPI, sequence number, IV, UDP 1701 with a ZLB (RFC 2661 5.8), padding, and the ICV. */
function esp(
  cipher: keyof typeof cipherOf,
  key: Buffer,
  hash: string,
  integrity: Buffer,
  icv: number,
): Buffer {
  const inner = Buffer.from('06a506a500140000c802000c0000000000000000', 'hex');
  const block = cipher.startsWith('aes') ? 16 : 8;
  const padding = octets((2 * block - ((inner.length + 2) % block)) % block, 1);
  const header = Buffer.from('0ffee00100000001', 'hex');
  const iv = octets(block, 50);
  const sealing = createCipheriv(cipherOf[cipher], key, iv).setAutoPadding(false);
  const plain = Buffer.concat([inner, padding, Uint8Array.of(padding.length, 17)]);
  const sealed = Buffer.concat([header, iv, sealing.update(plain), sealing.final()]);
  return Buffer.concat([sealed, createHmac(hash, integrity).update(sealed).digest().subarray(0, icv)]);
}

// Lengths of keys and ICVs: RFC 2403, 2404, 2405, 2451, 3602, 4868.
test.skipIf(here === undefined).each([
  ['des-md5', 'des', 8, 'md5', 16, 12],
  ['3des-sha1', '3des', 24, 'sha1', 20, 12],
  ['aes128-sha256', 'aes128', 16, 'sha256', 32, 16],
  ['aes256-sha512', 'aes256', 32, 'sha512', 64, 32],
] as const)(
  'tshark decrypts ESP of %s and finds it authentic',
  async (algorithms, cipher, keySize, hash, hashKeySize, icv) => {
    const [key, integrity] = [octets(keySize, 1), octets(hashKeySize, 100)];
    const packet = esp(cipher, cipher === 'des' ? Buffer.concat([key, key, key]) : key, hash, integrity, icv);
    const keys = { encryptionKey: key.toString('hex'), integrityKey: integrity.toString('hex') };
    const [line] = await shown(
      [{ from: 'client', data: packet }],
      { ike: [], esp: [{ ...sa, algorithms, ...keys }] },
      ['frame.protocols', 'esp.icv_good'],
    );
    expect(line).toBe('eth:ethertype:ip:udp:udpencap:esp:udp:l2tp\t1');
  },
);

/** The packet of `esp` by our stack, with the keys as it gives them. */
function sealedBy(algorithms: EspAlgorithms) {
  const lengths = espKeyLengths(algorithms);
  const keys = {
    spi: 0x0ffee001,
    algorithms,
    encryptionKey: octets(lengths.encryption, 1),
    integrityKey: octets(lengths.integrity, 100),
  };
  const inner = Buffer.from('06a506a500140000c802000c0000000000000000', 'hex');
  const pool = new Uint8Array(espHeadroom + inner.length + espTailroom);
  pool.set(inner, espHeadroom);
  const sa = createSa(keys, 64);
  const sealed = seal(sa, pool, espHeadroom, inner.length, 17, octets(sa.drawnIvLength, 50));
  if (typeof sealed === 'string') throw new Error(sealed);
  const { source, destination } = addresses;
  const { esp: given } = captureKeysOf({ ike: [], esp: [{ source, destination, ...keys }] });
  return { packet: pool.slice(sealed.offset, sealed.offset + sealed.length), given };
}

const addresses = { source: '192.168.1.10', destination: '198.18.2.10' };

test.skipIf(here === undefined).each<EspAlgorithms>([
  { encryption: 'null', integrity: 'hmac-sha1-96' },
  { encryption: 'aes-ctr-128', integrity: 'hmac-sha2-256-96' },
  { encryption: 'aes-ctr-192', integrity: 'hmac-sha2-384-192' },
  { encryption: 'aes-ctr-256', integrity: 'hmac-sha2-512-256' },
  { encryption: 'aes-cbc-192', integrity: 'hmac-sha2-256-128' },
  { encryption: 'aes-gcm-16-128', integrity: 'none' },
  { encryption: 'aes-gcm-16-192', integrity: 'none' },
  { encryption: 'aes-gcm-16-256', integrity: 'none' },
])('tshark decrypts what our stack seals and finds it authentic: %o', async (algorithms) => {
  const { packet, given } = sealedBy(algorithms);
  const [line] = await shown([{ from: 'client', data: packet }], { ike: [], esp: given }, [
    'frame.protocols',
    'esp.icv_good',
  ]);
  expect(line).toBe('eth:ethertype:ip:udp:udpencap:esp:udp:l2tp\t1');
});

test.skipIf(here === undefined)('with extended sequence numbers tshark still decrypts', async () => {
  const { packet, given } = sealedBy({
    encryption: 'aes-cbc-128',
    integrity: 'hmac-sha1-96',
    extendedSequenceNumbers: true,
  });
  expect(given[0]?.algorithms).toBe('aes128-sha1-esn');
  const [line] = await shown([{ from: 'client', data: packet }], { ike: [], esp: given }, [
    'frame.protocols',
  ]);
  expect(line).toBe('eth:ethertype:ip:udp:udpencap:esp:udp:l2tp');
});

test.skipIf(here === undefined)('a wrong key is not taken for the right one', async () => {
  const packet = esp('3des', octets(24, 2), 'sha1', octets(20, 101), 12);
  const [line] = await shown([{ from: 'client', data: packet }], { ike: [], esp: [sa] }, [
    'frame.protocols',
    'esp.icv_bad',
  ]);
  expect(line).toBe('eth:ethertype:ip:udp:udpencap:esp:data\t1');
});

const cookies = { initiatorCookie: '1111111111111111', responderCookie: '2222222222222222' };

/** A message of main mode (RFC 2408 3.1) behind the non-ESP marker, of payloads with their types. */
function mainMode(
  payloads: readonly (readonly [type: number, body: Buffer])[],
  changes: { readonly responderCookie?: string; readonly seal?: (body: Buffer) => Buffer } = {},
): Uint8Array {
  const { responderCookie = cookies.responderCookie, seal } = changes;
  const chain = payloads.map(([, body], index) => {
    const header = Buffer.from([payloads[index + 1]?.[0] ?? 0, 0, 0, 4 + body.length]);
    return Buffer.concat([header, body]);
  });
  const plain = Buffer.concat(chain);
  const body = seal?.(plain) ?? plain;
  const header = Buffer.alloc(28);
  header.write(`${cookies.initiatorCookie}${responderCookie}`, 'hex');
  header.set([payloads[0]?.[0] ?? 0, 0x10, 2, seal ? 1 : 0], 16);
  header.writeUInt32BE(28 + body.length, 24);
  return withMarker(Buffer.concat([header, body]));
}

test.skipIf(here === undefined)('tshark decrypts main mode message 5', async () => {
  // RFC 2407 4.6.1, RFC 2409 appendix A: DOI, situation, one proposal with one transform: 3DES, SHA, a key, group 2.
  const offer = Buffer.from(
    '00000001000000010000002001010001000000180101000080010005800200028003000180040002',
    'hex',
  );
  const [gxi, gxr] = [Buffer.alloc(128, 3), Buffer.alloc(128, 4)];
  // RFC 2409 appendix B: the first IV is the hash over both public values.
  const iv = createHash('sha1').update(gxi).update(gxr).digest().subarray(0, 8);
  const seal = (body: Buffer) => {
    const sealing = createCipheriv('des-ede3-cbc', octets(24, 1), iv).setAutoPadding(false);
    return Buffer.concat([
      sealing.update(body),
      sealing.update(Buffer.alloc(8 - (body.length % 8))),
      sealing.final(),
    ]);
  };
  // RFC 2407 4.6.2: an address, UDP, port 500.
  const identity = Buffer.from('011101f4c0a8010a', 'hex');
  const messages: Packet[] = [
    { from: 'client', data: mainMode([[1, offer]], { responderCookie: '0000000000000000' }) },
    { from: 'responder', data: mainMode([[1, offer]]) },
    {
      from: 'client',
      data: mainMode([
        [4, gxi],
        [10, octets(20, 1)],
      ]),
    },
    {
      from: 'responder',
      data: mainMode([
        [4, gxr],
        [10, octets(20, 2)],
      ]),
    },
    {
      from: 'client',
      data: mainMode(
        [
          [5, identity],
          [8, octets(20, 3)],
        ],
        { seal },
      ),
    },
  ];
  const key = octets(24, 1).toString('hex');
  const ike = [{ initiatorCookie: cookies.initiatorCookie, key }];
  const lines = await shown(messages, { ike, esp: [] }, ['isakmp.id.data.ipv4_addr']);
  expect(lines.at(-1)).toBe('192.168.1.10');
});

test('what both ends know is written once, and an algorithm without a name is a comment', () => {
  const odd = { ...sa, spi: 0x1f, algorithms: 'camellia128-sha1' };
  const ike = { initiatorCookie: 'AB11111111111111', key: 'CD' };
  const tables = wiresharkKeys([
    { ike: [ike], esp: [sa] },
    { ike: [ike], esp: [sa, odd] },
  ]);
  expect(tables?.ikev1_decryption_table).toBe('ab11111111111111,cd\n');
  expect(tables?.esp_sa.split('\n')).toEqual([
    expect.stringMatching(/^"IPv4","\*","\*","0x0ffee001","TripleDES-CBC \[RFC2451\]",/),
    '# 0x0000001f: Wireshark knows no camellia128-sha1',
    '',
  ]);
});

test('no keys, no tables', () => {
  expect(wiresharkKeys([{ ike: [], esp: [] }])).toBeUndefined();
});
