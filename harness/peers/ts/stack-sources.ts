import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { extname, join, sep } from 'node:path';
import type { LabNode } from '../../fabric/fabric.ts';

/** `.ts` in a checkout, `.js` in an installed package: what runs here runs in the node. */
const extension = extname(import.meta.filename);
const root = join(import.meta.dirname, '..', '..', '..');
const folders = ['stack', 'harness/peers/ts/agent'] as const;
/** Where the sources lie inside a node. */
const home = '/crossnat';

export const agentProgram = `${home}/harness/peers/ts/agent/agent${extension}`;

/**
 * Copies our stack and its agent into a node: no bind mount, so that remote engines work, and no image
 * to rebuild after an edit (design: Real third-party peers on any kernel).
 */
export async function copyStackInto(node: LabNode): Promise<void> {
  await Promise.all(folders.map((folder) => node.copyIn(join(root, folder), `${home}/${folder}`, isSource)));
}

/** Hash of the sources that `copyStackInto` copies, 12 hex digits: which stack played in a record. */
export function stackHash(): string {
  const hash = createHash('sha256');
  for (const folder of folders) {
    const files = readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' });
    for (const file of files.filter(isSource).sort()) {
      hash.update(`${folder}/${file}\n`).update(readFileSync(join(root, folder, file)));
    }
  }
  return hash.digest('hex').slice(0, 12);
}

/** Not what only tests use: an installed package does not have that. */
function isSource(path: string): boolean {
  const forTests = path.endsWith(`.test${extension}`) || path.split(sep).includes('testing');
  return path.endsWith(extension) && !forTests && !path.endsWith('.d.ts');
}
