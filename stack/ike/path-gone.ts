import type { IkeEffect } from './effect.ts';
import type { IkeState } from './sa-table.ts';

/**
 * A path is gone when its last pair of ESP SAs is, and none is being negotiated: one that is deleted just before
 * its successor is there takes nothing with it. Tells each path once.
 */
export function pathsGone({ table }: IkeState): IkeEffect[] {
  const effects: IkeEffect[] = [];
  for (const path of table.bereft) {
    if (table.childrenOn(path).length === 0) {
      if (isNegotiating(table.all, path)) continue;
      effects.push({ effect: 'path-gone', path });
    }
    table.bereft.delete(path);
  }
  return effects;
}

function isNegotiating(all: IkeState['table']['all'], path: string): boolean {
  return all.some(
    (sa) =>
      (sa.renewal?.path === path && sa.state.at !== 'established') ||
      (sa.path === path &&
        [...sa.quickModes.values()].some(
          ({ state }) => state.at === 'sa-sent' || state.at === 'sa-answered',
        )),
  );
}
