import { join } from 'node:path';
import picocolors from 'picocolors';
import { CrossnatError } from '../error.ts';
import { beginRun, endRun } from '../reaper/run.ts';
import { allProbes, probeHost, type Report } from './host.ts';

/** `npm run doctor`: what this host can carry, one line per probe. Exit status 0, or 3 when something is lost. */
export async function doctorCommand(): Promise<number> {
  const reports = await probeThisHost();
  for (const report of reports) console.log(reportText(report));
  const lost = reports.filter(({ outcome }) => outcome.ok !== true).length;
  console.log(
    lost === 0 ? `All ${reports.length} probes are ok.` : `${lost} of ${reports.length} probes are not ok.`,
  );
  return lost === 0 ? 0 : 3;
}

async function probeThisHost(): Promise<Report[]> {
  const names = allProbes.map(({ name }) => name);
  const signal = new AbortController().signal;
  try {
    const run = await beginRun(join(import.meta.dirname, '..', '..'));
    try {
      return await probeHost(names, run, signal, console.log);
    } finally {
      await endRun(run);
    }
  } catch (cause) {
    // Without an engine there is no run to begin: the probes say so themselves.
    if (!(cause instanceof CrossnatError) || cause.code !== 'unavailable') throw cause;
    return await probeHost(names, { id: 'none', checkout: 'none', directory: '' }, signal, console.log);
  }
}

/** `✓ tun           makes a tun interface in an endpoint: /dev/net/tun`; what is lost takes a second line. */
export function reportText({ probe, outcome }: Report): string {
  const name = probe.name.padEnd(13);
  if (outcome.ok === undefined) {
    return `${picocolors.dim('–')} ${name} ${picocolors.dim(`not probed, since ${outcome.since} is not ok`)}`;
  }
  if (outcome.ok) return `${picocolors.green('✓')} ${name} ${probe.does}: ${outcome.fact}`;
  const remedy = `${' '.repeat(16)}${outcome.remedy}`;
  return `${picocolors.red('✗')} ${name} ${probe.does}. Lost: ${outcome.lost}\n${remedy}`;
}
