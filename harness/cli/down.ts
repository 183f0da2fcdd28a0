import { engineStatus } from '../fabric/docker/engine.ts';
import { removeKeptLabs } from '../reaper/labs.ts';
import { projectRoot } from './vitest.ts';

/** `npm run down`: takes every kept lab of this checkout down and says which they were. */
export async function downCommand(): Promise<number> {
  await engineStatus();
  const labs = await removeKeptLabs(projectRoot);
  for (const { topology, id } of labs) console.log(`${topology} (lab ${id}) is down.`);
  if (labs.length === 0) console.log('No kept lab is up.');
  return 0;
}
