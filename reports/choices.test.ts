import { expect, test } from 'vitest';
import { choicesReport } from './choices.ts';
import type { CellLine } from './recording.ts';
import { exampleCell, exampleRecording } from './testing/example-recording.ts';

const report = (...cells: CellLine[]) => choicesReport(exampleRecording(cells));
const agreed: Partial<CellLine> = {
  phase1: '3des-sha1-modp2048',
  phase2: '3des-md5',
  natTraversal: 'draft-02n',
  encapsulation: 'udp',
};

test('a pair shows what its ends agreed on, and one that got no further how far', () => {
  const text = report(
    exampleCell('hotel-nat/client=strongswan', agreed),
    exampleCell('hotel-nat/client=libreswan', { phase1: 'aes256-sha1-modp2048' }),
  );
  expect(text).toContain('| `strongswan` | 3des-sha1-modp2048<br>3des-md5<br>draft-02n<br>ESP in UDP |');
  expect(text).toContain('| `libreswan` | aes256-sha1-modp2048<br>no phase 2 |');
});

test('cells with a setting of their own, several clients or nothing agreed on are no choice', () => {
  const text = report(
    exampleCell('direct/client=strongswan', agreed),
    exampleCell('direct/responder=strongswan/p2=3', agreed),
    exampleCell('shared-nat/clients=2', agreed),
    exampleCell('office-nat'),
  );
  expect(text).not.toMatch(/shared-nat|office-nat|`ts:windows-xp-sp2`/);
});

test('a placement that shows the same as an earlier one says so in one line', () => {
  const text = report(
    exampleCell('hotel-nat/client=strongswan', agreed),
    exampleCell('both-nat/client=strongswan', agreed),
  );
  expect(text).toMatch(/\*\*(hotel|both)-nat\*\*: as over (both|hotel)-nat\./);
});
