import { expect, inject, test } from 'vitest';
import { askForCell } from '../harness/runner/cell-channel.ts';

/**
 * One test for each selected cell: it asks the command line process, which plays the cells, for the record of its
 * cell, and asserts the verdict. Run by `npm test`; on its own it has no cells.
 */
const { channel, names, timeoutMs } = inject('cellTests');

for (const [index, name] of names.entries()) {
  test(name, { timeout: timeoutMs, retry: 0 }, async ({ skip }) => {
    const answer = await askForCell(channel, index);
    if (!answer.record) return skip(answer.why);
    const { verdict, why } = answer.record;
    if (verdict === 'unsupported' || verdict === 'unavailable') return skip(why);
    expect(verdict, why).toBe('pass');
  });
}
