import { expect, test } from 'vitest';
import { revisionNumbers } from '../nat-traversal/numbers.ts';
import { vendorIdPayloads, vendorIdsIn } from './phase1-messages.ts';

const rfc = revisionNumbers.rfc3947.vendorId;
const draft = revisionNumbers['draft-02n'].vendorId;
const fragmentation = '4048b7d56ebce88525e7de7f00d6c2d3';

const sent = (
  vendorIds: readonly string[],
  revisions: Parameters<typeof vendorIdPayloads>[1],
  more: Omit<Parameters<typeof vendorIdPayloads>[0], 'vendorIds'> = {},
) =>
  vendorIdsIn(
    vendorIdPayloads({ vendorIds, ...more }, revisions).map((payload) => ({
      payload,
      body: new Uint8Array(),
      end: 0,
    })),
  );

test('vendor ids keep the order of the configuration, missing NAT-T ids follow', () => {
  expect(sent([draft, fragmentation], ['rfc3947', 'draft-02n'])).toEqual([draft, fragmentation, rfc]);
  expect(sent([], ['draft-02n'])).toEqual([draft]);
  expect(sent([rfc.toUpperCase()], ['rfc3947'])).toEqual([rfc]);
});

test('a NAT-T id of a revision that is not spoken is not sent', () => {
  expect(sent([rfc, fragmentation, draft], ['draft-02n'])).toEqual([fragmentation, draft]);
  expect(sent([rfc, fragmentation, draft], [])).toEqual([fragmentation]);
});

test('fragmentation is announced once, under the id that is configured or the bare one', () => {
  const more = { fragmentation: { maximumOctets: 576 } };
  expect(sent([draft], ['draft-02n'], more)).toEqual([draft, fragmentation]);
  expect(sent([`${fragmentation}c0000000`], [], more)).toEqual([`${fragmentation}c0000000`]);
  expect(sent([], [])).toEqual([]);
});
