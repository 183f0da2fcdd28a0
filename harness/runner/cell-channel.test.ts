import { Worker } from 'node:worker_threads';
import { expect, test } from 'vitest';
import { exampleRecord } from '../records/testing/example-record.ts';
import { answerCells, askForCell } from './cell-channel.ts';

test('each question gets its own answer, whichever comes first', async () => {
  const record = exampleRecord();
  const first = Promise.withResolvers<void>();
  const stop = answerCells('channel-test-1', async (index) => {
    if (index === 1) await first.promise;
    return index === 1 ? { record } : { record: undefined, why: `no ${index}` };
  });
  const one = askForCell('channel-test-1', 1);
  expect(await askForCell('channel-test-1', 0)).toEqual({ record: undefined, why: 'no 0' });
  first.resolve();
  expect(await one).toEqual({ record });
  stop();
});

test('a thread asks across to the process that runs the cells', async () => {
  const stop = answerCells('channel-test-2', async (index) => ({
    record: undefined,
    why: `number ${index}`,
  }));
  const module = JSON.stringify(new URL('./cell-channel.ts', import.meta.url).href);
  const source = `
    const { parentPort } = require('node:worker_threads');
    import(${module}).then(({ askForCell }) => askForCell('channel-test-2', 7)).then((a) => parentPort.postMessage(a));
  `;
  const thread = new Worker(source, { eval: true });
  const answer = await new Promise((resolve, reject) =>
    thread.once('message', resolve).once('error', reject),
  );
  expect(answer).toEqual({ record: undefined, why: 'number 7' });
  await thread.terminate();
  stop();
});

test('an answer that comes after the end is dropped, and disturbs nothing', async () => {
  const late = Promise.withResolvers<void>();
  const asked = Promise.withResolvers<void>();
  const answered = Promise.withResolvers<void>();
  const stop = answerCells('channel-test-3', async () => {
    asked.resolve();
    await late.promise;
    setImmediate(answered.resolve);
    return { record: undefined, why: 'late' };
  });
  const question = new BroadcastChannel('channel-test-3');
  const heard: unknown[] = [];
  question.onmessage = (event) => heard.push(event);
  question.postMessage({ ask: 0 });
  await asked.promise;
  stop();
  late.resolve();
  await answered.promise;
  expect(heard).toEqual([]);
  question.close();
});
