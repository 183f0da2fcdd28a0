import type { CaptureKeys } from '../peer.ts';

/** An SA of the kernel, as `ip -s xfrm state` shows it. */
export interface KernelSa {
  readonly source: string;
  readonly destination: string;
  readonly spi: number;
  readonly encapsulation: 'none' | 'udp';
  /** In the words of records: `3des-sha1`. */
  readonly algorithms: string;
  /** Packets that it protected or opened so far. */
  readonly packets: number;
  /** Octets of what was in them, without what ESP adds. */
  readonly octets: number;
}

type EspKeys = CaptureKeys['esp'][number];

const ciphers: Readonly<Record<string, string>> = {
  'cbc(des)': 'des',
  'cbc(des3_ede)': '3des',
  'ecb(cipher_null)': 'null',
};
const hashes: Readonly<Record<string, string>> = {
  'hmac(md5)': 'md5',
  'hmac(sha1)': 'sha1',
  'hmac(sha256)': 'sha256',
  'hmac(sha384)': 'sha384',
  'hmac(sha512)': 'sha512',
};

/** The ESP SAs in what `ip -s xfrm state` printed. An SPI that is only reserved has no algorithms and is none. */
export function readKernelSas(printed: string): KernelSa[] {
  return entries(printed).map(({ text, source, destination, spi, algorithms }) => {
    const [, octets, packets] = /lifetime current:\s+(\d+)\(bytes\), (\d+)\(packets\)/.exec(text) ?? [];
    return {
      source,
      destination,
      spi,
      encapsulation: /^\s+encap type espinudp /m.test(text) ? 'udp' : 'none',
      algorithms,
      packets: Number(packets ?? 0),
      octets: Number(octets ?? 0),
    };
  });
}

/** The keys of the same SAs. */
export function readKernelKeys(printed: string): EspKeys[] {
  return entries(printed).map(({ text, ...sa }) => ({
    ...sa,
    encryptionKey: /^\s+enc \S+ 0x([0-9a-f]*)/m.exec(text)?.[1] ?? '',
    integrityKey: /^\s+auth-trunc \S+ 0x([0-9a-f]*)/m.exec(text)?.[1] ?? '',
  }));
}

interface Entry extends Pick<KernelSa, 'source' | 'destination' | 'spi' | 'algorithms'> {
  readonly text: string;
}

function entries(printed: string): Entry[] {
  return printed.split(/^(?=src )/m).flatMap((text): Entry[] => {
    const [, source, destination] = /^src (\S+) dst (\S+)$/m.exec(text) ?? [];
    const spi = /proto esp spi 0x([0-9a-f]+)/.exec(text)?.[1];
    const [, cipher, key = ''] = /^\s+enc (\S+) 0x([0-9a-f]*)/m.exec(text) ?? [];
    const hash = /^\s+auth-trunc (\S+) /m.exec(text)?.[1];
    if (source === undefined || destination === undefined || spi === undefined) return [];
    if (cipher === undefined || hash === undefined) return [];
    const algorithms = `${cipherName(cipher, key)}-${hashes[hash] ?? hash}`;
    return [{ text, source, destination, spi: Number.parseInt(spi, 16), algorithms }];
  });
}

/** Two digits are eight bits of the key. */
function cipherName(kernelName: string, key: string): string {
  return kernelName === 'cbc(aes)' ? `aes${key.length * 4}` : (ciphers[kernelName] ?? kernelName);
}
