import { CrossnatError } from '../error.ts';
import type { Shard } from '../runner/shard.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Which shard this run is: `--shard 2/4`, or what the job says that this process is one of. A Kubernetes Indexed Job
 * counts from 0 in JOB_COMPLETION_INDEX and does not tell how many there are: CROSSNAT_SHARDS does. GitLab's parallel
 * jobs count from 1 in CI_NODE_INDEX, of CI_NODE_TOTAL. `undefined` where it is the whole run.
 */
export function shardOf(given: string | undefined, environment: Environment): Shard | undefined {
  if (given !== undefined) {
    const [, index = '', of = ''] = /^(\d+)\/(\d+)$/.exec(given) ?? [];
    return checked(Number(index), Number(of), `--shard ${given}`, 'Write 1/4 for the first of four');
  }
  const { JOB_COMPLETION_INDEX, CROSSNAT_SHARDS, CI_NODE_INDEX, CI_NODE_TOTAL } = environment;
  if (JOB_COMPLETION_INDEX && CROSSNAT_SHARDS) {
    const said = `JOB_COMPLETION_INDEX=${JOB_COMPLETION_INDEX} with CROSSNAT_SHARDS=${CROSSNAT_SHARDS}`;
    const remedy = "Set CROSSNAT_SHARDS to the job's completions";
    return checked(Number(JOB_COMPLETION_INDEX) + 1, Number(CROSSNAT_SHARDS), said, remedy);
  }
  if (CI_NODE_INDEX && CI_NODE_TOTAL) {
    const said = `CI_NODE_INDEX=${CI_NODE_INDEX} with CI_NODE_TOTAL=${CI_NODE_TOTAL}`;
    return checked(Number(CI_NODE_INDEX), Number(CI_NODE_TOTAL), said, 'The first of four is 1 of 4');
  }
  return undefined;
}

function checked(index: number, of: number, said: string, remedy: string): Shard {
  const isOne = Number.isInteger(index) && Number.isInteger(of) && index >= 1 && index <= of && of <= 9999;
  if (isOne) return { index, of };
  throw new CrossnatError('usage', { doing: 'choosing the shard', found: `${said} makes no sense`, remedy });
}
