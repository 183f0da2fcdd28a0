import { existsSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { Machine } from './plan.ts';

/** This machine, as far as it decides how to come to an engine. */
export function thisMachine(refused: boolean): Machine {
  return {
    platform: process.platform,
    root: process.getuid?.() === 0,
    distribution: existsSync('/etc/os-release') ? distribution(readFileSync('/etc/os-release', 'utf8')) : [],
    installed: findProgram('dockerd') !== undefined,
    // sd_booted(3): this directory exists exactly where systemd is the init system.
    systemd: existsSync('/run/systemd/system'),
    dockerHost: process.env.DOCKER_HOST || undefined,
    refused,
  };
}

/** The distribution and those it descends from, by os-release(5): `ID`, then `ID_LIKE`. */
export function distribution(osRelease: string): string[] {
  const value = (key: string) =>
    new RegExp(`^${key}=["']?([^"'\\n]*)`, 'm').exec(osRelease)?.[1]?.split(/\s+/) ?? [];
  return [...value('ID'), ...value('ID_LIKE')].filter((word) => word !== '');
}

/** Where a program lies; looks beside PATH where root's tools are, for a root that came by plain `su`. */
export function findProgram(name: string): string | undefined {
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/local/sbin', '/usr/sbin', '/sbin'];
  return folders.map((folder) => join(folder, name)).find(existsSync);
}
