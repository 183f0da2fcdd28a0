import { readdirSync } from 'node:fs';
import { extname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Cell, cellId } from '../cell.ts';
import { CrossnatError } from '../error.ts';

const directory = join(import.meta.dirname, '..', '..', 'suites');
/** `.ts` in a checkout, `.js` in an installed package. */
const ending = `.cells${extname(import.meta.filename)}`;

/**
 * Every cell that a suite lists: the `cells` of each `*.cells.ts` in a folder, files in alphabetical order.
 * Suites stand above the harness, so they are found by reading their folder and never imported by name.
 */
export async function listedCells(folder = directory): Promise<Cell[]> {
  const files = readdirSync(folder).filter((name) => name.endsWith(ending));
  const lists = await Promise.all(files.sort().map((file) => cellsOf(join(folder, file))));
  const cells = lists.flat();
  const ids = cells.map(cellId);
  const twice = ids.find((id, index) => ids.indexOf(id) !== index);
  if (twice !== undefined) {
    throw badSuite(folder, `the cell ${twice} is listed twice`, 'List each cell once');
  }
  return cells;
}

async function cellsOf(file: string): Promise<readonly Cell[]> {
  const suite: { readonly cells?: unknown } = await import(pathToFileURL(file).href);
  if (!Array.isArray(suite.cells)) {
    throw badSuite(
      file,
      'it exports no list named cells',
      'Write: export const cells: readonly Cell[] = [...]',
    );
  }
  return suite.cells;
}

function badSuite(where: string, found: string, remedy: string): CrossnatError {
  return new CrossnatError('bad-data', { doing: `reading the suites in ${where}`, found, remedy });
}
