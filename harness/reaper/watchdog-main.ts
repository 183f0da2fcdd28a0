/**
 * The watchdog's own program: waits for the end of its input, which is the end of the run, and removes
 * what the run left. Nothing is loaded before that: a watchdog that waits should cost next to nothing.
 */
import { text } from 'node:stream/consumers';
import { dismissal } from './watchdog.ts';

const [root = '', id = ''] = process.argv.slice(2);
const said = await text(process.stdin);
if (said !== dismissal) {
  const { cleanUpAfter } = await import('./clean-up.ts');
  await cleanUpAfter(root, id);
}
