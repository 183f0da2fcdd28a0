import { execa } from 'execa';
import { expect, test } from 'vitest';

/** Vitest does not run inside vitest: a process of its own hands two cells to it, then does what `steps` say. */
async function handOver(steps: string): Promise<string> {
  const at = (path: string) => JSON.stringify(new URL(path, import.meta.url).href);
  const program = `
    const { CellTests } = await import(${at('./cell-tests.ts')});
    const { plan } = await import(${at('../runner/plan.ts')});
    const { cell } = await import(${at('../cell.ts')});
    const { exampleRecord } = await import(${at('../records/testing/example-record.ts')});
    const tests = new CellTests('test', plan([cell('direct'), cell('direct', { p2: '1' })], 1));
    const ended = (id, verdict) =>
      tests.onEvent({ event: 'cell-ended', record: exampleRecord({ cell: id, verdict }) });
    const running = tests.run(new AbortController().signal);
    ${steps}
    console.log(await running.then(() => 'agreed', (error) => error.found));
    // Vitest leaves 1 there for a failed test; the command line sets its own status.
    process.exitCode = 0;
  `;
  const { stdout } = await execa(process.execPath, ['--input-type=module', '-e', program], {
    env: { NODE_OPTIONS: '', VITEST: '' },
  });
  return stdout;
}

test('each test gets the record of its cell, and vitest sees what was recorded', async () => {
  expect(await handOver(`ended('direct/p2=1', 'fail'); ended('direct', 'pass');`)).toBe('agreed');
});

test('cells that did not run are skipped', async () => {
  expect(await handOver(`ended('direct', 'broken'); tests.endWith('interrupted');`)).toBe('agreed');
});

test('a record that its test never saw is found out', async () => {
  const said = await handOver(
    `ended('direct', 'pass'); tests.endWith('over'); ended('direct/p2=1', 'pass');`,
  );
  expect(said).toBe('1 passed and 0 failed there, 2 and 0 are recorded');
});
