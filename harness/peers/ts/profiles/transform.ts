import { z } from 'zod';
import type { Phase1Transform } from '../../../../stack/ike/config.ts';
import type { EspAlgorithms } from '../../../../stack/sa.ts';

/** The words of transform texts, `3des-sha1-modp1024` and `3des-sha1`; `transform-text.ts` writes what this reads. */
const phase1Ciphers = {
  des: 'des-cbc',
  '3des': '3des-cbc',
  aes128: 'aes-cbc-128',
  aes192: 'aes-cbc-192',
  aes256: 'aes-cbc-256',
} as const;
const phase1Hashes = {
  md5: 'md5',
  sha1: 'sha1',
  sha256: 'sha2-256',
  sha384: 'sha2-384',
  sha512: 'sha2-512',
} as const;
export const groups = {
  modp768: 1,
  modp1024: 2,
  modp1536: 5,
  modp2048: 14,
  modp3072: 15,
  modp4096: 16,
  ecp256: 19,
  ecp384: 20,
} as const;
const phase2Ciphers = {
  null: 'null',
  ...phase1Ciphers,
  aes128ctr: 'aes-ctr-128',
  aes192ctr: 'aes-ctr-192',
  aes256ctr: 'aes-ctr-256',
} as const;
const combinedCiphers = {
  aes128gcm16: 'aes-gcm-16-128',
  aes192gcm16: 'aes-gcm-16-192',
  aes256gcm16: 'aes-gcm-16-256',
} as const;
const phase2Hashes = {
  md5: 'hmac-md5-96',
  sha1: 'hmac-sha1-96',
  sha256_96: 'hmac-sha2-256-96',
  sha256: 'hmac-sha2-256-128',
  sha384: 'hmac-sha2-384-192',
  sha512: 'hmac-sha2-512-256',
} as const;

/** Reads `3des-sha1-modp1024`; `undefined` for anything that no peer of ours speaks. */
export function parsePhase1(text: string): Omit<Phase1Transform, 'lifetimeSeconds'> | undefined {
  const [cipher, hash, group, ...rest] = text.split('-');
  const encryption = lookUp(phase1Ciphers, cipher);
  const hashing = lookUp(phase1Hashes, hash);
  const number = lookUp(groups, group);
  if (!encryption || !hashing || !number || rest.length > 0) return undefined;
  return { encryption, hash: hashing, group: number };
}

/** Reads `3des-sha1`, `aes128gcm16`, `aes128-sha1-esn`; `undefined` for anything that no peer of ours speaks. */
export function parsePhase2(text: string): EspAlgorithms | undefined {
  const words = text.split('-');
  const extended = words.at(-1) === 'esn';
  const [cipher, hash, ...rest] = extended ? words.slice(0, -1) : words;
  const combined = lookUp(combinedCiphers, cipher);
  const encryption = combined ?? lookUp(phase2Ciphers, cipher);
  const integrity = combined && hash === undefined ? 'none' : lookUp(phase2Hashes, hash);
  if (!encryption || !integrity || (combined && hash !== undefined) || rest.length > 0) return undefined;
  return { encryption, integrity, ...(extended && { extendedSequenceNumbers: true }) };
}

/** For data files: a transform text, checked. */
export const phase1Schema = z
  .string()
  .refine((text) => parsePhase1(text) !== undefined, 'is no phase 1 transform like 3des-sha1-modp1024');
export const phase2Schema = z
  .string()
  .refine((text) => parsePhase2(text) !== undefined, 'is no phase 2 transform like 3des-sha1');

const words = <Table extends object>(table: Table) => z.enum(Object.keys(table) as (keyof Table & string)[]);
const some = <Word extends z.ZodType>(word: Word) => z.array(word).min(1);

/** Every combination, group by group, cipher by cipher, hash by hash. */
const phase1Block = z
  .strictObject({
    groups: some(words(groups)),
    ciphers: some(words(phase1Ciphers)),
    hashes: some(words(phase1Hashes)),
  })
  .transform((block) =>
    block.groups.flatMap((group) =>
      block.ciphers.flatMap((cipher) => block.hashes.map((hash) => `${cipher}-${hash}-${group}`)),
    ),
  );
const phase2Block = z
  .strictObject({ ciphers: some(words(phase2Ciphers)), hashes: some(words(phase2Hashes)) })
  .transform(({ ciphers, hashes }) => ciphers.flatMap((cipher) => hashes.map((hash) => `${cipher}-${hash}`)));

/** For a responder that takes many: transform texts, and blocks that stand for all of their combinations. */
export const phase1ListSchema = some(z.union([phase1Schema, phase1Block])).transform((list) => list.flat());
export const phase2ListSchema = some(z.union([phase2Schema, phase2Block])).transform((list) => list.flat());

function lookUp<Value>(table: Readonly<Record<string, Value>>, key: string | undefined): Value | undefined {
  return key !== undefined && Object.hasOwn(table, key) ? table[key] : undefined;
}
