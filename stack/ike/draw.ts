import type { RandomSource } from '../engine.ts';
import { cookieLength } from '../isakmp/header.ts';
import { readUint } from '../octets.ts';
import type { IkeInitiatorConfig } from './config.ts';
import type { QuickModeState } from './quick-mode.ts';
import type { IkeState, IsakmpSa } from './sa-table.ts';

/** A cookie is random here, and never zero (RFC 2408 2.5.3, 3.1). */
export function drawCookie(random: RandomSource): Uint8Array {
  const cookie = random(cookieLength).slice();
  if (cookie.every((octet) => octet === 0)) cookie[0] = 1;
  return cookie;
}

/** Ni or Nr: 8 to 256 octets (RFC 2409 5). */
export function drawNonce(random: RandomSource): Uint8Array {
  return random(20).slice();
}

/** A message id that this SA has not seen, never 0, and spent from now on. */
export function drawMessageId(random: RandomSource, sa: Pick<IsakmpSa, 'usedMessageIds'>): number {
  let messageId = readUint(random(4), 0, 4);
  while (messageId === 0 || sa.usedMessageIds.has(messageId)) messageId = (messageId + 1) % 2 ** 32;
  sa.usedMessageIds.add(messageId);
  return messageId;
}

/** The message id of a quick mode that this end begins: random, or counted from 1 under each ISAKMP SA. */
export function drawQuickModeId(
  { messageIds }: Pick<IkeInitiatorConfig, 'messageIds'>,
  random: RandomSource,
  sa: Pick<IsakmpSa, 'usedMessageIds'>,
): number {
  if (messageIds !== 'counting') return drawMessageId(random, sa);
  let messageId = 1;
  while (sa.usedMessageIds.has(messageId)) messageId++;
  sa.usedMessageIds.add(messageId);
  return messageId;
}

/** An SPI under which nothing is received or about to be; 0 to 255 are reserved (RFC 4303 2.1). */
export function drawSpi({ random, table }: IkeState): number {
  const pending = table.all.flatMap((sa) => [...sa.quickModes.values()].map(({ state }) => spiOf(state)));
  let spi = readUint(random(4), 0, 4);
  while (spi < 256 || table.children.has(spi) || pending.includes(spi)) spi = (spi + 1) % 2 ** 32;
  return spi;
}

function spiOf(state: QuickModeState): number | undefined {
  if (state.at === 'sa-sent') return state.spi;
  return state.at === 'sa-answered' ? state.pair.inbound.spi : undefined;
}
