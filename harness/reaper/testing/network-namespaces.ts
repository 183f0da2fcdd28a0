import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type Docker from 'dockerode';
import { engine } from '../../fabric/docker/engine.ts';

/** The network namespaces of these containers, by inode; empty where they are on another machine or gone. */
export async function namespacesOf(containers: readonly Docker.ContainerInfo[]): Promise<Set<number>> {
  const states = await Promise.allSettled(containers.map(({ Id }) => engine().getContainer(Id).inspect()));
  const pids = states.flatMap((state) => (state.status === 'fulfilled' ? [state.value.State.Pid] : []));
  return new Set(pids.filter((pid) => pid > 0).flatMap((pid) => inodeOf(`/proc/${pid}/ns/net`)));
}

/**
 * Which of these namespaces still stand on this machine: a process is in them, or the engine holds them.
 * The kernel gives a freed inode to the next namespace: one that a container of somebody else has now is not meant.
 * @param isMine by a container's labels
 */
export async function standingOf(
  noted: ReadonlySet<number>,
  isMine: (labels: Readonly<Record<string, string>>) => boolean,
): Promise<number[]> {
  const running = await engine().listContainers();
  const others = await namespacesOf(running.filter(({ Labels }) => !isMine(Labels)));
  const standing = allNamespaces();
  return [...noted].filter((inode) => standing.has(inode) && !others.has(inode));
}

function allNamespaces(): Set<number> {
  const held = '/run/docker/netns';
  const mounted = existsSync(held) ? readdirSync(held).map((name) => join(held, name)) : [];
  const pids = existsSync('/proc') ? readdirSync('/proc').filter((name) => /^\d+$/.test(name)) : [];
  return new Set([...pids.map((pid) => `/proc/${pid}/ns/net`), ...mounted].flatMap(inodeOf));
}

function inodeOf(path: string): number[] {
  try {
    return [statSync(path).ino];
  } catch {
    // Gone between listing and looking.
    return [];
  }
}
