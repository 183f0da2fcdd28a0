import { titleOf } from '../../sources.ts';
import type { Entry } from '../entry.ts';

/**
 * What does not fit between the table and the rules that are built, in words; empty where all does. The table is the
 * single list: what is built stands in it as built, and what stands there as built is there.
 *
 * @param built ids of the rules that there is code for
 */
export function tableComplaints(table: readonly Entry[], built: readonly string[]): string[] {
  return [
    ...table.flatMap((entry) => ownComplaints(entry, built.includes(entry.id))),
    ...listComplaints(table, built),
  ];
}

function ownComplaints({ id, state, readings, unplayed, why, source }: Entry, isBuilt: boolean): string[] {
  const complaints = [
    state === 'not-built' && isBuilt && 'stands as not built, and there is code for it',
    state !== 'not-built' && !isBuilt && `stands as ${state}, and there is no code for it`,
    state === 'not-built' && why === undefined && 'is not built, and nothing says why',
    state !== 'not-built' && why !== undefined && 'says why it is not built, and is',
    state === 'not-built' && unplayed !== undefined && 'is not built, and tells parts that are not played',
    state === 'disputed' && readings === undefined && 'is disputed, and has no readings',
    source.length === 0 && 'names no source',
    ...source.map((text) => titleOf(text) === undefined && `names an unknown source: ${text}`),
  ];
  return complaints.flatMap((complaint) => (complaint === false ? [] : [`${id} ${complaint}`]));
}

function listComplaints(table: readonly Entry[], built: readonly string[]): string[] {
  const ids = table.map(({ id }) => id);
  const twice = (list: readonly string[]) => [...new Set(list.filter((id, at) => list.indexOf(id) !== at))];
  return [
    ...twice(ids).map((id) => `${id} stands in the table twice`),
    ...twice(built).map((id) => `there is code for ${id} twice`),
    ...built
      .filter((id) => !ids.includes(id))
      .map((id) => `there is code for ${id}, which the table does not have`),
  ];
}
