import {
  clientIsBehindNat,
  natIsInThePath,
  responderIsBehindNat,
  sharesNatTraversal,
} from '../oracle/derived.ts';
import type { CellFacts } from '../oracle/facts.ts';
import { type Circumstance, circumstances } from './explanation.ts';

const holds: Readonly<Record<Circumstance, (facts: CellFacts) => boolean>> = {
  'client behind NAT': clientIsBehindNat,
  'responder behind NAT': responderIsBehindNat,
  'a filtering gateway': ({ placement }) => placement.filter !== undefined,
  'no NAT': (facts) => !natIsInThePath(facts),
  'client without IPsec': ({ client }) => client.withoutIpsec === true,
  'no common NAT-T revision': (facts) => !sharesNatTraversal(facts),
};

/** What holds of a cell, and of most of several cells. */
export function circumstancesOf(cells: readonly CellFacts[]): ReadonlySet<Circumstance> {
  return new Set(
    circumstances.filter((one) => cells.filter((facts) => holds[one](facts)).length * 2 > cells.length),
  );
}
