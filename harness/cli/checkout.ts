import { createHash } from 'node:crypto';
import { execa } from 'execa';
import { projectRoot } from './vitest.ts';

/** Names the checkout as it is now: its commit, with a digest of what was changed since. */
export async function checkoutName(): Promise<string> {
  const git = async (...argv: string[]) => {
    const { stdout, exitCode } = await execa('git', argv, { cwd: projectRoot, reject: false });
    return exitCode === 0 ? stdout : undefined;
  };
  const [commit, changes, difference] = await Promise.all([
    git('rev-parse', 'HEAD'),
    git('status', '--porcelain'),
    git('diff', 'HEAD'),
  ]);
  if (commit === undefined) return 'no git checkout';
  if (!changes) return commit;
  const digest = createHash('sha256').update(`${changes}\n${difference}`).digest('hex').slice(0, 12);
  return `${commit} with changes ${digest}`;
}
