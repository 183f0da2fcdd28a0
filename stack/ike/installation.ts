import type { Instant } from '../engine.ts';
import { told } from '../fact.ts';
import type { SaPair } from '../sa.ts';
import { heard } from './dpd.ts';
import type { IkeEffect } from './effect.ts';
import { newLifetime } from './lifetime.ts';
import {
  type ChildSa,
  type EstablishedSa,
  type IkeState,
  type QuickMode,
  type SaTable,
  sameTraffic,
} from './sa-table.ts';

/*
 * A new pair of ESP SAs receives as soon as the peer can send under it: at a responder that is when it answers
 * message 1, for an initiator without the commit bit waits for nobody once it has message 2 (RFC 2408 3.1). It
 * sends once the peer surely receives under it, which the initiator of a quick mode cannot know: its message 3 may
 * be lost, and is seen to be only when message 2 comes again. Until then an older pair sends, where there is one
 * (RFC 2408 4.3 leaves the change to the protocol).
 */

/** What comes under a responder's pair counts while message 3 is still on its way. */
export function awaitMessage3(
  { config }: IkeState,
  sa: EstablishedSa,
  quick: QuickMode,
  negotiated: SaPair,
): IkeEffect[] {
  const pair = inTheWordsOfTheConnection({ ...negotiated, ...sa.ends }, quick.role !== config.role);
  return [{ effect: 'expect-sa', sa: pair, path: sa.path }];
}

/** Under which ISAKMP SA a pair is awaited whose message 3 has not come. */
export function parentOfExpected({ established }: SaTable, inboundSpi: number): EstablishedSa | undefined {
  return established.find(({ quickModes }) =>
    [...quickModes.values()].some(
      ({ state }) => state.at === 'sa-answered' && state.pair.inbound.spi === inboundSpi,
    ),
  );
}

/** A quick mode ends: a pair whose message 3 never came goes with it. */
export function abandon({ state }: QuickMode): IkeEffect[] {
  return state.at === 'sa-answered' ? [{ effect: 'remove-sa', inboundSpi: state.pair.inbound.spi }] : [];
}

/** Puts the pair of a complete quick mode to work. */
export function install(
  state: IkeState,
  sa: EstablishedSa,
  quick: QuickMode,
  negotiated: SaPair,
  now: Instant,
): IkeEffect[] {
  const { config, random, table } = state;
  const parent = table.newestOf(sa.path) ?? sa;
  const pair = inTheWordsOfTheConnection({ ...negotiated, ...parent.ends }, quick.role !== config.role);
  const lifetime = newLifetime(pair, config.rekey, random, now);
  const child: ChildSa = { pair, parent, lifetime, use: 'waiting', useAt: undefined };
  const older = table.childrenOn(sa.path).filter((other) => sameTraffic(other, child));
  table.children.delete(pair.inbound.spi);
  table.children.set(pair.inbound.spi, child);
  const effects: IkeEffect[] = [{ effect: 'install-sa', sa: pair, path: sa.path }];
  if (older.length > 0) {
    effects.push(...told({ fact: 'rekeyed', phase: 2, by: quick.role === 'initiator' ? 'local' : 'peer' }));
  }
  if (config.rekey !== undefined) {
    for (const { lifetime: old } of quick.replaced) old.retireAt = now + config.rekey.graceSeconds * 1000;
  }
  if (quick.awaitsConnected) return effects;
  if (older.length > 0 && quick.role === 'initiator') postpone(state, child, now);
  else effects.push(...use(state, child));
  return effects;
}

/** From now on what is sent goes through this pair. Nothing where it does already. */
export function use({ table }: IkeState, child: ChildSa): IkeEffect[] {
  if (child.use === 'in-use') return [];
  child.use = 'in-use';
  child.useAt = undefined;
  const { spi } = child.pair.inbound;
  for (const sa of table.established) {
    for (const { state, exchange } of sa.quickModes.values()) {
      // What would have been repeated until the peer says that it is ready.
      if (state.at === 'complete' && state.pair.inbound.spi === spi) exchange.stop();
    }
  }
  return [{ effect: 'use-sa', inboundSpi: spi, path: child.parent.path }];
}

/** A pair whose peer may have lost message 3 waits two gaps of retransmission for message 2 to come again. */
export function postpone({ config }: IkeState, child: ChildSa, now: Instant): void {
  if (child.use === 'waiting') child.useAt = now + 2 * config.retransmission.firstGapMs;
}

/** The peer sent under this pair: it has it, and lives. */
export function heardUnder(state: IkeState, child: ChildSa, now: Instant): IkeEffect[] {
  heard(child.parent, now);
  return use(state, child);
}

/** NAT-OA names the addresses of who began the quick mode and who answered; from here on, of client and responder. */
function inTheWordsOfTheConnection(pair: SaPair, turned: boolean): SaPair {
  const { natOriginal } = pair;
  if (!turned || natOriginal === undefined) return pair;
  const { initiator, responder } = natOriginal;
  const swapped = {
    ...(responder === undefined ? {} : { initiator: responder }),
    ...(initiator === undefined ? {} : { responder: initiator }),
  };
  return { ...pair, natOriginal: swapped };
}
