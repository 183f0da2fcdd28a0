import { existsSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { engine } from '../../fabric/docker/engine.ts';
import { label, withLabels } from '../../fabric/docker/labels.ts';
import { runsWithFiles } from '../../reaper/run-files.ts';
import { namespacesOf, standingOf } from '../../reaper/testing/network-namespaces.ts';
import type { Checkout } from './checkout.ts';

/** What is left of a checkout's runs. */
export interface Left {
  readonly containers: readonly string[];
  /** Network namespaces that the noted containers had. */
  readonly namespaces: readonly number[];
  /** Command lines. */
  readonly processes: readonly string[];
  readonly runFiles: readonly string[];
}

export const nothing: Left = { containers: [], namespaces: [], processes: [], runFiles: [] };

/** The network namespaces, by inode, of a checkout's containers as they are now. */
export async function namespacesOfCheckout({ mark }: Checkout): Promise<Set<number>> {
  return namespacesOf(await containersOf(mark));
}

/**
 * What there still is: containers by label, and on this machine the namespaces, the processes that belong to the
 * checkout or to one of its containers, and run files.
 */
export async function leftOf(
  checkout: Checkout,
  namespaces: ReadonlySet<number>,
  containers: ReadonlySet<string>,
): Promise<Left> {
  const found = await containersOf(checkout.mark);
  return {
    containers: found.map(({ Names }) => Names.join()),
    namespaces: await standingOf(namespaces, (labels) => labels[label.checkout] === checkout.mark),
    processes: processesWith([checkout.path, ...containers]),
    runFiles: runsWithFiles(checkout.path),
  };
}

function containersOf(mark: string) {
  return engine().listContainers({ all: true, filters: withLabels({ [label.checkout]: mark }) });
}

/** Command lines of the processes that name one of these texts, work there or are in such a control group. */
function processesWith(texts: readonly string[]): string[] {
  return processIds().flatMap((pid) => {
    try {
      const commandLine = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
      // A process that has ended, but was not waited for, has no command line any more.
      if (commandLine === '') return [];
      const control = readFileSync(`/proc/${pid}/cgroup`, 'utf8');
      const about = [commandLine, control, readlinkSync(`/proc/${pid}/cwd`)].join('\n');
      return texts.some((text) => about.includes(text)) ? [`${pid} ${commandLine}`] : [];
    } catch {
      // It ended between listing and looking.
      return [];
    }
  });
}

function processIds(): string[] {
  return existsSync('/proc') ? readdirSync('/proc').filter((name) => /^\d+$/.test(name)) : [];
}
