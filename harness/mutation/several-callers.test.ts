import { expect, test } from 'vitest';
import { severalCallersMutations } from './several-callers.ts';
import { MutationSuite } from './suite.ts';

const suite = new MutationSuite([]);

// The no-cases of rules MULTI-2, MULTI-3 and MULTI-4.
test.each(severalCallersMutations.map((one) => [one.name, one] as const))(
  '%s: it is noticed',
  (_, mutation) => {
    const { red, unfit } = suite.result(mutation);
    expect(unfit).toEqual([]);
    expect(mutation.cells).toContain(red);
  },
);

test('who knows clients by their address at home loses the first of them, by the first cell that looks', () => {
  const [mutation] = severalCallersMutations;
  expect(mutation && suite.result(mutation)).toMatchObject({
    red: 'sales-people/clients=2',
    why: expect.stringMatching(/client 1: expected to connect, but stopped at hold: no-traffic/),
  });
});
