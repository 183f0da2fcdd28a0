import { CrossnatError } from '../error.ts';
import { suggestion } from '../suggestion.ts';

/** When the cells of a suite are played; a tier includes those before it (docs/ci.md has what runs when). */
export const tiers = ['gate', 'pull-request', 'nightly'] as const;
export type Tier = (typeof tiers)[number];

/** Of a suite that names none, and of a run that asks for none. */
export const defaultTier: Tier = 'gate';

/** Whether a run of the tier that was asked for plays cells of this one. */
export function includesTier(asked: Tier, tier: Tier): boolean {
  return tiers.indexOf(tier) <= tiers.indexOf(asked);
}

/** The tier of this name. Throws a usage error with the nearest name. */
export function tierNamed(name: string): Tier {
  const tier = tiers.find((known) => known === name);
  if (tier !== undefined) return tier;
  const found = `there is no tier ${JSON.stringify(name)}`;
  throw new CrossnatError('usage', { doing: 'reading the options', found, remedy: suggestion(name, tiers) });
}

/** How many of these are of each tier, lowest tier first; a tier without any is left out. */
export function tiersOf(these: readonly { readonly tier: Tier }[]): [Tier, number][] {
  return tiers
    .map((tier): [Tier, number] => [tier, these.filter((one) => one.tier === tier).length])
    .filter(([, count]) => count > 0);
}
