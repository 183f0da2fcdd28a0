import { type Cell, cellId } from './cell.ts';
import { factsOf } from './cell-facts.ts';
import type { Expectation } from './expectation.ts';
import { expectationFor, ruleTable } from './oracle/oracle.ts';
import type { Topology } from './topology.ts';

/** What the rule table says must happen in a cell, for each of its clients. Throws CrossnatError where it says nothing, or contradicts itself. */
export function expectation(cell: Cell, topology: Topology): Expectation[] {
  return Array.from({ length: cell.clients }, (_, place) =>
    expectationFor(factsOf(cell, topology, place), ruleTable, cellId(cell)),
  );
}
