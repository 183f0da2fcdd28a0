import { PassThrough } from 'node:stream';
import { setImmediate as turn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { StandingLab } from '../reaper/labs.ts';
import { exampleRecord } from '../records/testing/example-record.ts';
import { checkTerminal, enterOr, pausedTexts, type Terminal } from './pause.ts';

const failed = { verdict: 'fail', why: 'no answer' } as const;

const lab = { id: 'ab12c', state: 'fresh' as const, cellNumber: 1 };
const standing = (id: string): StandingLab => ({
  id,
  topology: 'office-nat',
  run: 'one',
  state: 'running',
  nodes: ['wire', 'client', 'responder'].map((name) => ({
    name,
    container: `crossnat-${id}-${name}`,
    id: name,
    running: true,
    lab: id,
  })),
});

test('a person reads what failed, what stands, and how to enter every node of it', () => {
  const labs = [standing('zz999'), standing('ab12c')];
  expect(pausedTexts(exampleRecord({ ...failed, lab }), labs)).toEqual([
    'Paused: office-nat is fail: no answer',
    expect.stringContaining('The lab ab12c of office-nat is up'),
    'Enter a node from another terminal:',
    '  npm run shell -- ab12c/client',
    '  npm run shell -- ab12c/responder',
    '  npm run shell -- ab12c/wire',
    'Enter goes on, Ctrl-D goes on without further pauses, Ctrl-C ends the run.',
  ]);
});

test.each([
  ['came to no lab', exampleRecord({ verdict: 'broken', why: 'no room' })],
  ['lost its lab', exampleRecord({ verdict: 'broken', why: 'no room', lab })],
])('of a cell that %s there is nothing to enter', (_, record) => {
  expect(pausedTexts(record, [standing('zz999')])).toEqual([
    'Paused: office-nat is broken: no room',
    'No lab of this cell is up.',
    expect.stringContaining('Enter goes on'),
  ]);
});

/** A terminal, and whether a pause at it is over. */
function pauseAt(terminal: PassThrough, signal = new AbortController().signal) {
  const state = { isOver: false };
  const over = enterOr(signal, Object.assign(terminal, { isTTY: true as const }) as unknown as Terminal);
  void over.then(() => {
    state.isOver = true;
  });
  return state;
}

test('Enter ends the pause, and the next one waits for another', async () => {
  const terminal = new PassThrough();
  const first = pauseAt(terminal);
  await turn();
  expect(first.isOver).toBe(false);
  terminal.write('\n');
  await turn();
  expect(first.isOver).toBe(true);
  const second = pauseAt(terminal);
  await turn();
  expect(second.isOver).toBe(false);
  terminal.write('\n');
  await turn();
  expect(second.isOver).toBe(true);
});

test('the end of input ends the pause, and every later one at once', async () => {
  const terminal = new PassThrough();
  const first = pauseAt(terminal);
  terminal.end();
  await turn();
  await turn();
  expect(first.isOver).toBe(true);
  const second = pauseAt(terminal);
  await turn();
  expect(second.isOver).toBe(true);
});

test('an interruption ends it, and leaves nothing that listens', async () => {
  const terminal = new PassThrough();
  const interrupted = new AbortController();
  const pause = pauseAt(terminal, interrupted.signal);
  const before = new PassThrough();
  interrupted.abort();
  await turn();
  expect(pause.isOver).toBe(true);
  expect([terminal.listenerCount('data'), terminal.isPaused()]).toEqual([0, true]);
  expect(terminal.listenerCount('end')).toBe(before.listenerCount('end'));
  const later = pauseAt(terminal, interrupted.signal);
  await turn();
  expect(later.isOver).toBe(true);
});

test('without a terminal the run does not begin', () => {
  expect(() => checkTerminal({ isTTY: true })).not.toThrow();
  expect(() => checkTerminal({} as { isTTY: true })).toThrow(
    expect.objectContaining({ code: 'usage', found: expect.stringContaining('no terminal') }),
  );
});
