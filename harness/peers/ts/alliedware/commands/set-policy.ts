import { type CommandOutcome, refused } from '../command.ts';
import { byName } from '../router.ts';

/** `set … policy=`: changes the policy of that name, and notes where another spelling was meant. */
export function setPolicy<Entry extends { readonly name: string }>(
  policies: ReadonlyMap<string, Entry>,
  kind: string,
  name: string,
  change: (entry: Entry, ...notes: string[]) => CommandOutcome,
): CommandOutcome {
  const found = byName(policies, name);
  if (found === undefined) return refused(`there is no ${kind} policy "${name}"`);
  const notes = found.slip ? [`"${name}" taken for "${found.entry.name}"`] : [];
  return change(found.entry, ...notes);
}
