import { randomBytes } from 'node:crypto';

/** Names a run that no fabric names: the time, and what tells it from others of the same second. */
export function newRunName(): string {
  const time = new Date().toISOString().slice(0, 19).replaceAll(/[-:]/g, '').replace('T', '-');
  return `${time}-${randomBytes(2).toString('hex')}`;
}
