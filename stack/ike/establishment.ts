import type { Instant } from '../engine.ts';
import { told } from '../fact.ts';
import { wholeInterval } from '../retransmission.ts';
import { heard } from './dpd.ts';
import type { IkeEffect } from './effect.ts';
import { announceInitialContact, forgetPast } from './initial-contact.ts';
import { newLifetime } from './lifetime.ts';
import { establishedPath } from './path.ts';
import { beginQuickMode } from './quick-mode-exchange.ts';
import type { EstablishedSa, IkeState } from './sa-table.ts';

/**
 * Phase 1 is complete. The SA finds its path, and is the one that looks after it from now on: what an earlier one
 * with the same peer negotiated is its own (RFC 2409 5.5 binds no ESP SA to the life of an ISAKMP SA).
 */
export function establish(state: IkeState, sa: EstablishedSa, now: Instant): IkeEffect[] {
  const { config, random, table } = state;
  const { nat, transform, initialContact } = sa.state;
  const effects: IkeEffect[] = [];
  sa.path = establishedPath(table, sa);
  table.establish(sa);
  sa.expiresAt = undefined;
  sa.forgetAt = now + wholeInterval(config.retransmission);
  sa.lifetime = newLifetime(transform, config.rekey, random, now);
  const keepalives = nat?.localBehindNat && config.keepaliveSeconds > 0;
  sa.keepaliveDue = keepalives ? now + config.keepaliveSeconds * 1000 : undefined;
  heard(sa, now);
  if (initialContact) effects.push(...forgetPast(state, sa));
  if (table.heirOf(sa) !== undefined || table.childrenOn(sa.path).length > 0) {
    effects.push(...told({ fact: 'rekeyed', phase: 1, by: sa.role === 'initiator' ? 'local' : 'peer' }));
  }
  for (const child of table.childrenOn(sa.path)) {
    // One that was to be replaced while there was no ISAKMP SA has waited for this.
    if (child.lifetime.overdue && !table.has(child.parent)) child.lifetime.rekeyAt = now;
    child.parent = sa;
  }
  if (sa.renewal !== undefined) retire(state, sa, now);
  else if (sa.role === 'initiator') {
    effects.push(...announceInitialContact(state, sa), ...beginQuickMode(state, sa, now));
  }
  return effects;
}

/** What a renewal replaced is deleted once nothing under way needs it any more. */
function retire({ config }: IkeState, { renewal, path }: EstablishedSa, now: Instant): void {
  if (config.rekey === undefined) return;
  for (const old of renewal?.replaced ?? []) {
    if (old.path === path && old.lifetime) old.lifetime.retireAt = now + config.rekey.graceSeconds * 1000;
  }
}
