import { randomUUID } from 'node:crypto';
import { PassThrough } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import type Docker from 'dockerode';
import { CrossnatError } from '../../error.ts';
import type { NodeProcess } from '../fabric.ts';
import { engine, errorText, statusCode } from './engine.ts';
import { lastWords } from './last-words.ts';

/** What a shell reports of a program that a signal killed (128 + SIGKILL). */
const killed = 137;
/** In the environment of every program that we start, for whatever it starts in turn. */
const markName = 'CROSSNAT_PROCESS';

/**
 * Starts a program in a container and stays connected to it. (testcontainers runs programs too, but gives
 * them no input, cannot be interrupted and cuts characters at the borders of network packets.)
 * @throws CrossnatError with the container's last words when it does not run, or has no such program.
 */
export async function startProcess(
  container: Docker.Container,
  name: string,
  argv: readonly string[],
  signal: AbortSignal,
): Promise<NodeProcess> {
  const mark = randomUUID();
  const { exec, stream } = await attach(container, argv, mark).catch(async (cause) => {
    throw await startFailure(container, name, argv, errorText(cause));
  });
  const stdout = new PassThrough();
  const stderr = new PassThrough();
  engine().modem.demuxStream(stream, stdout, stderr);

  const exit = ended(stream).then(() => {
    stdout.end();
    stderr.end();
    // The engine has ended its half; ours would keep the connection, and this process, alive.
    stream.destroy();
    return exitCode(exec);
  });
  const kill = () => killMarked(container, mark, exit);
  const onAbort = () => void kill().catch(() => {});
  signal.addEventListener('abort', onAbort, { once: true });
  // Whoever does not ask for the exit code must not be ended by its failure.
  exit.catch(() => {}).finally(() => signal.removeEventListener('abort', onAbort));
  if (signal.aborted) onAbort();
  return { stdin: stream, stdout, stderr, exit, kill };
}

async function attach(container: Docker.Container, argv: readonly string[], mark: string) {
  const exec = await container.exec({
    Cmd: [...argv],
    Env: [`${markName}=${mark}`],
    AttachStdin: true,
    AttachStdout: true,
    AttachStderr: true,
  });
  return { exec, stream: await exec.start({ hijack: true, stdin: true }) };
}

/** The engine closes the stream when the program and all that hold its output are gone. An error is an end as well. */
function ended(stream: NodeJS.ReadableStream): Promise<void> {
  return new Promise((resolve) => {
    for (const event of ['end', 'close', 'error']) stream.once(event, () => resolve());
  });
}

/** The engine may learn of the exit a moment after the output ended. */
async function exitCode(exec: Docker.Exec): Promise<number> {
  for (;;) {
    try {
      const { Running, ExitCode } = await exec.inspect();
      if (!Running) return ExitCode ?? killed;
    } catch (cause) {
      if (statusCode(cause) === 404 || statusCode(cause) === 409) return killed;
      throw cause;
    }
    await delay(20);
  }
}

/**
 * Kills a program and all that it started, found by the mark in their environment: the engine has no call
 * for it. Repeated until it ended, since an aborted program may not have begun yet.
 */
async function killMarked(container: Docker.Container, mark: string, exit: Promise<number>): Promise<void> {
  const script = `kill -KILL $(grep -lzxs '${markName}=${mark}' /proc/[0-9]*/environ | cut -d/ -f3)`;
  for (;;) {
    try {
      const killer = await container.exec({ Cmd: ['sh', '-c', script] });
      // An answer that nobody reads keeps its connection, and this process, alive.
      (await killer.start({ Detach: true })).resume();
    } catch (cause) {
      // The container is gone, and the program with it.
      if (statusCode(cause) === 404 || statusCode(cause) === 409) return;
      throw cause;
    }
    const settled = exit.then(() => true);
    if (await Promise.race([settled, delay(250, false)])) return;
  }
}

/** How the engine says, in the program's place and output, that there is no program. */
export const neverStarted = 'OCI runtime exec failed';

/** Why a program could not be started: the image lacks it, or the container is no more. */
export async function startFailure(
  container: Docker.Container,
  name: string,
  argv: readonly string[],
  said: string,
): Promise<CrossnatError> {
  const doing = `starting ${argv[0]} in ${name}`;
  if (/executable file not found|no such file or directory/i.test(said)) {
    return new CrossnatError('broken', {
      doing,
      found: 'its image has no such program',
      remedy: 'Add the package to its Dockerfile under images/',
    });
  }
  return new CrossnatError('broken', {
    doing,
    found: (await lastWords(container)) ?? said.trim(),
    remedy: 'Look for what ended it: the evidence of the cell, memory, or a removal by hand',
  });
}
