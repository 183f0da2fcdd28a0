import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { engine } from '../../fabric/docker/engine.ts';
import type { EngineWatch, LabEvent } from './engine-watch.ts';

/** Moments in the life of a run of office-nat, as its containers show them. */

/** Not of the containers that a run probes the engine with. */
export const inLab = ({ topology }: LabEvent): boolean => topology === 'office-nat';

export function starts(program: string): (event: LabEvent) => boolean {
  return (event) => inLab(event) && event.action.startsWith('exec_start') && event.action.includes(program);
}

const pcapHeaderOctets = 24;
const statSchema = z.object({ size: z.int() });

/** Resolves when the client has sent something: the first capture of its segment is more than a header. */
export async function firstPacket(watch: EngineWatch): Promise<void> {
  const { container } = await watch.first(starts('tcpdump'));
  const wire = engine().getContainer(container);
  for (;;) {
    const answer = await wire.infoArchive({ path: '/capture/1/access.pcap' }).catch(() => undefined);
    if (answer && sizeOf(answer.headers) > pcapHeaderOctets) return;
    await delay(20);
  }
}

/** The engine describes a file in a header of its answer. */
function sizeOf(headers: Readonly<Record<string, string>>): number {
  const described = headers['x-docker-container-path-stat'] ?? '';
  return statSchema.parse(JSON.parse(Buffer.from(described, 'base64').toString())).size;
}
