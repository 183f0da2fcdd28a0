import { sooner } from '../deadline.ts';
import type { Instant } from '../engine.ts';
import { onPath } from '../fact.ts';
import { ask, askingDue, buryOrphans } from './dpd.ts';
import { failed, type IkeEffect } from './effect.ts';
import { abandon, use } from './installation.ts';
import { renewChild, renewIsakmpSa } from './rekey.ts';
import { expireIsakmpSa, removeChild, removeIsakmpSa } from './removal.ts';
import {
  type ChildSa,
  type EstablishedSa,
  type IkeState,
  type IsakmpSa,
  isEstablished,
  type QuickMode,
} from './sa-table.ts';

/** The next instant at which `runTimers` has something to do. */
export function nextTimer(state: IkeState): Instant | undefined {
  const { table } = state;
  // Asked anew after every packet: it makes no lists.
  let next: Instant | undefined;
  const consider = (instant: Instant | undefined) => {
    next = sooner(next, instant);
  };
  for (const sa of table.all) {
    consider(sa.phase1Exchange.deadline);
    consider(sa.expiresAt);
    consider(sa.forgetAt);
    for (const quick of sa.quickModes.values()) {
      consider(quick.exchange.deadline);
      consider(quick.forgetAt);
    }
  }
  for (const { lifetime } of table.established) {
    consider(lifetime?.expiresAt);
    consider(lifetime?.rekeyAt);
    consider(lifetime?.retireAt);
  }
  for (const sa of caretakers(state)) {
    consider(sa.keepaliveDue);
    consider(askingDue(state, sa));
  }
  for (const { lifetime, useAt } of table.children.values()) {
    consider(useAt);
    consider(lifetime.expiresAt);
    consider(lifetime.rekeyAt);
    consider(lifetime.retireAt);
  }
  return next;
}

/** Everything that is due. */
export function runTimers(state: IkeState, now: Instant): IkeEffect[] {
  const { table } = state;
  return [
    ...[...table.children.values()].flatMap((child) =>
      onPath(child.parent.path, tickChild(state, child, now)),
    ),
    ...table.all.flatMap((sa) => onPath(sa.path, tickSa(state, sa, now))),
    ...caretakers(state).flatMap((sa) => onPath(sa.path, takeCare(state, sa, now))),
  ];
}

function isDue(instant: Instant | undefined, now: Instant): boolean {
  return instant !== undefined && instant <= now;
}

function tickChild(state: IkeState, child: ChildSa, now: Instant): IkeEffect[] {
  const { lifetime, useAt } = child;
  if (lifetime.expiresAt <= now) return removeChild(state, child, 'timeout', 'lifetime over');
  if (isDue(lifetime.retireAt, now)) return removeChild(state, child, 'local', 'replaced');
  return [...(isDue(useAt, now) ? use(state, child) : []), ...renewChild(state, child, now)];
}

function tickSa(state: IkeState, sa: IsakmpSa, now: Instant): IkeEffect[] {
  if (isEstablished(sa)) {
    const { lifetime } = sa;
    if (isDue(lifetime?.expiresAt, now)) return expireIsakmpSa(state, sa);
    if (isDue(lifetime?.retireAt, now)) return removeIsakmpSa(state, sa, 'local', 'replaced');
  } else if (isDue(sa.expiresAt, now)) {
    state.table.delete(sa);
    return sa.refused ? [] : failed(1, 'no-answer', 'the initiator did not go on');
  }
  const repeated = sa.phase1Exchange.tick(now, sa.ends);
  if (repeated === 'gave-up') {
    state.table.delete(sa);
    return [...failed(1, 'no-answer', 'main mode stayed unanswered'), ...buryOrphans(state, sa)];
  }
  if (isDue(sa.forgetAt, now)) {
    sa.forgetAt = undefined;
    sa.phase1Exchange.forget();
  }
  return [
    ...repeated,
    ...[...sa.quickModes].flatMap(([messageId, quick]) => tickQuickMode(state, sa, messageId, quick, now)),
    ...(isEstablished(sa) ? renewIsakmpSa(state, sa, now) : []),
  ];
}

function tickQuickMode(
  state: IkeState,
  sa: IsakmpSa,
  messageId: number,
  quick: QuickMode,
  now: Instant,
): IkeEffect[] {
  const repeated = quick.exchange.tick(now, sa.ends);
  if (repeated === 'gave-up') {
    sa.quickModes.delete(messageId);
    if (quick.state.at !== 'complete') {
      return [...abandon(quick), ...failed(2, 'no-answer', 'quick mode stayed unanswered')];
    }
    const child = state.table.children.get(quick.state.pair.inbound.spi);
    return [
      ...failed(2, 'no-answer', 'CONNECTED did not come'),
      ...(child === undefined ? [] : removeChild(state, child, 'timeout', 'CONNECTED did not come')),
    ];
  }
  // One that still repeats message 3 for want of CONNECTED is not over.
  if (isDue(quick.forgetAt, now) && quick.exchange.deadline === undefined) sa.quickModes.delete(messageId);
  return repeated;
}

/** The newest ISAKMP SA of each path: keepalives and dead peer detection are its business. */
function caretakers({ table }: IkeState): readonly EstablishedSa[] {
  if (table.established.length < 2) return table.established;
  return [...new Map(table.established.map((sa) => [sa.path, sa])).values()];
}

function takeCare(state: IkeState, sa: EstablishedSa, now: Instant): IkeEffect[] {
  return [...keepalive(state, sa, now), ...ask(state, sa, now)];
}

/** RFC 3948 4, from the side that is behind NAT. */
function keepalive({ config }: IkeState, sa: EstablishedSa, now: Instant): IkeEffect[] {
  if (!isDue(sa.keepaliveDue, now)) return [];
  sa.keepaliveDue = now + config.keepaliveSeconds * 1000;
  return [{ effect: 'send-keepalive', ...sa.ends }];
}
