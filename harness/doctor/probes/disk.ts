import { statfsSync } from 'node:fs';
import { lost, type Outcome, ok, type Probe } from '../probe.ts';

/** Room for all images built anew and the captures of a long run, twice over. */
const neededGiB = 4;

export const diskProbe: Probe = {
  name: 'disk',
  does: 'measures the free space of the engine and of this directory',
  async run(bench) {
    const { stdout } = await (await bench.node()).exec(['df', '-Pk', '/'], bench);
    const here = statfsSync(process.cwd());
    return judgeDisk(freeGiB(stdout), (here.bavail * here.bsize) / 2 ** 30);
  },
};

/** Free GiB by `df -Pk` of one file system (POSIX: the fourth column, in blocks of 1024 octets). */
export function freeGiB(df: string): number {
  return Number(df.trim().split('\n').at(-1)?.split(/\s+/)[3]) / 2 ** 20;
}

export function judgeDisk(engine: number, here: number): Outcome {
  const fact = `engine ${Math.floor(engine)} GiB free, here ${Math.floor(here)} GiB`;
  if (engine < neededGiB) {
    return lost(
      `images and labs: ${fact}`,
      'Make room: docker system df shows what lies there, docker system prune removes it',
    );
  }
  if (here < 1) return lost(`records and captures: ${fact}`, 'Make room: old runs lie in results/');
  return ok(fact);
}
