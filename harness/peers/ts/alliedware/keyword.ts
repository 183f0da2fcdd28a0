import { suggestion } from '../../../suggestion.ts';

export type KeywordMatch =
  | { readonly ok: true; readonly keyword: string }
  | { readonly ok: false; readonly reason: string };

/**
 * AlliedWare's rule of abbreviation: any leading part of a keyword that names only one of those
 * possible at its place, in capitals or not. A keyword typed in full wins over longer ones.
 */
export function matchKeyword(typed: string, possible: readonly string[]): KeywordMatch {
  const lower = typed.toLowerCase();
  const exact = possible.find((keyword) => keyword === lower);
  if (exact !== undefined) return { ok: true, keyword: exact };
  const matching = lower === '' ? [] : possible.filter((keyword) => keyword.startsWith(lower));
  const [only, another] = matching;
  if (only === undefined) {
    return { ok: false, reason: `"${typed}" is not understood here. ${suggestion(typed, possible)}` };
  }
  if (another !== undefined) {
    return { ok: false, reason: `"${typed}" is ambiguous: it may be ${matching.join(' or ')}` };
  }
  return { ok: true, keyword: only };
}
