import { cpSync, mkdtempSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Readable } from 'node:stream';
import { execa } from 'execa';
import { checkoutMark } from '../../reaper/run-files.ts';
import type { CellRecord } from '../../record.ts';
import { readRecords } from '../../records/read.ts';

const top = resolve(import.meta.dirname, '../../..');
const code = ['harness', 'stack', 'suites', 'topologies', 'images'];
const settings = ['package.json', 'package-lock.json', '.npmrc'];

/**
 * A checkout of a test's own, as this one stands: no run beside it shares its labels, run files, kept labs or
 * results, and its data can be changed. Nothing but its own watchdogs cleans up after its runs.
 */
export class Checkout {
  readonly path: string;
  /** What its containers carry in `label.checkout`. */
  readonly mark: string;
  readonly #started: Pick<Started, 'kill' | 'pid'>[] = [];

  constructor() {
    // Where the directory for temporary files is a link, processes show the place behind it.
    this.path = realpathSync(mkdtempSync(join(tmpdir(), 'crossnat-checkout-')));
    this.mark = checkoutMark(this.path);
    for (const name of [...code, ...settings])
      cpSync(join(top, name), join(this.path, name), { recursive: true });
    symlinkSync(join(top, 'node_modules'), join(this.path, 'node_modules'));
  }

  /** Starts the command line as a process of its own: `start('test', '--cell', 'direct')`. */
  start(...argv: readonly string[]) {
    return this.startIn({}, ...argv);
  }

  /** The same with a changed environment. */
  startIn(environment: Readonly<Record<string, string>>, ...argv: readonly string[]) {
    const file = join(this.path, 'harness', 'start.mjs');
    return this.#note(start(process.execPath, [file, ...argv], this.path, environment, false));
  }

  /** Starts what a person types, in a shell that leads a process group, as a terminal does it. */
  type(line: string) {
    return this.#note(start('sh', ['-c', line], this.path, {}, true));
  }

  /** The same at a terminal: what is written to its input is typed there, `\u0003` for Ctrl-C. */
  typeAtTerminal(line: string) {
    const inTerminal = ['-qec', `stty rows 40 cols 200; ${line}`, '/dev/null'];
    const program = execa('script', inTerminal, { ...optionsFor(this.path, {}, true), stdin: 'pipe' });
    this.#note(program);
    return program;
  }

  /** The records of the newest run; of a run that was cut short, those that it finished. */
  latestRecords(): CellRecord[] {
    return readRecords(join(this.path, 'results', 'latest', 'results.jsonl'));
  }

  /** Kills what still runs of what was started. */
  endPrograms(): void {
    for (const program of this.#started) if (program.kill('SIGKILL')) killGroup(program);
  }

  [Symbol.dispose](): void {
    this.endPrograms();
    rmSync(this.path, { recursive: true, force: true });
  }

  #note<Program extends Pick<Started, 'kill' | 'pid'>>(program: Program): Program {
    this.#started.push(program);
    return program;
  }
}

export type Started = ReturnType<typeof start>;

/** What a shell has started lives on without it. */
function killGroup({ pid = 0 }: Pick<Started, 'pid'>): void {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // It led no group, or nothing of it is left.
  }
}

/** @param detached leads a process group, so that a signal to all of it does not reach the tests */
function start(
  file: string,
  argv: readonly string[],
  cwd: string,
  environment: Readonly<Record<string, string>>,
  detached: boolean,
) {
  return execa(file, argv, { ...optionsFor(cwd, environment, detached), stdin: 'ignore' });
}

function optionsFor(cwd: string, environment: Readonly<Record<string, string>>, detached: boolean) {
  const env = { ...plainEnvironment(), ...environment };
  return { cwd, env, extendEnv: false, all: true, reject: false, detached } as const;
}

/** What a started program says and how it ends. */
type Talking = PromiseLike<{
  readonly exitCode?: number;
  readonly signal?: string;
  readonly all?: unknown;
}> & { readonly all: Readable };

/** What `moment` gives; rejects with all that the program said when it ends before that. */
export async function beforeItEnds<T>(program: Talking, moment: Promise<T>): Promise<T> {
  const tooSoon = async () => {
    const { all, exitCode, signal } = await program;
    throw new Error(`it ended too soon, with ${exitCode ?? signal}:\n${all}`);
  };
  return Promise.race([moment, tooSoon()]);
}

/** All that a started program has said when it has said this; rejects when it ends without. */
export function said(program: Talking, text: string): Promise<string> {
  const { promise, resolve: found } = Promise.withResolvers<string>();
  let all = '';
  program.all.setEncoding('utf8').on('data', (chunk: string) => {
    all += chunk;
    if (all.includes(text)) found(all);
  });
  return beforeItEnds(program, promise);
}

/** Without what vitest and npm leave in the environment of a test, and without colours. */
function plainEnvironment(): Record<string, string> {
  const ours = /^(VITEST|NODE_ENV|NODE_OPTIONS|npm_|FORCE_COLOR|(TEST|MODE|DEV|PROD|SSR|BASE_URL)$)/;
  const kept = Object.entries(process.env).flatMap(([name, value]) =>
    value === undefined || ours.test(name) ? [] : [[name, value]],
  );
  return { ...Object.fromEntries(kept), NO_COLOR: '1' };
}
