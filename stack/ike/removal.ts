import { type Fact, onPath, told } from '../fact.ts';
import { ProtocolId } from '../isakmp/ipsec-doi.ts';
import type { Notification } from '../isakmp/notification.ts';
import { notifyName } from '../isakmp/notify-type.ts';
import type { Payload } from '../isakmp/payload.ts';
import { drawMessageId } from './draw.ts';
import type { IkeEffect } from './effect.ts';
import { messageFact } from './exchange.ts';
import { deleteEsp, deleteIsakmp, sealInformational } from './informational.ts';
import { abandon } from './installation.ts';
import { type ChildSa, type IkeState, type IsakmpSa, isEstablished } from './sa-table.ts';

type ClosedBy = Extract<Fact, { fact: 'closed' }>['by'];

/** Sends a payload under an established ISAKMP SA; nothing while there is none. */
function sendProtected({ config, random }: IkeState, sa: IsakmpSa, payload: Payload): IkeEffect[] {
  if (!isEstablished(sa)) return [];
  const messageId = drawMessageId(random, sa);
  const message = sealInformational(sa, sa.state, messageId, payload, config.tamper);
  return [
    messageFact('sent', { exchange: 'informational', message: 1, messageId }, 1, sa.ends),
    { effect: 'send-ike', ...sa.ends, message },
  ];
}

/** Sends a notify under an established ISAKMP SA. */
export function sendNotification(state: IkeState, sa: IsakmpSa, notification: Notification): IkeEffect[] {
  const notify = notifyName(notification.notifyType);
  const phase = notification.protocolId === ProtocolId.isakmp ? 1 : 2;
  return [
    ...sendProtected(state, sa, { payload: 'notification', notification }),
    ...told({ fact: 'notify', direction: 'sent', notify, phase, protected: true }),
  ];
}

/** Takes a pair of ESP SAs away, and tells the peer unless the peer told us. Nothing is closed where another pair serves. */
export function removeChild(state: IkeState, child: ChildSa, by: ClosedBy, detail: string): IkeEffect[] {
  const { spi } = child.pair.inbound;
  const replaced = state.table.isReplaced(child);
  state.table.children.delete(spi);
  state.table.bereft.add(child.parent.path);
  return onPath<IkeEffect>(child.parent.path, [
    ...(by !== 'peer' && sendsDeletes(state) ? sendProtected(state, child.parent, deleteEsp(spi)) : []),
    { effect: 'remove-sa', inboundSpi: spi },
    ...(replaced ? [] : told({ fact: 'closed', layer: 'phase2', by, detail })),
  ]);
}

/**
 * Takes an ISAKMP SA away; quick modes under way end with it. Its children go before it, unless another SA with
 * the same peer looks after them.
 */
export function removeIsakmpSa(state: IkeState, sa: IsakmpSa, by: ClosedBy, detail: string): IkeEffect[] {
  const { table } = state;
  const heir = table.heirOf(sa);
  if (heir !== undefined) for (const child of table.childrenOf(sa)) child.parent = heir;
  const effects = table.childrenOf(sa).flatMap((child) => removeChild(state, child, by, detail));
  if (by !== 'peer' && sendsDeletes(state)) effects.push(...sendProtected(state, sa, deleteIsakmp(sa)));
  return onPath(sa.path, [...effects, ...forget(state, sa, by, detail)]);
}

/**
 * The lifetime of an ISAKMP SA is over. What it negotiated lives on for its own time; then nothing is said to the
 * peer, for some take a delete for all of it.
 */
export function expireIsakmpSa(state: IkeState, sa: IsakmpSa): IkeEffect[] {
  if (state.table.childrenOf(sa).length === 0) return removeIsakmpSa(state, sa, 'timeout', 'lifetime over');
  return onPath(sa.path, forget(state, sa, 'timeout', 'lifetime over'));
}

function forget({ table }: IkeState, sa: IsakmpSa, by: ClosedBy, detail: string): IkeEffect[] {
  const last = isEstablished(sa) && table.heirOf(sa) === undefined;
  table.delete(sa);
  return [
    ...[...sa.quickModes.values()].flatMap(abandon),
    ...(last ? told({ fact: 'closed', layer: 'phase1', by, detail }) : []),
  ];
}

/** Each end says that it goes, or does not, as configured. */
function sendsDeletes({ config }: IkeState): boolean {
  return config.role === 'initiator' ? config.endsSilently !== true : config.sendsDeletes;
}
