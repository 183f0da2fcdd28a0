import { expect, test } from 'vitest';
import { pairsReport } from './pairs.ts';
import type { CellLine } from './recording.ts';
import { exampleCell, exampleRecording } from './testing/example-recording.ts';

const report = (...cells: CellLine[]) => pairsReport(exampleRecording(cells));
/** The cells of the table's line that begins with this. */
const row = (text: string, begin: string) =>
  text
    .split('\n')
    .find((line) => line.startsWith(`| ${begin}`))
    ?.split('|')
    .slice(2, -1)
    .map((part) => part.trim());

const failed: Partial<CellLine> = {
  verdict: 'fail',
  why: 'expected to connect, but stopped at esp: esp-dropped',
};

test('a table for each placement where strangers play: rows clients, columns responders, with versions', () => {
  const text = report(
    exampleCell('hotel-nat/client=strongswan'),
    exampleCell('direct/client=strongswan/responder=strongswan'),
    exampleCell('direct'),
    exampleCell('direct/responder=strongswan'),
    exampleCell('remote-office-nat'),
  );
  const [direct = '', hotel = ''] = text.split('**hotel-nat**');
  expect(direct).toContain('**direct**: Client and main office both directly on the internet');
  expect(row(direct, 'client ↓')).toEqual(['`ts:alliedware`', '`strongswan`<br>5.9.8']);
  expect(row(direct, '`ts:windows-xp-sp2`')).toEqual(['✓ connects', '✓ connects']);
  expect(row(direct, '`strongswan`<br>5.9.8')).toEqual(['·', '✓ connects']);
  expect(row(hotel, '`strongswan`')).toEqual(['✓ connects']);
  // Our stack alone is no pair with a stranger.
  expect(text).not.toContain('remote-office-nat');
});

test('what does not connect has its reason below, equal reasons once', () => {
  const unsupported: Partial<CellLine> = {
    verdict: 'unsupported',
    why: 'it has no DES (compiled *without*)',
  };
  const text = report(
    exampleCell('direct/client=libreswan', unsupported),
    exampleCell('hotel-nat/client=libreswan', unsupported),
    exampleCell('hotel-nat/client=strongswan', { ...failed, disputed: true }),
  );
  expect(row(text, '`libreswan`')).toEqual(['– unsupported <sup>1</sup>']);
  expect(row(text, '`strongswan`')).toEqual(['**FAILED** (disputed) <sup>2</sup>']);
  expect(text).toContain('\n1. it has no DES (compiled \\*without\\*)\n2. expected to connect, but stopped');
  expect(text.match(/<sup>1<\/sup>/g)).toHaveLength(2);
});

test('where our stack fails and the control fails too, the report says so; where it does not, too', () => {
  const text = report(
    exampleCell('direct/responder=softether', failed),
    exampleCell('direct/client=strongswan/responder=softether', { verdict: 'fail', why: 'no answer' }),
    exampleCell('direct/client=libreswan/responder=softether'),
  );
  expect(text).toContain(
    'stopped at esp: esp-dropped. ' +
      'Control (**FAILED**): `strongswan` with `softether`. ' +
      'Control (✓ connects): `libreswan` with `softether`\n',
  );
  // The control itself has none.
  expect(text).toContain('\n2. no answer\n');
});

test('SA specifications and port settings: one word where all placements agree, the odd one by name', () => {
  const text = report(
    exampleCell('direct/client=strongswan'),
    exampleCell('direct/client=strongswan/p2=1'),
    exampleCell('hotel-nat/client=strongswan/p2=1'),
    exampleCell('direct/client=strongswan/p2=3'),
    exampleCell('hotel-nat/client=strongswan/p2=3', failed),
    exampleCell('direct/client=strongswan/ports=rport', {
      expected: ['phase2: no-policy'],
      why: 'as it must',
    }),
    exampleCell('direct/p2=4'),
  );
  expect(row(text, 'client → responder')).toEqual([
    '`p2=1`<br>3des-sha1',
    '`p2=2`<br>3des-md5',
    '`p2=3`<br>des-sha1',
    '`p2=4`<br>des-md5',
    '`ports=rport`',
    '`ports=none`',
  ]);
  expect(row(text, '`strongswan` → `ts:alliedware`')).toEqual([
    '✓ connects',
    '·',
    '✓ connects: direct<br>**FAILED** <sup>1</sup>: hotel-nat',
    '·',
    '✗ phase2: no-policy <sup>2</sup>: direct',
    '·',
  ]);
  expect(text).not.toContain('`ts:windows-xp-sp2` →');
});

test('versions, and when, how often, by what and where it was recorded', () => {
  const text = report(exampleCell('direct/client=strongswan'));
  expect(text).toContain('- `strongswan`: 5.9.8-5+deb12u5 with xl2tpd 1.3\n- `ts`: stack 0a1b on Node v24\n');
  expect(text).toContain(
    'Recorded on 2 January 2026: 1 cell in 1 run, by `npm test -- --tier nightly`, on x64, Linux 6.1, Docker 20.10, at commit 0123456789ab.',
  );
  const cut = pairsReport(exampleRecording([exampleCell('direct/client=strongswan')], { notRun: 2 }));
  expect(cut).toContain('2 cells more did not run.');
});
