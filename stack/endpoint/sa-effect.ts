import type { IkeEffect } from '../ike/effect.ts';
import type { EspTransport } from './esp-transport.ts';

/** What IKE has happen to SAs: it never sees a packet of theirs. */
export type SaEffect = Extract<
  IkeEffect,
  { readonly effect: 'expect-sa' | 'install-sa' | 'use-sa' | 'remove-sa' | 'peer-moved' }
>;

export function applySaEffect(esp: EspTransport, effect: SaEffect): void {
  switch (effect.effect) {
    case 'expect-sa':
      return esp.expect(effect.sa, effect.path);
    case 'install-sa':
      return esp.install(effect.sa, effect.path);
    case 'use-sa':
      return esp.use(effect.inboundSpi);
    case 'remove-sa':
      return esp.remove(effect.inboundSpi);
    case 'peer-moved':
      return esp.move(effect.path, effect.to);
  }
}
