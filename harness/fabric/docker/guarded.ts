import { execa } from 'execa';

/**
 * A program in a process group of its own, beside it a guard that kills the group when our end of its
 * standard input closes: nothing of it goes on when this process is killed, or when it is aborted.
 */
const script = `exec 3<&0 </dev/null
{ cat <&3; kill -KILL 0; } >/dev/null 2>&1 &
guard=$!
"$@"
status=$?
kill -KILL $guard
exit $status`;

/** Runs a program that must not outlive us. Rejects with its output when it fails, and when aborted. */
export function runGuarded(argv: readonly string[], signal: AbortSignal) {
  return execa('sh', ['-c', script, 'sh', ...argv], {
    stdin: 'pipe',
    detached: true,
    all: true,
    cancelSignal: signal,
    env: { DEBIAN_FRONTEND: 'noninteractive' },
  });
}
