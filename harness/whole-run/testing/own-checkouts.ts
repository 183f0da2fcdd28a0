import { afterAll } from 'vitest';
import { label } from '../../fabric/docker/labels.ts';
import { removeContainers } from '../../fabric/docker/remove.ts';
import { Checkout } from './checkout.ts';

/** Gives checkouts to the tests of one file. What a test that failed left of them goes at the end of the file. */
export function ownCheckouts(): () => Checkout {
  const made: Checkout[] = [];
  afterAll(async () => {
    for (const checkout of made) {
      checkout.endPrograms();
      await removeContainers({ [label.checkout]: checkout.mark });
      checkout[Symbol.dispose]();
    }
  });
  return () => {
    const checkout = new Checkout();
    made.push(checkout);
    return checkout;
  };
}
