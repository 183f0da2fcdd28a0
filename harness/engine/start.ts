import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync, watch } from 'node:fs';
import { basename, dirname } from 'node:path';
import { setTimeout as after } from 'node:timers/promises';
import { execa } from 'execa';
import { CrossnatError } from '../error.ts';
import { type EngineStatus, engineStatus, errorText } from '../fabric/docker/engine.ts';
import { findProgram } from './machine.ts';
import { removeStalePidFiles } from './stale-pid.ts';

const socketFile = '/run/docker.sock';
/** Where a `dockerd` that we start writes, since no init system keeps its words. */
export const logFile = '/var/log/crossnat-dockerd.log';

/** A cold start on a slow machine took seconds; what needs longer than this will not come. */
const patienceMs = 90_000;

/** Debian's and Ubuntu's own packages; shows apt's output, asks nothing. */
export async function installEngine(): Promise<void> {
  const apt = async (...args: string[]) => {
    try {
      await execa('apt-get', args, {
        stdio: ['ignore', 'inherit', 'inherit'],
        env: { DEBIAN_FRONTEND: 'noninteractive' },
      });
    } catch (cause) {
      throw new CrossnatError('unavailable', {
        doing: 'installing the Docker engine',
        found: errorText(cause),
        remedy: `See apt's words above; by hand: apt-get update && apt-get install -y docker.io iptables`,
        cause,
      });
    }
  };
  await apt('update', '-q');
  await apt('install', '-q', '-y', '--no-install-recommends', 'docker.io', 'iptables', 'ca-certificates');
}

/** Starts the engine as a service. `systemctl` returns when the engine has said that it is ready. */
export async function startBySystemd(): Promise<EngineStatus> {
  try {
    await execa('systemctl', ['enable', '--now', 'docker'], { stdin: 'ignore' });
  } catch (cause) {
    throw new CrossnatError('unavailable', {
      doing: 'starting the Docker engine',
      found: errorText(cause),
      remedy: 'Type "journalctl -u docker -n 50" to read why it does not start',
      cause,
    });
  }
  return engineStatus();
}

/** Starts `dockerd` as a process of its own, which outlives this one, and waits until it answers. */
export async function startDockerd(): Promise<EngineStatus> {
  mkdirSync(dirname(logFile), { recursive: true });
  removeStalePidFiles();
  const log = openSync(logFile, 'w');
  const child = spawn(findProgram('dockerd') ?? 'dockerd', [], {
    detached: true,
    stdio: ['ignore', log, log],
    cwd: '/',
  });
  closeSync(log);
  child.unref();
  const over = new AbortController();
  try {
    return await Promise.race([answers(over.signal), itsEnd(child), tooLong(over.signal)]);
  } finally {
    over.abort();
  }
}

/** The engine's first answer: tried at once and at every change beside its socket. */
async function answers(signal: AbortSignal): Promise<EngineStatus> {
  const first = await engineStatus().catch(() => undefined);
  if (first) return first;
  return new Promise((resolve, reject) => {
    const watcher = watch(dirname(socketFile), { signal }, (_, name) => {
      // The socket appears before the engine serves it; what is asked in between waits in its queue.
      if (name === basename(socketFile)) engineStatus().then(resolve, () => {});
    });
    watcher.on('error', reject);
  });
}

async function itsEnd(child: ChildProcess): Promise<never> {
  const how = await new Promise<string>((resolve) => {
    child.once('error', (cause) => resolve(cause.message));
    child.once('exit', (code, signal) => resolve(`dockerd ended with ${code ?? signal}`));
  });
  throw neverReady(how);
}

async function tooLong(signal: AbortSignal): Promise<never> {
  await after(patienceMs, undefined, { signal });
  throw neverReady(`dockerd runs, but did not answer within ${patienceMs / 1000} s`);
}

function neverReady(how: string): CrossnatError {
  return new CrossnatError('unavailable', {
    doing: 'starting the Docker engine',
    found: `${how}. Its last words: ${lastWords(readFileSync(logFile, 'utf8'))}`,
    remedy: `The whole log is ${logFile}`,
  });
}

/** The line that says why, where one does: after a panic the last lines are a stack trace. */
export function lastWords(log: string): string {
  const lines = log.trimEnd().split('\n');
  return (
    lines.findLast((line) => /^(panic:|failed to |fatal error:)|level=fatal/.test(line)) ?? lines.at(-1) ?? ''
  );
}
