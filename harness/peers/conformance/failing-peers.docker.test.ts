import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, test } from 'vitest';
import { type Cell, cell } from '../../cell.ts';
import { dockerFabric } from '../../fabric/docker/docker-fabric.ts';
import type { LabNode } from '../../fabric/fabric.ts';
import { beginRun, endRun, type Run } from '../../reaper/run.ts';
import { deadlines } from '../../runner/steps.ts';
import { type Harm, harmedRun } from './testing/harmed-run.ts';

/**
 * Peers that die, hang or refuse while a cell is played, as a run meets them: never a hang of the run, never a
 * verdict about the connection, and words for whoever reads the record.
 */
const root = mkdtempSync(join(tmpdir(), 'crossnat-checkout-'));
const theirs = { ...deadlines };
let run: Run;

beforeAll(async () => {
  run = await beginRun(root);
  // A hung peer costs all of a deadline; none of these is one that a busy machine needs.
  Object.assign(deadlines, { step: 40_000, salvage: 8000, connect: 20_000 });
});

afterAll(async () => {
  Object.assign(deadlines, theirs);
  await endRun(run);
  rmSync(root, { recursive: true });
});

const play = (values: Partial<Cell>, harm?: Harm) =>
  harmedRun(
    dockerFabric(run, () => {}),
    cell('direct', values),
    harm,
  );

/** Sends a signal to programs by their names (`charon`) or, behind -f, by a part of their command lines. */
async function send(signalName: 'KILL' | 'STOP', place: LabNode, ...programs: string[]): Promise<void> {
  const signal = new AbortController().signal;
  const { exitCode } = await place.exec(['pkill', `-${signalName}`, ...programs], { signal });
  if (exitCode !== 0) throw new Error(`no ${programs.join(' ')} runs in ${place.name}`);
}

/** In all of these the client's key is wrong: it repeats a message for seconds, and meanwhile harm is done. */
interface Failure {
  readonly what: string;
  readonly values: Partial<Cell>;
  readonly harm: Harm;
  /** In the record's `why`: what was being done or was running, how that shows, and its last words. */
  readonly why: readonly RegExp[];
}

const deaths: readonly Failure[] = [
  {
    what: 'the daemon of a Linux client',
    values: { client: 'strongswan' },
    harm: ({ client }) => send('KILL', client.programs, 'charon'),
    why: [/^running charon in node client: it ended with exit code 137: /, /\[(ENC|NET|IKE)\] <l2tp\|1> /],
  },
  {
    what: 'the kernel of a Linux client',
    values: { client: 'strongswan' },
    harm: ({ client }) => send('KILL', client.node, 'linux'),
    why: [/ in node client: /, /the kernel ended with exit code 137/],
  },
  {
    what: 'the daemon of a Linux responder',
    values: { responder: 'strongswan' },
    harm: ({ responder }) => send('KILL', responder.programs, 'charon'),
    why: [/^running charon in node responder: it ended with exit code 137: /, /\[(ENC|NET|IKE|CFG)\] /],
  },
  {
    what: 'SoftEther',
    values: { responder: 'softether' },
    harm: ({ responder }) => send('KILL', responder.programs, 'vpnserver'),
    why: [/^running SoftEther in node responder: its last words: .*; vpnserver is not running any more/],
  },
  {
    what: 'the kernel of a Linux responder',
    values: { responder: 'strongswan' },
    harm: ({ responder }) => send('KILL', responder.node, 'linux'),
    why: [/ in node responder: /, /the kernel ended with exit code 137/],
  },
  {
    what: 'our stack as a client',
    values: {},
    harm: ({ client }) => send('KILL', client.programs, '-f', 'agent/agent.ts'),
    why: [/^running our stack in node client: it ended with exit code 137; its last words: /, /ike-message/],
  },
  {
    what: 'our stack as a responder',
    values: {},
    harm: ({ responder }) => send('KILL', responder.programs, '-f', 'agent/agent.ts'),
    why: [
      /^running our stack in node responder: it ended with exit code 137; its last words: /,
      /ike-message/,
    ],
  },
];

const hangs: readonly Failure[] = [
  {
    what: 'the daemon of a Linux client',
    values: { client: 'strongswan' },
    harm: ({ client }) => send('STOP', client.programs, 'charon'),
    why: [/^connecting: no end within 20 s/],
  },
  {
    what: 'the daemon of a Linux responder',
    values: { responder: 'strongswan' },
    harm: ({ responder }) => send('STOP', responder.programs, 'charon'),
    why: [/^reading what is left at the responder: no end within 40 s/],
  },
  {
    what: 'SoftEther',
    values: { responder: 'softether' },
    harm: ({ responder }) => send('STOP', responder.programs, 'vpnserver'),
    // vpncmd gives up before the deadline does.
    why: [/^giving SoftEther 1 commands in node responder: .*Error code/],
  },
  {
    what: 'our stack as a client',
    values: {},
    harm: ({ client }) => send('STOP', client.programs, '-f', 'agent/agent.ts'),
    why: [/^connecting: no end within 20 s/],
  },
];

const failures = [
  ...deaths.map((failure) => ({ ...failure, what: `${failure.what} dies`, dies: true })),
  ...hangs.map((failure) => ({ ...failure, what: `${failure.what} hangs`, dies: false })),
];

/** A user-mode-linux in which a program was killed has been seen to hang as a whole: 1 of some 60, broken as it should be. */
const hungInstead = /: no end within 40 s/;

test.concurrent.for(failures)('$what: broken', async ({ values, harm, why, dies }, { expect }) => {
  const once = () => play({ psk: 'wrong', ...values }, harm);
  const first = await once();
  const { record, written } = dies && hungInstead.test(first.record.why ?? '') ? await once() : first;
  expect(first.record.verdict, first.record.why).toBe('broken');
  expect(record.verdict, record.why).toBe('broken');
  for (const words of why) expect(record.why).toMatch(words);
  for (const end of ['client', 'responder']) {
    expect(written.get(record.files.logs[end] ?? ''), `last words of the ${end}`).toMatch(/\S/);
  }
});

/** Cells that their peers decline, played all the same: what the programs themselves say of it. */
const refusals = [
  {
    what: 'a Linux peer',
    values: { responder: 'strongswan', p1: 'rot13-sha1-modp1024' },
    declared: /^strongSwan was not seen to do rot13 in phase 1 \(/,
    why: /^could not be attempted: giving charon its configuration in node responder: .*invalid value for: proposals/,
  },
  {
    what: 'our stack',
    values: { p1: 'rot13-sha1-modp768' },
    declared: /^AlliedWare has no phase 1 encryption rot13/,
    why: /^could not be attempted: changing the How-To's script for a cell: AlliedWare has no phase 1 encryption rot13/,
  },
];

test.concurrent.for(refusals)(
  '$what refuses its configuration: unsupported, and broken in its own words where it is tried',
  async ({ values, declared, why }, { expect }) => {
    const { record } = await play(values);
    expect(record).toMatchObject({ verdict: 'unsupported', attempted: { verdict: 'broken' } });
    expect(record.why).toMatch(declared);
    expect(record.attempted?.why).toMatch(why);
  },
);
