import type { Cell } from '../../cell.ts';
import { CrossnatError } from '../../error.ts';

/** What a daemon offers and takes where a cell names nothing, strongest first: `3des-sha1-modp1024`, `3des-sha1`. */
export interface UsualProposals {
  readonly phase1: readonly string[];
  readonly phase2: readonly string[];
}

/** One side of a cell. */
export interface Side {
  readonly role: 'client' | 'responder';
  readonly cell: Cell;
}

/** The AlliedWare How-To's SA specifications by number. */
const saSpecifications: Readonly<Record<string, string>> = {
  '1': '3des-sha1',
  '2': '3des-md5',
  '3': 'des-sha1',
  '4': 'des-md5',
};

/** Phase 1 of a side: the axis is the responder's. */
export function phase1Of({ role, cell }: Side, usual: UsualProposals): readonly string[] {
  return role === 'client' || cell.p1 === 'script' ? usual.phase1 : cell.p1.split('+');
}

/** Phase 2 of a side: the axis is the responder's. @throws CrossnatError for a number that the How-To does not have. */
export function phase2Of({ role, cell }: Side, usual: UsualProposals): readonly string[] {
  return role === 'client' ? usual.phase2 : specificationsOf(cell.p2);
}

/** `1-2` is `3des-sha1` and `3des-md5`. */
export function specificationsOf(p2: string): readonly string[] {
  return p2.split('-').map((number) => {
    const transform = saSpecifications[number];
    if (transform !== undefined) return transform;
    throw new CrossnatError('usage', {
      doing: 'setting a Linux peer up',
      found: `the How-To has no SA specification ${number}`,
      remedy: `Name some of ${Object.keys(saSpecifications).join(', ')}`,
    });
  });
}
