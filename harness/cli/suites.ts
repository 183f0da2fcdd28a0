import { readdirSync } from 'node:fs';
import { extname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Cell, cellId } from '../cell.ts';
import { CrossnatError } from '../error.ts';
import { suggestion } from '../suggestion.ts';
import { defaultTier, type Tier, tiers } from './tier.ts';

const directory = join(import.meta.dirname, '..', '..', 'suites');
/** `.ts` in a checkout, `.js` in an installed package. */
const ending = `.cells${extname(import.meta.filename)}`;

/** A cell that a suite lists, and the first tier that plays it. */
export interface ListedCell {
  readonly cell: Cell;
  readonly tier: Tier;
}

/**
 * Every cell that a suite lists: the `cells` of each `*.cells.ts` in a folder, files in alphabetical order. A suite
 * may export its `tier`. What a lower tier lists already, a higher one may list again: it is one cell, of the lower.
 * Suites stand above the harness, so they are found by reading their folder and never imported by name.
 */
export async function listedCells(folder = directory): Promise<ListedCell[]> {
  const files = readdirSync(folder).filter((name) => name.endsWith(ending));
  const all = (await Promise.all(files.sort().map((file) => cellsOf(join(folder, file))))).flat();
  const tiersOf = Map.groupBy(all, ({ cell }) => cellId(cell));
  for (const [id, same] of tiersOf) {
    if (new Set(same.map(({ tier }) => tier)).size < same.length) {
      throw badSuite(folder, `the cell ${id} is listed twice in one tier`, 'List each cell once');
    }
  }
  return all.filter((one) => lowest(tiersOf.get(cellId(one.cell)) ?? []) === one);
}

function lowest(listed: readonly ListedCell[]): ListedCell | undefined {
  return listed.toSorted((a, b) => tiers.indexOf(a.tier) - tiers.indexOf(b.tier))[0];
}

async function cellsOf(file: string): Promise<ListedCell[]> {
  const suite: { readonly cells?: unknown; readonly tier?: unknown } = await import(pathToFileURL(file).href);
  const { cells, tier: named = defaultTier } = suite;
  const tier = tiers.find((known) => known === named);
  if (tier === undefined) {
    throw badSuite(file, `there is no tier ${JSON.stringify(named)}`, suggestion(String(named), tiers));
  }
  if (!Array.isArray(cells)) {
    throw badSuite(
      file,
      'it exports no list named cells',
      'Write: export const cells: readonly Cell[] = [...]',
    );
  }
  return cells.map((cell: Cell) => ({ cell, tier }));
}

function badSuite(where: string, found: string, remedy: string): CrossnatError {
  return new CrossnatError('bad-data', { doing: `reading the suites in ${where}`, found, remedy });
}
