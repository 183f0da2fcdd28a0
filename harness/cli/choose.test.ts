import { expect, test } from 'vitest';
import { chooseCells } from './choose.ts';
import { parseArguments } from './options.ts';

test.each(['psk=special', 'psk!=good', 'script=key-lost'])(
  'a filter that leaves nothing but what stops every cell finds its cells (%s)',
  async (where) => {
    const few = ['--topology', 'direct', '--client', 'ts:windows-xp-sp2', '--responder', 'ts:alliedware'];
    const asked = parseArguments(['test', '--cover', 'pairwise', '--where', where, ...few]);
    if (asked.command !== 'test') throw new Error('that is no test command');
    const { cells } = await chooseCells(asked.options);
    expect(cells.length).toBeGreaterThan(0);
    const [axis = '', value = ''] = where.split(/!?=/);
    const has = cells.map(({ cell }) => cell[axis as 'psk' | 'script'] === value);
    expect(has).toEqual(cells.map(() => !where.includes('!')));
  },
);
