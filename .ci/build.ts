import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';

/**
 * `npm run build`: `dist/` becomes the checkout once more, with `.js` in place of `.ts`, without tests, and with
 * everything beside the code that a run reads, where the compiled code looks for it.
 */
const top = join(import.meta.dirname, '..');
const dist = join(top, 'dist');
/** Code is compiled, not copied; recorded traffic is for tests. */
const notData = /\.(ts|mjs|pcap|pcapng)$/;

rmSync(dist, { recursive: true, force: true });
const { exitCode } = await execa('tsc', ['-p', join(top, 'tsconfig.build.json')], {
  preferLocal: true,
  localDir: top,
  reject: false,
  stdio: 'inherit',
});
for (const folder of ['harness', 'suites', 'topologies', 'images']) {
  cpSync(join(top, folder), join(dist, folder), { recursive: true, filter: (path) => !notData.test(path) });
}
// Images take npm packages in the very versions that were locked.
cpSync(join(top, 'package-lock.json'), join(dist, 'package-lock.json'));
process.exitCode = exitCode ?? 1;
