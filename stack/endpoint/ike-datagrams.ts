import type { UdpAddress } from '../address.ts';
import type { Instant } from '../engine.ts';
import type { IkeEffect } from '../ike/effect.ts';
import type { IkeEngine } from '../ike/engine.ts';
import { joinIkePort, splitIkePort } from '../nat-traversal/datagram.ts';
import type { EndpointEffect } from './config.ts';
import { droppedFrom } from './esp-transport.ts';

export interface UdpDatagram {
  readonly local: UdpAddress;
  readonly peer: UdpAddress;
  readonly payload: Uint8Array;
}

/** What an endpoint does with the two kinds of content that the IKE ports carry. */
export interface IkePortHandlers {
  readonly ike: (effects: IkeEffect[]) => EndpointEffect[];
  readonly esp: (packet: Uint8Array) => EndpointEffect[];
}

/** Hands a datagram of port 500 or 4500 to IKE or ESP, which share both ports (RFC 3948 2). */
export function receiveOnIkePort(
  engine: IkeEngine,
  { local, peer, payload }: UdpDatagram,
  now: Instant,
  handlers: IkePortHandlers,
): EndpointEffect[] {
  const split = splitIkePort(local.port, payload);
  if (!split.ok) return [droppedFrom(peer, 'malformed', split.error.detail)];
  switch (split.value.kind) {
    case 'ike':
      return handlers.ike(engine.receive({ local, peer, message: split.value.message }, now));
    case 'esp':
      return handlers.esp(split.value.packet);
    case 'keepalive':
      return [];
  }
}

/** The datagram for an IKE message or a keepalive, with the marker that its port asks for. */
export function ikeDatagram(
  effect: Extract<IkeEffect, { effect: 'send-ike' | 'send-keepalive' }>,
): EndpointEffect {
  const { local, peer } = effect;
  const payload = joinIkePort(
    local.port,
    effect.effect === 'send-ike' ? { kind: 'ike', message: effect.message } : { kind: 'keepalive' },
  );
  return { effect: 'send-udp', local, peer, payload };
}
