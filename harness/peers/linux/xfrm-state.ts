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
}

const ciphers: Readonly<Record<string, string>> = {
  'cbc(des)': 'des',
  'cbc(des3_ede)': '3des',
};
const hashes: Readonly<Record<string, string>> = {
  'hmac(md5)': 'md5',
  'hmac(sha1)': 'sha1',
  'hmac(sha256)': 'sha256',
  'hmac(sha384)': 'sha384',
  'hmac(sha512)': 'sha512',
};

/** The ESP SAs in what `ip -s xfrm state` printed. An SPI that is only reserved has no algorithms and is none. */
export function readKernelSas(text: string): KernelSa[] {
  return text.split(/^(?=src )/m).flatMap((entry): KernelSa[] => {
    const [, source, destination] = /^src (\S+) dst (\S+)$/m.exec(entry) ?? [];
    const spi = /proto esp spi 0x([0-9a-f]+)/.exec(entry)?.[1];
    const cipher = /^\s+enc (\S+)(?:.*\((\d+) bits\))?/m.exec(entry);
    const hash = /^\s+auth-trunc (\S+) /m.exec(entry)?.[1];
    if (source === undefined || destination === undefined || spi === undefined) return [];
    if (cipher === null || hash === undefined) return [];
    return [
      {
        source,
        destination,
        spi: Number.parseInt(spi, 16),
        encapsulation: /^\s+encap type espinudp /m.test(entry) ? 'udp' : 'none',
        algorithms: `${cipherName(cipher[1] ?? '', cipher[2])}-${hashes[hash] ?? hash}`,
        packets: Number(/lifetime current:\s+\d+\(bytes\), (\d+)\(packets\)/.exec(entry)?.[1] ?? 0),
      },
    ];
  });
}

function cipherName(kernelName: string, bits: string | undefined): string {
  return kernelName === 'cbc(aes)' ? `aes${bits}` : (ciphers[kernelName] ?? kernelName);
}
