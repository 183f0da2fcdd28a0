import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'vitest';
import { engine } from '../fabric/docker/engine.ts';
import { label, withLabels } from '../fabric/docker/labels.ts';
import { beforeItEnds } from './testing/checkout.ts';
import { EngineWatch } from './testing/engine-watch.ts';
import { firstPacket, starts } from './testing/moments.ts';
import { ownCheckouts } from './testing/own-checkouts.ts';
import { leftOf, namespacesOfCheckout, nothing } from './testing/traces.ts';

/** Its client repeats a message for some seven seconds: time to take a node away while it connects. */
const cell = 'office-nat/client=ts:cisco-ios/p1=3des-sha1-modp1024/psk=wrong';
/** `wire` holds the segments: with it every cable is gone, and every capture. */
const nodes = ['responder', 'office-nat', 'wire'];

const newCheckout = ownCheckouts();

test.concurrent.for(nodes)(
  'node %s killed while the client connects gives broken, with last words',
  async (node, { expect }) => {
    const checkout = newCheckout();
    using watch = await EngineWatch.of(checkout.mark);
    const run = checkout.start('test', '--cell', cell);
    // All containers are there long before the first packet, and then there is nothing left to look for.
    await beforeItEnds(run, watch.first(starts('ip -batch')));
    const namespaces = await namespacesOfCheckout(checkout);
    const filters = withLabels({
      [label.checkout]: checkout.mark,
      [label.node]: node,
      [label.topology]: 'office-nat',
    });
    const [victim] = await engine().listContainers({ filters });
    await beforeItEnds(run, firstPacket(watch));
    await engine()
      .getContainer(victim?.Id ?? '')
      .kill();
    const { exitCode, all } = await run;
    expect(exitCode, all).toBe(3);
    const [record, ...others] = checkout.latestRecords();
    expect(others).toEqual([]);
    expect(record).toMatchObject({ cell, verdict: 'broken' });
    // Which node, and that a signal ended it (128 + SIGKILL).
    expect(record?.why).toContain(node);
    expect(record?.why).toMatch(/137/);
    for (const peer of ['client', 'responder']) {
      const log = readFileSync(
        join(checkout.path, 'results', 'latest', record?.files.logs[peer] ?? ''),
        'utf8',
      );
      expect(log, `last words of the ${peer}`).toContain('"ike-message"');
    }
    expect(all).toContain(`broken  ${cell}: ${record?.why}`);
    expect(all).toContain(`again: ${record?.replay}`);
    await expect.poll(() => leftOf(checkout, namespaces, watch.containers)).toEqual(nothing);
  },
);
