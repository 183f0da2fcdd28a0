import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { CrossnatError } from '../../error.ts';

/** A file of an image's folder as it enters the build and its hash. */
export interface ImageFile {
  readonly path: string;
  readonly mode: 'plain' | 'executable';
  readonly content: Buffer;
}

/** All files under a folder, in an order that no file system decides. */
export function imageFiles(folder: string): ImageFile[] {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
    .map((file) => ({
      path: file.slice(folder.length + 1),
      mode: statSync(file).mode & 0o100 ? 'executable' : 'plain',
      content: readFileSync(file),
    }));
}

/** Twelve hex digits over the files' names, modes and contents and whatever else goes into the image. */
export function contentHash(files: readonly ImageFile[], ingredients: readonly string[]): string {
  const hash = createHash('sha256');
  // Lengths before contents: no two different lists run together into the same bytes.
  const add = (part: string | Buffer) => hash.update(`${part.length}:`).update(part);
  for (const { path, mode, content } of files) {
    add(path);
    add(mode);
    add(content);
  }
  for (const ingredient of ingredients) add(ingredient);
  return hash.digest('hex').slice(0, 12);
}

/**
 * The image of ours that a Dockerfile stands on: the name in `ARG base=crossnat/<name>`;
 * `undefined` when it stands on somebody else's.
 * @throws CrossnatError `bad-data` when the Dockerfile does not say it in this form.
 */
export function baseImage(name: string, dockerfile: string): string | undefined {
  const base = /^ARG base=(\S+)$/m.exec(dockerfile)?.[1];
  if (base === undefined || !/^FROM \$\{?base\}?$/m.test(dockerfile)) {
    throw new CrossnatError('bad-data', {
      doing: `reading images/${name}/Dockerfile`,
      found: 'it has no "ARG base=..." followed by "FROM $base"',
      remedy: 'Begin it with "ARG base=crossnat/box" and "FROM $base"; images/README.md says why',
    });
  }
  return base.startsWith('crossnat/') ? base.slice('crossnat/'.length) : undefined;
}
