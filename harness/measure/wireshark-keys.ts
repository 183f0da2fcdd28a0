import type { CaptureKeys } from '../peers/peer.ts';

type EspKeys = CaptureKeys['esp'][number];

/** Names of tables as Wireshark looks for them in its configuration directory. */
export type KeyTables = Readonly<Record<'ikev1_decryption_table' | 'esp_sa' | 'preferences', string>>;

/**
 * The texts that let Wireshark and tshark decrypt a capture, by the names of their files: whoever names their
 * directory as `WIRESHARK_CONFIG_DIR` reads it. An SA has eight columns, as in Wireshark 3 and 4: later versions
 * have more, which may be left out. `undefined` where no peer gave a key.
 */
export function wiresharkKeys(given: readonly CaptureKeys[]): KeyTables | undefined {
  const ike = given.flatMap((keys) => keys.ike.map(ikeLine));
  const esp = given.flatMap((keys) => keys.esp.map(espLine));
  if (ike.length + esp.length === 0) return undefined;
  return {
    ikev1_decryption_table: table(ike),
    esp_sa: table(esp),
    preferences: 'esp.enable_encryption_decode: TRUE\nesp.enable_authentication_check: TRUE\n',
  };
}

/** Both ends know the same keys: each line once. */
function table(lines: readonly string[]): string {
  return [...new Set(lines)].map((line) => `${line}\n`).join('');
}

/** The initiator's cookie names the SA. */
function ikeLine({ initiatorCookie, key }: CaptureKeys['ike'][number]): string {
  return `${initiatorCookie},${key}`.toLowerCase();
}

/** Any addresses: the capture of each segment shows others where NAT is on the way, and the SPI is enough. */
function espLine({ spi, algorithms, encryptionKey, integrityKey }: EspKeys): string {
  // Of extended sequence numbers the older versions know nothing: they decrypt, and take every ICV for a bad one.
  const [encryption = '', integrity = ''] = algorithms.replace(/-esn$/, '').split('-');
  const [cipher, hash] = [ciphers[encryption], hashes[integrity]];
  const number = `0x${spi.toString(16).padStart(8, '0')}`;
  if (cipher === undefined || hash === undefined) return `# ${number}: Wireshark knows no ${algorithms}`;
  const columns = ['IPv4', '*', '*', number, cipher, hex(encryptionKey), hash, hex(integrityKey)];
  return columns.map((column) => `"${column}"`).join(',');
}

function hex(digits: string): string {
  return digits === '' ? '' : `0x${digits.toLowerCase()}`;
}

const aes = 'AES-CBC [RFC3602]';
/** Keys of both end with nonce or salt, as KEYMAT has them. */
const aesCtr = 'AES-CTR [RFC3686]';
const aesGcm = 'AES-GCM with 16 octet ICV [RFC4106]';

/** As Wireshark writes them in its own table. */
const ciphers: Readonly<Record<string, string>> = {
  null: 'NULL',
  des: 'DES-CBC [RFC2405]',
  '3des': 'TripleDES-CBC [RFC2451]',
  aes128: aes,
  aes192: aes,
  aes256: aes,
  aes128ctr: aesCtr,
  aes192ctr: aesCtr,
  aes256ctr: aesCtr,
  aes128gcm16: aesGcm,
  aes192gcm16: aesGcm,
  aes256gcm16: aesGcm,
};

/** The first is for a combined cipher, which has no hash. */
const hashes: Readonly<Record<string, string>> = {
  '': 'NULL',
  md5: 'HMAC-MD5-96 [RFC2403]',
  sha1: 'HMAC-SHA-1-96 [RFC2404]',
  sha256_96: 'HMAC-SHA-256-96 [draft-ietf-ipsec-ciph-sha-256-00]',
  sha256: 'HMAC-SHA-256-128 [RFC4868]',
  sha384: 'HMAC-SHA-384-192 [RFC4868]',
  sha512: 'HMAC-SHA-512-256 [RFC4868]',
};
