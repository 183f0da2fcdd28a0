import { type Fact, onPath, told } from '../fact.ts';
import type { Payload } from '../isakmp/payload.ts';
import { drawMessageId } from './draw.ts';
import type { IkeEffect } from './effect.ts';
import { messageFact } from './exchange.ts';
import { deleteEsp, deleteIsakmp, sealInformational } from './informational.ts';
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

/** Takes a pair of ESP SAs away, and tells the peer unless the peer told us. */
export function removeChild(state: IkeState, child: ChildSa, by: ClosedBy, detail: string): IkeEffect[] {
  const { spi } = child.pair.inbound;
  state.table.children.delete(spi);
  return onPath<IkeEffect>(child.parent.path, [
    ...(by !== 'peer' && sendsDeletes(state) ? sendProtected(state, child.parent, deleteEsp(spi)) : []),
    { effect: 'remove-sa', inboundSpi: spi },
    ...told({ fact: 'closed', layer: 'phase2', by, detail }),
  ]);
}

/** Takes an ISAKMP SA away, its children before it; quick modes under way end with it. */
export function removeIsakmpSa(state: IkeState, sa: IsakmpSa, by: ClosedBy, detail: string): IkeEffect[] {
  const effects = state.table.childrenOf(sa).flatMap((child) => removeChild(state, child, by, detail));
  const established = isEstablished(sa);
  if (established && by !== 'peer' && sendsDeletes(state)) {
    effects.push(...sendProtected(state, sa, deleteIsakmp(sa)));
  }
  state.table.delete(sa);
  if (established) effects.push(...told({ fact: 'closed', layer: 'phase1', by, detail }));
  return onPath(sa.path, effects);
}

/** An initiator always says that it goes; a responder as configured. */
function sendsDeletes({ config }: IkeState): boolean {
  return config.role === 'initiator' || config.sendsDeletes;
}
