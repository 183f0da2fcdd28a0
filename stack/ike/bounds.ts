import type { Bounds, IkeConfig } from './config.ts';

/** More than any correct peer needs: a rekey takes one exchange, a client behind a NAT seldom dials with fifteen others. */
const defaultBounds: Bounds = {
  halfOpenPerAddress: 16,
  quickModes: 32,
  messageIds: 65_536,
  repetitions: 32,
};

export function boundsOf({ bounds }: IkeConfig): Bounds {
  return bounds ?? defaultBounds;
}
