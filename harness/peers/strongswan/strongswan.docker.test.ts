import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Cell, cell } from '../../cell.ts';
import { dockerFabric } from '../../fabric/docker/docker-fabric.ts';
import type { Lab } from '../../fabric/fabric.ts';
import { beginRun, endRun, type Run } from '../../reaper/run.ts';
import { loadTopology } from '../../topologies.ts';
import type { Peer } from '../peer.ts';
import { exampleSettings } from '../testing/settings.ts';
import { strongswan6Driver, strongswanDriver } from './driver.ts';

const signal = new AbortController().signal;
const root = mkdtempSync(join(tmpdir(), 'crossnat-checkout-'));
const topology = loadTopology('hotel-nat');
const settings = { ...exampleSettings(topology.dial), timerFactor: 0.25 };
// The upstream versions that the images pin.
const releases = [
  {
    driver: strongswanDriver,
    version:
      /^5\.9\.8-\S+ with xl2tpd 1\.3\.18-\S+, ppp 2\.4\.9-\S+ on own kernel \(user-mode-linux 6\.1um\S+\)$/,
  },
  {
    driver: strongswan6Driver,
    version:
      /^6\.0\.1-\S+ with xl2tpd 1\.3\.18-\S+, ppp 2\.5\.2-\S+ on own kernel \(user-mode-linux 6\.12um\S+\)$/,
  },
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

  const configure = (of: Cell = control, changed: Partial<typeof settings> = {}) =>
    Promise.all([client, responder].map((peer) => peer.configure(of, { ...settings, ...changed }, signal)));

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
    expect(await responder.remains(signal)).toEqual([expect.stringMatching(/^IKE SA .* CONNECTING/)]);
  });

  test('a configuration that charon refuses is broken, with its words', async () => {
    const refused = cell('hotel-nat', { responder: driver.name, p1: 'rot13-sha1-modp1024' });
    await expect(responder.configure(refused, settings, signal)).rejects.toThrow(
      /charon its configuration.*invalid value for: proposals/,
    );
  });

  test('a peer that is stopped is gone from its node', async () => {
    await Promise.all([client.stop(), responder.stop()]);
    const { stdout } = await lab.node('client').exec(['pgrep', '-c', 'linux'], { signal });
    expect(stdout).toBe('0\n');
  });
});
