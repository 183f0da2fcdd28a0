import { CrossnatError } from '../error.ts';
import type { Shard } from '../runner/shard.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** How a kind of job says which of how many it is. */
interface JobVariables {
  readonly index: string;
  readonly of: string;
  /** What the first job calls itself. */
  readonly first: 0 | 1;
  /** What to do where `of` is not there. */
  readonly setOf: string;
}

const jobs: readonly JobVariables[] = [
  {
    index: 'JOB_COMPLETION_INDEX',
    of: 'CROSSNAT_SHARDS',
    first: 0,
    setOf: "Set CROSSNAT_SHARDS to the job's completions",
  },
  {
    index: 'CI_NODE_INDEX',
    of: 'CI_NODE_TOTAL',
    first: 1,
    setOf: 'Set CI_NODE_TOTAL to the number of parallel jobs',
  },
];

/**
 * Which shard this run is: `--shard 2/4`, or what the job says that this process is one of. A Kubernetes Indexed Job
 * counts from 0 in JOB_COMPLETION_INDEX and does not tell how many there are: CROSSNAT_SHARDS does. GitLab's parallel
 * jobs count from 1 in CI_NODE_INDEX, of CI_NODE_TOTAL. `undefined` where it is the whole run. Throws a usage error
 * where a job says but half of it (each of its processes would play everything), or two jobs say different things.
 */
export function shardOf(given: string | undefined, environment: Environment): Shard | undefined {
  if (given !== undefined) {
    const [, index, of] = /^(\d+)\/(\d+)$/.exec(given) ?? [];
    const shard = shardOfNumbers(index, of, 1);
    return shard ?? refuse(`--shard ${given} makes no sense`, 'Write 1/4 for the first of four');
  }
  const said = jobs.flatMap((job) => shardOfJob(job, environment) ?? []);
  const [first] = said;
  if (said.some(({ index, of }) => index !== first?.index || of !== first.of)) {
    const texts = said.map(({ index, of }) => `${index}/${of}`);
    return refuse(`the environment names two, ${texts.join(' and ')}`, 'Say with --shard which is meant');
  }
  return first;
}

function shardOfJob(job: JobVariables, environment: Environment): Shard | undefined {
  const { [job.index]: index, [job.of]: of } = environment;
  if (!index) {
    // GitLab names a total of 1 where nothing is parallel.
    if (!of || of === '1') return undefined;
    return refuse(`${job.of}=${of} without ${job.index}`, `${indexText(job)}, or leave ${job.of} out`);
  }
  if (!of) {
    return refuse(
      `${job.index}=${index} without ${job.of}`,
      `${job.setOf}, or give --shard: 1/1 plays everything`,
    );
  }
  const shard = shardOfNumbers(index, of, job.first);
  return (
    shard ??
    refuse(`${job.index}=${index} with ${job.of}=${of} makes no sense`, `${job.setOf}; ${indexText(job)}`)
  );
}

function indexText({ index, first }: JobVariables): string {
  return `${index} is ${first} in the first job`;
}

/** `undefined` where these are not two numbers of which the first names one of so many. */
function shardOfNumbers(index = '', of = '', first: 0 | 1): Shard | undefined {
  if (![index, of].every((text) => /^\d{1,4}$/.test(text))) return undefined;
  const nth = Number(index) - first + 1;
  return nth >= 1 && nth <= Number(of) ? { index: nth, of: Number(of) } : undefined;
}

function refuse(found: string, remedy: string): never {
  throw new CrossnatError('usage', { doing: 'choosing the shard', found, remedy });
}
