import { randomInt } from 'node:crypto';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CrossnatError } from '../../error.ts';
import type { LabPlan } from '../fabric.ts';
import { type EngineStatus, engine, engineStatus, errorText, statusCode } from './engine.ts';
import { ensureImages, type ImageBuild } from './images.ts';
import { DockerLab, type Member } from './lab.ts';
import { type ContainerNeeds, LabContainer } from './lab-container.ts';
import { buildingMark, containerLabels, type LabMarks, label, type RunIdentity } from './labels.ts';
import { lastWords } from './last-words.ts';
import { nodeNeeds, wireNeeds, withPpp } from './needs.ts';
import { interrupted } from './node.ts';
import { removeContainers } from './remove.ts';

/** The image of the wire, and of every node for which the plan names none. */
const boxImage = 'box';
const wireName = 'wire';

/** Brings a topology up. When it cannot, or is aborted, everything is removed and one error says why. */
export async function startLab(run: RunIdentity, plan: LabPlan, build: ImageBuild): Promise<DockerLab> {
  const { topology, keep } = plan;
  const doing = `bringing up ${topology.name}`;
  const marks: LabMarks = { lab: newLabId(), topology: topology.name, keep };
  const unfinished = join(run.directory, buildingMark(marks.lab));
  const checkAborted = () => {
    if (build.signal.aborted) throw interrupted(doing, build.signal);
  };
  writeFileSync(unfinished, '');
  try {
    checkAborted();
    const status = await engineStatus();
    const imageOf = (node: string) => plan.images[node] ?? boxImage;
    const nodes = Object.entries(topology.nodes);
    const tags = await ensureImages([boxImage, ...nodes.map(([name]) => imageOf(name))], build);
    checkAborted();
    build.progress(`starting ${nodes.length} nodes of ${topology.name}`);
    const start = (name: string, image: string, needs: ContainerNeeds) =>
      startMember(run, marks, name, tags[image] ?? '', needs, status.kind);
    const [wire, ...members] = await allOrFirstFailure([
      start(wireName, boxImage, wireNeeds),
      ...nodes.map(([name, node]) => start(name, imageOf(name), nodeNeeds(node))),
    ]);
    checkAborted();
    const lab = new DockerLab(marks.lab, topology, versions(status, tags), wire, members);
    build.progress(`wiring ${topology.name}`);
    await lab.wireUp(build.signal);
    return lab;
  } catch (cause) {
    await removeContainers({ [label.lab]: marks.lab });
    if (cause instanceof CrossnatError) throw cause;
    checkAborted();
    throw cause;
  } finally {
    rmSync(unfinished, { force: true });
  }
}

/** Five letters and digits that cannot be misread. */
function newLabId(): string {
  const alphabet = 'abcdefghjkmnpqrstuvwxyz23456789';
  return Array.from({ length: 5 }, () => alphabet[randomInt(alphabet.length)]).join('');
}

function versions(status: EngineStatus, tags: Readonly<Record<string, string>>): Record<string, string> {
  const images = Object.entries(tags).map(([name, tag]) => [`image ${name}`, tag]);
  return { engine: status.version, kernel: status.kernel, ...Object.fromEntries(images) };
}

/** Whether an image says so in its label, or stands on one that does: labels are inherited. */
async function needsPpp(image: string): Promise<boolean> {
  const { Config } = await engine().getImage(image).inspect();
  return Config.Labels?.[label.needs] === 'ppp';
}

/** Starts one container of a lab. @throws CrossnatError that says what the engine refused, or the container's last words. */
async function startMember(
  run: RunIdentity,
  marks: LabMarks,
  name: string,
  image: string,
  needs: ContainerNeeds,
  kind: EngineStatus['kind'],
): Promise<Member> {
  const container = `crossnat-${marks.lab}-${name}`;
  const labels = containerLabels(run, marks, name);
  try {
    const all = (await needsPpp(image)) ? withPpp(needs) : needs;
    const started = await new LabContainer(image, container, labels, all, kind).start();
    const handle = engine().getContainer(started.getId());
    const { State } = await handle.inspect();
    if (State.Running)
      return { name, container, started, handle, startedAt: State.StartedAt, pid: State.Pid };
    throw new Error((await lastWords(handle)) ?? 'its container ended at once');
  } catch (cause) {
    throw startFailure(container, errorText(cause), statusCode(cause), cause);
  }
}

/** The engine's refusal in words of what to do about it. */
export function startFailure(
  container: string,
  found: string,
  status: number | undefined,
  cause: unknown,
): CrossnatError {
  const failure = (code: 'unavailable' | 'broken', remedy: string) =>
    new CrossnatError(code, { doing: `starting the container ${container}`, found, remedy, cause });
  if (status === 409)
    return failure('broken', `Type "docker rm -f ${container}", or run it again: labs draw their names anew`);
  if (/no space left on device/i.test(found)) {
    return failure('unavailable', 'Make room on the engine\'s disk ("docker system df" shows what takes it)');
  }
  if (/\/dev\/net\/tun/.test(found)) {
    return failure('unavailable', 'Load the tun module on the engine\'s host: "modprobe tun"');
  }
  if (/operation not permitted|capabilit|not allowed|permission denied|sysctl/i.test(found)) {
    return failure('unavailable', 'Type "npm run doctor": it says what this engine does not grant');
  }
  return failure('broken', 'Type "npm run doctor"; the engine\'s own log says more');
}

/** Waits for all to settle, so that nothing comes up behind the clean-up's back; then throws the first failure. */
async function allOrFirstFailure<First, Rest>(
  each: readonly [Promise<First>, ...Promise<Rest>[]],
): Promise<[First, ...Rest[]]> {
  await Promise.allSettled(each);
  const [first, ...rest] = each;
  return [await first, ...(await Promise.all(rest))];
}
