import { type ClientProfile, loadClientProfile } from './peers/ts/profiles/client-profile.ts';
import { confidence } from './peers/ts/profiles/marked.ts';
import { profileNames } from './peers/ts/profiles/profile-file.ts';
import { loadResponderProfile, type ResponderProfile } from './peers/ts/profiles/responder-profile.ts';

/** How many of a profile's values are verified in a source, derived, recalled, or open. */
export type Sureness = Readonly<Record<'V' | 'D' | 'R' | '?', number>>;

/** A profile as it is shown to people: on its page and by `--list-profiles`. */
interface Row {
  /** As a cell names it, `ts:windows-7`. */
  readonly name: string;
  readonly summary: string;
  readonly sureness: Sureness;
}

export interface ClientRow extends Row {
  readonly profile: ClientProfile;
}

export interface ResponderRow extends Row {
  readonly profile: ResponderProfile;
}

export function clientProfiles(): ClientRow[] {
  return profileNames('client').map((name) => rowOf(name, loadClientProfile(name)));
}

export function responderProfiles(): ResponderRow[] {
  return profileNames('responder').map((name) => rowOf(name, loadResponderProfile(name)));
}

function rowOf<Profile extends { readonly summary: string }>(name: string, profile: Profile) {
  return { name: `ts:${name}`, summary: profile.summary, sureness: surenessOf(profile), profile };
}

/** Counts the marks of all values, those of other readings left out. */
export function surenessOf(profile: object): Sureness {
  const counts = { V: 0, D: 0, R: 0, '?': 0 };
  for (const mark of marksOf(profile)) counts[mark]++;
  return counts;
}

function marksOf(value: unknown): (keyof Sureness)[] {
  if (typeof value !== 'object' || value === null) return [];
  const mark = 'confidence' in value ? confidence.safeParse(value.confidence) : undefined;
  return mark?.success ? [mark.data] : Object.values(value).flatMap(marksOf);
}
