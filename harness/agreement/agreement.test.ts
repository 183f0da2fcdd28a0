import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parseCellId } from '../cell.ts';
import type { CellRecord } from '../record.ts';
import { playCell } from '../runner/embedded/cell-player.ts';
import { agreementOf, disagreement } from './agreement.ts';
import { differences } from './shown.ts';

const frame = { run: 'r', seed: '7', host: {}, versions: {}, stack: 'stack' };

/** A cell as if containers had played it, and its captures. */
function inContainers(id: string) {
  const { record, captures } = playCell(frame, { cell: parseCellId(id), repeat: 1 });
  const files = captures();
  const names = Object.fromEntries(Object.keys(files).map((segment) => [segment, segment]));
  const played: CellRecord = { ...record, fabric: 'docker', files: { captures: names, logs: {} } };
  return { played, read: (file: string) => files[file] ?? new Uint8Array() };
}

const connected = inContainers('office-nat');

/** The record, with other words at one end. */
function sawElse(end: 'client' | 'responder', changes: object): CellRecord {
  const { played } = connected;
  const { observed } = played;
  const saw = observed?.[end];
  if (!observed || !saw) throw new Error('the cell was not observed');
  return { ...played, observed: { ...observed, [end]: { ...saw, ...changes } } };
}

test.each(['office-nat', 'direct/psk=wrong', 'hotel-nat/natt=off', 'shared-nat/clients=2'])(
  '%s agrees with itself',
  (id) => {
    const { played, read } = inContainers(id);
    expect(disagreement(played, read)).toEqual([]);
  },
);

const { played } = connected;
const outcome = (text: string): CellRecord => ({
  ...played,
  observed: { ...played.observed, checks: [], outcome: text },
});
test.each<[what: string, changed: CellRecord, found: string]>([
  ['the verdict', { ...played, verdict: 'fail' }, 'verdict: fail (docker), pass (embedded)'],
  [
    'the stage',
    outcome('stopped at ppp-auth: auth-failed'),
    'outcome: stopped at ppp-auth: auth-failed (docker), connected (embedded)',
  ],
  [
    'phase 1',
    sawElse('client', { phase1: '3des-sha1-modp1024' }),
    'phase 1 at the client: 3des-sha1-modp1024 (docker), des-sha1-modp768 (embedded)',
  ],
  [
    'phase 2',
    sawElse('responder', { phase2: undefined }),
    'phase 2 at the responder: none (docker), 3des-sha1 (embedded)',
  ],
  [
    'NAT',
    sawElse('responder', { natSeen: { localBehindNat: false, peerBehindNat: false } }),
    "NAT seen by the responder: own false, peer's false (docker), own true, peer's false (embedded)",
  ],
  [
    'encapsulation',
    sawElse('client', { encapsulation: 'none' }),
    'encapsulation at the client: none (docker), udp (embedded)',
  ],
])('another word about %s is a difference', (_, changed, found) => {
  expect(disagreement(changed, connected.read)).toEqual([found]);
});

const rekeyed = inContainers('direct/event=rekey-by-client');
const restarted = inContainers('direct/event=responder-restart');

/** The record of a cell in which something happens, with other words about that. */
function withOther(
  { played: record }: typeof connected,
  change: (observed: NonNullable<CellRecord['observed']>) => CellRecord['observed'],
): CellRecord {
  if (!record.observed) throw new Error('the cell was not observed');
  return { ...record, observed: change(record.observed) };
}

test('who replaced SAs is compared, and what came of dialling again', () => {
  const byResponder = withOther(rekeyed, ({ client, ...others }) => ({
    ...others,
    client: client && {
      ...client,
      replaced: { phase1: { bySelf: 0, byPeer: 1 }, phase2: { bySelf: 1, byPeer: 0 } },
    },
  }));
  expect(disagreement(byResponder, rekeyed.read)).toEqual([
    'new SAs of phases 1 and 2 begun by: responder; client (docker), client; client (embedded)',
  ]);
  const redialled = (redial: object | undefined) =>
    withOther(restarted, ({ event, ...others }) => ({
      ...others,
      event: event && { ...event, redial: redial && { connected: true, detail: '', ...redial } },
    }));
  const [here] = disagreement(redialled({ innerAddress: '192.168.8.99' }), restarted.read);
  expect(here).toMatch(/^dialled again: connected true, address 192\.168\.8\.99 \(docker\), connected true/);
  const [failed] = disagreement(redialled({ connected: false }), restarted.read);
  expect(failed).toMatch(/^dialled again: connected false, address none \(docker\)/);
  expect(disagreement(redialled(undefined), restarted.read)[0]).toMatch(/^dialled again: no \(docker\)/);
});

test('what either shows and the other does not is a difference', () => {
  const [one, none] = [new Map([['phase 1', 'des']]), new Map<string, string>()];
  expect(differences(one, none, ['docker', 'embedded'])).toEqual([
    'phase 1: des (docker), nothing (embedded)',
  ]);
  expect(differences(none, one, ['docker', 'embedded'])).toEqual([
    'phase 1: nothing (docker), des (embedded)',
  ]);
});

test('cells that failed are compared as well as those that passed', () => {
  const directory = mkdtempSync(join(tmpdir(), 'agreement-'));
  try {
    for (const file of Object.values(played.files.captures)) {
      writeFileSync(join(directory, file), connected.read(file));
    }
    expect(agreementOf([played, { ...played, verdict: 'fail' }], directory)).toEqual({
      compared: 2,
      disagreements: [{ cell: 'office-nat', differences: ['verdict: fail (docker), pass (embedded)'] }],
    });
  } finally {
    rmSync(directory, { recursive: true });
  }
});

test('the reason alone is a difference, and so is one client of several', () => {
  const stopped = inContainers('direct/psk=wrong');
  const observed = { ...stopped.played.observed, checks: [], outcome: 'stopped at phase1: no-answer' };
  expect(disagreement({ ...stopped.played, observed }, stopped.read)).toEqual([
    'outcome: stopped at phase1: no-answer (docker), stopped at phase1: auth-failed (embedded)',
  ]);
  const two = inContainers('shared-nat/clients=2');
  const others = two.played.others?.map((other) => ({ ...other, verdict: 'fail' as const }));
  expect(disagreement({ ...two.played, others }, two.read)).toEqual([
    'client 2: verdict: fail (docker), pass (embedded)',
  ]);
});

test('another message on a segment is a difference, and a segment that nobody captured is one', () => {
  const stopped = inContainers('office-nat/psk=wrong');
  const found = disagreement(connected.played, (file) =>
    file === 'interconn' ? stopped.read(file) : connected.read(file),
  );
  expect(found).toHaveLength(2);
  expect(found.join()).toMatch(/to the responder on interconn: .*quick mode 1/);
  const { interconn, ...captures } = connected.played.files.captures;
  const lacking = { ...connected.played, files: { captures, logs: {} } };
  expect(disagreement(lacking, connected.read).join()).toMatch(/on interconn: nothing \(docker\)/);
});

test('what was not judged, or is not our own stack at both ends, is not compared', () => {
  const unjudged: CellRecord[] = [
    { ...played, verdict: 'broken' },
    { ...played, fabric: 'embedded' },
    { ...played, cell: 'office-nat/responder=softether' },
  ];
  expect(agreementOf(unjudged, '/nowhere')).toEqual({ compared: 0, disagreements: [] });
});
