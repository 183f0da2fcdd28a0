import { type Cell, cell } from '../harness/cell.ts';
import { impairmentTable } from '../harness/impairment-table.ts';
import { cells as ofTheGate } from './peers-that-misbehave.cells.ts';

export const tier = 'nightly';

const played = ofTheGate.map(({ impair }) => impair.split(':')[0]);

/** A responder that dies at the stages of which the gate shows one. */
const deaths = ['phase1', 'phase2', 'l2tp-session', 'ppp-lcp', 'ppp-auth', 'ppp-ipcp', 'traffic'];

/** Each impairment that the gate does not play, with its usual values, by the end that usually does. */
export const cells: readonly Cell[] = [
  ...impairmentTable()
    .filter(({ name }) => !played.includes(name))
    .map(({ name }) => name),
  ...deaths.map((stage) => `silent-at:${stage}`),
].map((impair) => cell('office-nat', { impair }));
