import { cpSync } from 'node:fs';
import { join } from 'node:path';

/**
 * The second half of `npm run build`: everything beside the code that a run reads, put where the compiled code
 * looks for it. `dist/` is the checkout once more, with `.js` in place of `.ts`.
 */
const top = join(import.meta.dirname, '..');
const dist = join(top, 'dist');

for (const folder of ['harness', 'suites', 'topologies', 'images']) {
  cpSync(join(top, folder), join(dist, folder), {
    recursive: true,
    filter: (path) => !/\.(ts|mjs)$/.test(path),
  });
}
// Images take npm packages in the very versions that were locked.
cpSync(join(top, 'package-lock.json'), join(dist, 'package-lock.json'));
