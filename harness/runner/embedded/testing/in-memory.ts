import { expect } from 'vitest';
import type { Cell } from '../../../cell.ts';
import { expectation } from '../../../cell-expectation.ts';
import { cellSettings } from '../../../cell-settings.ts';
import { withClients } from '../../../client-places.ts';
import { networkSettings } from '../../../network-settings.ts';
import { loadTopology } from '../../../topologies.ts';
import type { Evidence } from '../../../verdict/evidence.ts';
import { judgeClients } from '../../../verdict/judge.ts';
import type { Planted } from '../planted.ts';
import { type Played, playEmbedded } from '../play.ts';

/** For tests: plays a cell of our own stack in the embedded fabric, with the settings that a run gives it. */
export function playInMemory(cell: Cell, seed = 'seed', planted: Planted = {}): Played {
  const topology = withClients(loadTopology(cell.topology), cell.clients);
  const first = cellSettings(cell, topology, seed, 0);
  const others = Array.from({ length: cell.clients - 1 }, (_, index) =>
    cellSettings(cell, topology, seed, index + 1),
  );
  const around = networkSettings(topology, cell.nat);
  return playEmbedded(cell, topology, around, [first, ...others], 'v', { planted });
}

/** Holds evidence, that of the cell itself or of another one, against what the rule table says of the cell. */
export function expectAsRuled(cell: Cell, clients: readonly Evidence[]): void {
  const topology = withClients(loadTopology(cell.topology), cell.clients);
  const judgements = judgeClients(expectation(cell, topology), clients);
  const others = judgements.filter(({ verdict }) => verdict !== 'pass').map(({ why }) => why);
  expect(others, others.join('; ')).toEqual([]);
}
