import { registerHooks } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Cell, cellId } from '../cell.ts';
import { factsOf } from '../cell-facts.ts';
import { CrossnatError } from '../error.ts';
import type { Expectation } from '../expectation.ts';
import { topologyOf } from '../runner/embedded/cell-player.ts';
import type { Evidence } from '../verdict/evidence.ts';
import { judgeClients } from '../verdict/judge.ts';
import { type JudgeDefect, withDefect } from './judge-defects.ts';

/** What a cell was judged by, and whether it may pass: as it is it does, and with the defect that it was played with not. */
export interface Case {
  readonly cell: Cell;
  readonly expectations: readonly Expectation[];
  readonly evidence: readonly Evidence[];
  readonly passes: boolean;
}

type Judge = typeof judgeClients;
type Oracle = (facts: ReturnType<typeof factsOf>) => Expectation;

const harness = join(import.meta.dirname, '..');

/**
 * Has a defective judge decide again what a sound one has decided. Its room is loaded a second time, with the line of its
 * source changed on its way into memory; everybody else keeps what they have.
 */
export class Judging {
  readonly #cases: readonly Case[];

  constructor(cases: readonly Case[]) {
    this.#cases = cases;
  }

  /** The first case that such a judge decides otherwise, in words; `undefined` where none is. */
  async notices(defect: JudgeDefect): Promise<string | undefined> {
    const { judge, oracle } = await defective(defect);
    for (const { cell, expectations, evidence, passes } of this.#cases) {
      const expected = oracle ? expectedBy(oracle, cell, expectations.length) : expectations;
      const judged = expected && judge(expected, evidence);
      const nowPasses = judged?.every(({ verdict }) => verdict === 'pass') ?? false;
      if (nowPasses !== passes) return `${cellId(cell)} ${nowPasses ? 'passes' : 'does not pass any more'}`;
    }
    return undefined;
  }
}

/** Of each client; `undefined` where the oracle objects to its own rules. */
function expectedBy(oracle: Oracle, cell: Cell, clients: number): readonly Expectation[] | undefined {
  const topology = topologyOf(cell);
  const places = Array.from({ length: clients }, (_, place) => place);
  try {
    return places.map((place) => oracle(factsOf(cell, topology, place)));
  } catch (error) {
    if (error instanceof CrossnatError) return undefined;
    throw error;
  }
}

/** A judge with this defect, and the oracle where it is the oracle's. */
async function defective(defect: JudgeDefect): Promise<{ judge: Judge; oracle?: Oracle }> {
  const [room] = defect.file.split('/');
  if (room === 'verdict') {
    const { judgeClients } = await loaded<{ judgeClients: Judge }>(defect, 'verdict/judge.ts');
    return { judge: judgeClients };
  }
  const { expectationFor } = await loaded<{ expectationFor: Oracle }>(defect, 'oracle/oracle.ts');
  return { judge: judgeClients, oracle: expectationFor };
}

let loads = 0;

/** A module of the room that has the defect, and with it all others of that room. */
async function loaded<Module>(defect: JudgeDefect, entry: string): Promise<Module> {
  const { file } = defect;
  const mark = `?defect=${++loads}`;
  const room = pathToFileURL(join(harness, file.split('/')[0] ?? '')).href;
  const own = pathToFileURL(join(harness, file)).href + mark;
  const hooks = registerHooks({
    resolve: (specifier, context, next) => {
      const found = next(specifier, context);
      const isMarked = context.parentURL?.endsWith(mark) === true && found.url.startsWith(room);
      return isMarked ? { ...found, url: found.url + mark } : found;
    },
    load: (url, context, next) => {
      const usual = next(url, context);
      return url === own ? { ...usual, source: withDefect(String(usual.source), defect) } : usual;
    },
  });
  try {
    return await import(pathToFileURL(join(harness, entry)).href + mark);
  } finally {
    hooks.deregister();
  }
}
