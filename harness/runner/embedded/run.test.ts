import { expect, test } from 'vitest';
import { type Cell, cell } from '../../cell.ts';
import { type CellRecord, recordSchema } from '../../record.ts';
import type { RunEvent } from '../parts.ts';
import { plan } from '../plan.ts';
import { type EmbeddedRunOptions, runEmbedded } from './run.ts';

/** Runs cells with a recorder in memory; `onAppend` may throw or interrupt. */
async function run(
  cells: readonly Cell[],
  {
    onAppend = () => {},
    ...options
  }: Partial<EmbeddedRunOptions> & { onAppend?: (record: CellRecord) => void } = {},
  interruption = new AbortController(),
) {
  const written: string[] = [];
  const lines: string[] = [];
  const events: RunEvent[] = [];
  const recorder = {
    run: 'r',
    cellDirectory: (name: string) => `cells/${name}`,
    appendLines: (texts: readonly string[]) => {
      for (const text of texts) onAppend(recordSchema.parse(JSON.parse(text)));
      lines.push(...texts);
    },
    writeBytes: (relative: string) => void written.push(relative),
  };
  const probe = { fabric: 'embedded', facts: { fabric: 'embedded' }, lacks: [] } as const;
  const all = { seed: 's', bail: false, versions: {}, stack: 'stack', probe, ...options };
  const outcome = await runEmbedded(recorder, plan(cells, 1), all, interruption.signal, (event) =>
    events.push(event),
  );
  return { ...outcome, written, lines, events };
}

/** What of a record does not depend on when and where it was made. */
function lasting({ startedAt, durationMs, ...rest }: CellRecord): object {
  return rest;
}

const some = [cell('direct'), cell('office-nat', { p2: '4' }), cell('direct', { psk: 'wrong' })];

test('cells come out as expected, in the order of the list, with captures and a canary that failed', async () => {
  const { records, canary, notRun, failure, written } = await run(some);
  expect(records.map(({ cell: id, verdict }) => `${id}: ${verdict}`)).toEqual([
    'direct: pass',
    'office-nat/p2=4: pass',
    'direct/psk=wrong: pass',
  ]);
  expect(records[0]).toMatchObject({ fabric: 'embedded', host: { fabric: 'embedded' } });
  expect(canary).toMatchObject({ verdict: 'fail', canary: true, cell: 'direct/psk=wrong' });
  expect([notRun, failure]).toEqual([[], undefined]);
  expect(records[0]?.files.captures).toMatchObject({ office: 'cells/direct/office.pcap' });
  expect(written).toContain('cells/office-nat,p2=4/interconn.pcap');
});

test('the command that plays a cell again has it played in this process again', async () => {
  const { records } = await run([cell('direct')]);
  expect(records[0]?.replay).toMatch(/^npm test -- --fabric embedded --cell direct --seed \w+$/);
});

test('the same seed gives the same records, however many workers there are', async () => {
  const [one, other] = [await run(some), await run(some)];
  expect(one.records.map(lasting)).toEqual(other.records.map(lasting));
});

test('what needs containers is unavailable, and what a peer or a topology cannot is unsupported', async () => {
  const { records } = await run([
    cell('direct', { responder: 'softether' }),
    cell('direct', { clients: 2 }),
    cell('direct', { client: 'ts:plain', responder: 'ts:plain', p2: '1-2', ports: 'rport' }),
  ]);
  expect(records.map(({ verdict, why }) => `${verdict}: ${why}`)).toEqual([
    'unavailable: the embedded fabric carries our own stack alone, and softether needs containers',
    'unsupported: direct has a place for one client',
    expect.stringMatching(/^unsupported: /),
  ]);
});

test('a cell that cannot be set up is broken, and the others are played', async () => {
  const { records } = await run([cell('direct', { user: 'nobody' }), cell('direct')]);
  expect(records.map(({ verdict }) => verdict)).toEqual(['broken', 'pass']);
  expect(records[0]?.why).toContain('there is no user "nobody"');
});

test('a record that cannot be written ends the run, with what there was', async () => {
  const onAppend = (record: CellRecord) => {
    if (record.cell === 'direct/p2=2') throw new Error('disk full');
  };
  const cells = ['1', '2', '3'].map((p2) => cell('direct', { p2 }));
  const { records, failure, notRun, canary } = await run(cells, { onAppend });
  expect(records.map(({ cell: id }) => id)).toEqual(['direct/p2=1']);
  expect(failure?.error).toMatchObject({ message: 'disk full' });
  expect([notRun.length, canary]).toEqual([2, undefined]);
});

test('an interruption keeps what had ended', async () => {
  const interruption = new AbortController();
  const { records, notRun, canary } = await run(
    [cell('direct'), cell('office-nat')],
    { onAppend: () => interruption.abort() },
    interruption,
  );
  expect(records.map(({ cell: id }) => id)).toEqual(['direct']);
  expect([notRun.length, canary]).toEqual([1, undefined]);
});

test('with bail nothing is recorded after the first cell that is not as expected', async () => {
  const { records, notRun } = await run([cell('direct', { user: 'nobody' }), cell('direct')], { bail: true });
  expect(records.map(({ verdict }) => verdict)).toEqual(['broken']);
  expect(notRun).toHaveLength(1);
});

test('a large run keeps lean records of what is as expected, whole ones of the rest, and writes all of them whole', async () => {
  const cells = Array.from({ length: 1001 }, () => cell('direct', { responder: 'softether' }));
  const { records, lines, written } = await run([
    ...cells,
    cell('direct'),
    cell('direct', { user: 'nobody' }),
  ]);
  expect(lines).toHaveLength(1004);
  const [connected, broken] = [records[1001], records[1002]];
  expect(connected).toMatchObject({
    cell: 'direct',
    verdict: 'pass',
    axes: { topology: 'direct' },
    versions: {},
  });
  expect(connected?.observed).toEqual({ outcome: 'connected', stageReached: 'traffic', checks: [] });
  expect(JSON.parse(lines[1001] ?? '')).toMatchObject({
    observed: { outcome: 'connected' },
    keyPairs: 'shared',
  });
  expect(broken).toMatchObject({ verdict: 'broken', host: { fabric: 'embedded' } });
  expect(written.filter((file) => !file.startsWith('cells/canary'))).toEqual([]);
});

test('a cell whose end misbehaves has key pairs of its own', async () => {
  const { records } = await run([cell('office-nat', { impair: 'wrong-hash' })]);
  expect(records[0]).not.toHaveProperty('keyPairs');
});
