import { expect, test } from 'vitest';
import { expectation } from './cell-expectation.ts';
import { matrixAxes } from './matrix/axes.ts';
import { matrixCells } from './matrix/generate.ts';
import { loadTopology } from './topologies.ts';

test('the rule table has an answer to cells of the whole matrix, and never two', () => {
  // One in five: a run of the whole matrix would show the rest as broken.
  const cells = matrixCells('full', matrixAxes()).filter((_, index) => index % 5 === 0);
  const asked = cells.filter(({ topology, clients, ...cell }) => {
    // Throws where it has none, or two that contradict each other, and names the cell.
    return expectation({ topology, clients, ...cell }, loadTopology(topology)).length === clients;
  });
  expect(asked).toHaveLength(cells.length);
  expect(cells.length).toBeGreaterThan(2000);
});
