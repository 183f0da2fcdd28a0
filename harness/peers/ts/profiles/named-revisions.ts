import { everyRevision } from '../../../../stack/nat-traversal/numbers.ts';
import type { Cell } from '../../../cell.ts';
import type { ResponderProfile } from './responder-profile.ts';

/**
 * The profile with the revisions of NAT-T that a cell has its responder name, and the vendor ids that announce no
 * other (RFC 3947 3.1): the same machine with other firmware.
 */
export function namingRevisions<Profile extends ResponderProfile>(
  profile: Profile,
  cell: Pick<Cell, 'revision'>,
): Profile {
  const own = profile.natTraversal.value;
  const named = revisionsOf(own, cell);
  const isAnother = (name: string) => everyRevision.some((each) => each === name && !named.includes(each));
  return {
    ...profile,
    natTraversal: { ...profile.natTraversal, value: named },
    vendorIds: {
      ...profile.vendorIds,
      value: profile.vendorIds.value.filter((name) => !isAnother(name)),
    },
  };
}

/** What a responder of ours names in a cell, in the order of the cell; its own where the cell says nothing. */
export function revisionsOf(
  own: ResponderProfile['natTraversal']['value'],
  { revision }: Pick<Cell, 'revision'>,
): ResponderProfile['natTraversal']['value'] {
  if (revision === 'own') return own;
  return revision.split('+').flatMap((name) => everyRevision.find((known) => known === name) ?? []);
}
