import { PassThrough, Writable } from 'node:stream';
import { expect, test } from 'vitest';
import { CrossnatError } from '../../error.ts';
import type { NodeProcess } from '../../fabric/fabric.ts';
import { CellPrograms } from './cell-programs.ts';
import { PeerLog } from './peer-log.ts';

/** A kernel whose programs end when a test says so. */
function fakeKernel() {
  const ends = new Map<string, (code: number) => void>();
  const killed: string[] = [];
  const spawn = async ([name = '']: readonly string[]): Promise<NodeProcess> => {
    const { promise: exit, resolve } = Promise.withResolvers<number>();
    ends.set(name, resolve);
    const kill = async () => {
      killed.push(name);
      resolve(137);
    };
    return { stdin: new Writable(), stdout: new PassThrough(), stderr: new PassThrough(), exit, kill };
  };
  const broken = (doing: string, found: string) => new CrossnatError('broken', { doing, found, remedy: '' });
  return { spawn, broken, killed, end: (name: string, code: number) => ends.get(name)?.(code) };
}

const waiting = () => new Promise<string>(() => {});

test('a program that ends before its time ends what waits for it, with its last words', async () => {
  const kernel = fakeKernel();
  const log = new PeerLog();
  const programs = new CellPrograms(kernel, log);
  await programs.begin([
    ['charon', ['charon']],
    ['xl2tpd', ['xl2tpd']],
  ]);
  for (const [program, text] of [
    ['charon', 'first'],
    ['charon', 'no room'],
    ['xl2tpd', 'all is well'],
    ['charon', 'giving up'],
  ] as const) {
    log.add(program, text);
  }
  kernel.end('charon', 2);
  await expect(programs.orDeath(waiting())).rejects.toMatchObject({
    code: 'broken',
    doing: 'running charon',
    found: 'it ended with exit code 2: no room | giving up',
  });
});

test('work that comes to its end while all run is what it gives', async () => {
  const programs = new CellPrograms(fakeKernel(), new PeerLog());
  await programs.begin([['charon', ['charon']]]);
  expect(await programs.orDeath(Promise.resolve('done'))).toBe('done');
});

test('programs that were ended on purpose are no death, and are ended once', async () => {
  const kernel = fakeKernel();
  const programs = new CellPrograms(kernel, new PeerLog());
  await programs.begin([['charon', ['charon']]]);
  await programs.end();
  await programs.end();
  expect(kernel.killed).toEqual(['charon']);
  // Later than the end that nobody may miss.
  const later = new Promise((resolve) => setImmediate(resolve, 'done'));
  expect(await programs.orDeath(later)).toBe('done');
});
