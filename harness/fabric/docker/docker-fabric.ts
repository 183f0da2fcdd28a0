import { networkSettings } from '../../network-settings.ts';
import type { Fabric } from '../fabric.ts';
import type { DockerLab } from './lab.ts';
import type { RunIdentity } from './labels.ts';
import { beyondContainers } from './nat-kind-rules.ts';
import { startLab } from './start-lab.ts';

/** The docker fabric; what only containers can do is in `DockerLab`. */
export interface DockerFabric extends Fabric {
  up(...call: Parameters<Fabric['up']>): Promise<DockerLab>;
}

/**
 * Topologies in containers, wired by us (design: one wire container, nodes without networks).
 * @param run whose labs these are: everything carries its marks, and goes when it dies
 * @param progress one line for the person who waits
 */
export function dockerFabric(run: RunIdentity, progress: (text: string) => void): DockerFabric {
  return {
    name: 'docker',
    beyond: (topology, nat, clients) => beyondContainers(topology, networkSettings(topology, nat), clients),
    up: (plan, signal) => startLab(run, plan, { signal, progress }),
  };
}
