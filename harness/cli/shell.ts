import type { Duplex } from 'node:stream';
import { engine, engineStatus } from '../fabric/docker/engine.ts';
import { findNode } from '../reaper/labs.ts';
import { projectRoot } from './vitest.ts';

/** The better shell of the two that an image may have. */
const anyShell = ['sh', '-c', 'command -v bash >/dev/null && exec bash; exec sh'];

/**
 * `npm run shell -- NODE [PROGRAM...]`: runs a program, or a shell, in a node of a lab that is up, joined to
 * this terminal. Gives the program's exit status. Needs no docker command on this machine.
 */
export async function shellCommand(wanted: string, program: readonly string[]): Promise<number> {
  await engineStatus();
  const node = await findNode(projectRoot, wanted);
  const docker = engine();
  const isTerminal = process.stdin.isTTY === true && process.stdout.isTTY === true;
  const exec = await docker.getContainer(node.container).exec({
    Cmd: program.length === 0 ? anyShell : [...program],
    AttachStdin: true,
    AttachStdout: true,
    AttachStderr: true,
    Tty: isTerminal,
  });
  const stream = await exec.start({ hijack: true, stdin: true, Tty: isTerminal });
  if (isTerminal) {
    await asTerminal(stream, (size) => exec.resize(size));
  } else {
    docker.modem.demuxStream(stream, process.stdout, process.stderr);
    process.stdin.pipe(stream);
    await ended(stream);
    process.stdin.unpipe(stream);
    process.stdin.unref?.();
  }
  const { ExitCode } = await exec.inspect();
  return ExitCode ?? 0;
}

/** Hands every key to the program, Ctrl-C included, and keeps its idea of the window's size right. */
async function asTerminal(
  stream: Duplex,
  resize: (size: { h: number; w: number }) => Promise<unknown>,
): Promise<void> {
  const { stdin, stdout } = process;
  const resizeToWindow = () => void resize({ h: stdout.rows, w: stdout.columns }).catch(() => {});
  stdin.setRawMode(true);
  stdin.pipe(stream);
  stream.pipe(stdout, { end: false });
  stdout.on('resize', resizeToWindow);
  resizeToWindow();
  try {
    await ended(stream);
  } finally {
    stdout.off('resize', resizeToWindow);
    stdin.unpipe(stream);
    stdin.setRawMode(false);
    stdin.pause();
  }
}

function ended(stream: Duplex): Promise<void> {
  return new Promise((resolve, reject) => {
    stream.once('end', resolve).once('close', resolve).once('error', reject);
  });
}
