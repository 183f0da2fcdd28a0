import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Cell, cell } from '../../cell.ts';
import { dockerFabric } from '../../fabric/docker/docker-fabric.ts';
import type { Lab } from '../../fabric/fabric.ts';
import { beginRun, endRun, type Run } from '../../reaper/run.ts';
import { loadTopology } from '../../topologies.ts';
import { missingBlocks } from '../linux/clear-l2tp.ts';
import type { CellSettings, Peer } from '../peer.ts';
import { exampleSettings } from '../testing/settings.ts';
import { libreswan5Driver, libreswanDriver } from './driver.ts';

const signal = new AbortController().signal;
const root = mkdtempSync(join(tmpdir(), 'crossnat-checkout-'));
const topology = loadTopology('hotel-nat');
const settings: CellSettings = { ...exampleSettings(topology.dial), timerFactor: 0.25 };
// The upstream versions that the images pin.
const releases = [
  { driver: libreswanDriver, version: /^4\.10-\S+ with xl2tpd 1\.3\.18-\S+, ppp 2\.4\.9-\S+ on own kernel / },
  { driver: libreswan5Driver, version: /^5\.2-\S+ with xl2tpd 1\.3\.18-\S+, ppp 2\.5\.2-\S+ on own kernel / },
];

let run: Run;

beforeAll(async () => {
  run = await beginRun(root);
});

afterAll(async () => {
  await endRun(run);
  rmSync(root, { recursive: true });
});

describe.each(releases)('$driver.name', ({ driver, version }) => {
  const control = cell('hotel-nat', { client: driver.name, responder: driver.name });
  let lab: Lab;
  let client: Peer;
  let responder: Peer;

  beforeAll(async () => {
    const { image } = driver;
    const images = { client: image, responder: image };
    lab = await dockerFabric(run, () => {}).up({ topology, images, keep: false }, signal);
    const start = (role: 'client' | 'responder') =>
      driver.start(lab.node(role), { role, topology, nodeName: role, client: 0, signal });
    [client, responder] = await Promise.all([start('client'), start('responder')]);
  });

  afterAll(async () => {
    await lab?.down();
  });

  const configure = (of: Cell = control, changed: Partial<CellSettings> = {}) =>
    Promise.all([client, responder].map((peer) => peer.configure(of, { ...settings, ...changed }, signal)));
  const inside = async (peer: Peer, script: string) => {
    const { stdout } = (await peer.proofNode?.exec(['sh', '-c', script], { signal })) ?? { stdout: '' };
    return stdout;
  };

  test('tells its versions, and holds nothing before the first call', async () => {
    await configure();
    expect(client.version).toMatch(version);
    expect(await client.remains(signal)).toEqual([]);
    expect(await responder.status(signal, 0)).toMatchObject({
      peer: driver.name,
      stages: [],
      unanswered: [],
    });
  });

  test('pluto leaves clear L2TP blocked when it waits, and when an SA stands above the block', async () => {
    await configure();
    for (const peer of [client, responder]) {
      expect(missingBlocks(await inside(peer, 'ip xfrm policy'))).toEqual([]);
    }
    await client.connect(signal, () => {});
    for (const peer of [client, responder]) {
      const policies = await inside(peer, 'ip xfrm policy');
      expect(policies).toMatch(/sport 1701 dport 1701 \n\tdir out priority \d{1,9} /);
      expect(missingBlocks(policies)).toEqual([]);
    }
    await client.disconnect(signal);
  });

  test('connects with itself through NAT, and shows what there is while it stands', async () => {
    await configure();
    await client.connect(signal, () => {});
    for (const peer of [client, responder]) {
      const { stages, ...shown } = await peer.status(signal, 0);
      expect(stages.map(({ stage, state }) => `${stage} ${state}`)).toEqual([
        'reach done',
        'nat-detection done',
        'phase1 done',
        'phase2 done',
        'esp done',
        'l2tp-tunnel done',
        'l2tp-session done',
        'ppp-lcp done',
        'ppp-auth done',
        'ppp-ipcp done',
      ]);
      expect(shown).toMatchObject({ encapsulation: 'udp', phase2: '3des-sha1', warnings: [] });
    }
    await client.disconnect(signal);
    expect(await client.remains(signal)).toEqual([]);
    expect(await responder.remains(signal)).toEqual([]);
  });

  test('a wrong key is told by both ends, each as it sees it', async () => {
    await configure(control, { clientPreSharedKey: 'another' });
    await client.connect(signal, () => {});
    const { stages, unanswered } = await client.status(signal, 0);
    expect(stages.at(-1)).toMatchObject({ stage: 'phase1', state: 'stopped', reason: 'no-answer' });
    expect(unanswered).toMatchObject([{ what: 'main mode message 5' }]);
    expect((await responder.status(signal, 0)).stages.at(-1)).toMatchObject({
      stage: 'phase1',
      state: 'stopped',
      reason: 'auth-failed',
    });
  });

  test('what came to nothing is left at a responder for a while, and gone from a client that ended it', async () => {
    await configure(control, { clientPreSharedKey: 'another' });
    await client.connect(signal, () => {});
    await client.disconnect(signal);
    expect(await client.remains(signal)).toEqual([]);
    expect(await responder.remains(signal)).toEqual([expect.stringMatching(/^IKE SA #1: .* STATE_MAIN_R2 /)]);
  });

  test.each([
    ['rot13-sha1-modp2048', /rot13/],
    ['3des-sha1-modp1024', /modp1024/i],
  ])('a configuration that pluto refuses (%s) is broken, with its words', async (p1, words) => {
    const refused = cell('hotel-nat', { responder: driver.name, p1 });
    const configured = responder.configure(refused, settings, signal);
    await expect(configured).rejects.toThrow(/giving pluto its configuration/);
    await expect(configured).rejects.toThrow(words);
  });

  test('a daemon that dies ends the attempt with its last words', async () => {
    await configure(control);
    // Nobody answers, and the attempt lasts until the daemon dies.
    await inside(responder, 'kill -STOP $(pidof pluto)');
    // Awaited from the start: it may end before the program that kills does.
    const dying = expect(client.connect(signal, () => {})).rejects.toMatchObject({
      code: 'broken',
      found: expect.stringContaining('exit code 137'),
    });
    await inside(client, 'kill -KILL $(pidof pluto)');
    await dying;
  });

  test('a peer that is stopped is gone from its node', async () => {
    await Promise.all([client.stop(), responder.stop()]);
    const { stdout } = await lab.node('client').exec(['pgrep', '-c', 'linux'], { signal });
    expect(stdout).toBe('0\n');
  });
});
