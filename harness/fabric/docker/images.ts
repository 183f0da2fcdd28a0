import { mkdirSync, rmSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pack } from 'tar-stream';
import { CrossnatError } from '../../error.ts';
import { waitForLock } from '../../reaper/lock.ts';
import { debianRoot, hasImage, lastLines, type ScratchBuild } from './debian-root.ts';
import { type EngineStatus, engine, engineStatus, errorText } from './engine.ts';
import { followProgress } from './engine-stream.ts';
import { type ImageFile, imageFiles } from './image-hash.ts';
import { type ImagePlan, planImages, projectRoot } from './image-plan.ts';
import { label } from './labels.ts';
import { packageDirectory } from './npm-packages.ts';

export interface ImageBuild {
  readonly signal: AbortSignal;
  /** One line for the person who waits: `building image box (step 3/4)`. */
  progress(text: string): void;
}

/**
 * Makes sure that these images are on the engine: builds those whose content hash is new, bases first.
 * Two runs at once build once.
 * @param names folders under `images/`, with `@trixie` for another Debian suite than the usual one.
 * @returns tag by image name.
 * @throws CrossnatError for an unknown image, a build that fails (with its last lines), no room, no base.
 */
export async function ensureImages(
  names: readonly string[],
  build: ImageBuild,
): Promise<Record<string, string>> {
  const { architecture, kind } = await engineStatus();
  const { plans, tags } = planImages(names, architecture);
  const missing = async () => {
    const here = await Promise.all(plans.map((plan) => hasImage(plan.tag)));
    return plans.filter((_, index) => !here[index]);
  };
  if ((await missing()).length > 0) {
    await withBuildLock(build, async (scratchBuild) => {
      for (const plan of await missing()) await buildImage(plan, architecture, kind, scratchBuild);
    });
  }
  return tags;
}

/** Who has the lock builds alone, and owns the scratch directory: what is in it already is a killed build's. */
async function withBuildLock(build: ImageBuild, work: (build: ScratchBuild) => Promise<void>): Promise<void> {
  // Beside the checkout, not in it: two checkouts on one engine make the same images. Not in /tmp, which
  // may be a small one in memory where debootstrap can make no devices.
  const parent = process.platform === 'linux' ? '/var/tmp' : tmpdir();
  const scratch = join(parent, `crossnat-images-${userInfo().uid}`);
  const lock = await waitForLock(`${scratch}.lock`, build.signal, () =>
    build.progress('waiting for another build'),
  );
  const empty = () => rmSync(scratch, { recursive: true, force: true });
  try {
    empty();
    mkdirSync(scratch, { mode: 0o700 });
    await work({ ...build, scratch });
  } finally {
    empty();
    lock.release();
  }
}

async function buildImage(
  plan: ImagePlan,
  architecture: string,
  kind: EngineStatus['kind'],
  build: ScratchBuild,
): Promise<void> {
  const { name, suite } = plan;
  const lines: string[] = [];
  build.progress(`building image ${name}`);
  try {
    const base = plan.base?.tag ?? (await debianRoot(suite, architecture, build));
    const context = await buildContext(plan, build.scratch, build.signal);
    const stream = await engine().buildImage(context, {
      t: plan.tag,
      buildargs: { base, suite, arch: architecture, ...proxySettings() },
      labels: { [label.project]: 'crossnat', [label.image]: name },
      // The host's own way to the mirror: the engine's bridge may be missing, or have a larger MTU or other
      // name servers than the host. Mapped user namespaces do not get at it.
      networkmode: kind === 'userns-remap' ? 'default' : 'host',
      rm: true,
      forcerm: true,
      abortSignal: build.signal,
    });
    await followProgress(stream, (line) => {
      lines.push(line);
      const step = /^Step (\d+\/\d+)/.exec(line)?.[1];
      if (step) build.progress(`building image ${name} (step ${step})`);
    });
  } catch (cause) {
    build.signal.throwIfAborted();
    if (cause instanceof CrossnatError) throw cause;
    throw buildFailure(name, lines, errorText(cause), cause);
  }
}

/** One message for a build that failed; a full disk is named as such. */
export function buildFailure(
  name: string,
  lines: readonly string[],
  error: string,
  cause: unknown,
): CrossnatError {
  const full = /no space left on device/i.test([...lines, error].join('\n'));
  return new CrossnatError('unavailable', {
    doing: `building image ${name}`,
    found: full ? "the engine's disk is full" : lastLines([...lines, error].join('\n')),
    remedy: full
      ? 'Make room (what "docker system df" shows can be removed with "docker system prune")'
      : 'Look at the last lines above; a build needs the Debian mirror that the base image names',
    cause,
  });
}

/** The image's folder and the npm packages it takes in, as a tar stream. */
async function buildContext(plan: ImagePlan, scratch: string, signal: AbortSignal): Promise<Readable> {
  const context = pack();
  const add = ({ path, mode, content }: ImageFile) =>
    context.entry({ name: path, mode: mode === 'executable' ? 0o755 : 0o644, mtime: new Date(0) }, content);
  for (const file of plan.files) add(file);
  for (const each of plan.packages) {
    const directory = await packageDirectory(projectRoot, each, scratch, signal);
    const wanted = ({ path }: ImageFile) => each.only.length === 0 || each.only.includes(path);
    for (const file of imageFiles(directory).filter(wanted)) {
      add({ ...file, path: join('npm', each.name, file.path) });
    }
  }
  context.finalize();
  return Readable.from(context);
}

/** An engine's build goes through the same proxy as this machine. */
function proxySettings(): Record<string, string> {
  const names = ['http_proxy', 'https_proxy', 'no_proxy', 'HTTP_PROXY', 'HTTPS_PROXY', 'NO_PROXY'];
  return Object.fromEntries(names.flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : [])));
}
