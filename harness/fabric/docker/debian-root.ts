import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { CrossnatError } from '../../error.ts';
import { engine, errorText, statusCode } from './engine.ts';
import { followProgress } from './engine-stream.ts';
import { runGuarded } from './guarded.ts';
import type { ImageBuild } from './images.ts';

const suite = 'bookworm';
const pulled = `debian:${suite}-slim`;
const made = { repo: 'crossnat/debian', tag: suite };
/** A registry that says nothing for so long is taken as not there. */
const pullSilenceMs = 15_000;

/** A build that has the build lock, and with it a directory that is removed afterwards. */
export interface ScratchBuild extends ImageBuild {
  readonly scratch: string;
}

/** The name of an image that holds Debian's root: already here, pulled, or made with debootstrap. */
export async function debianRoot(architecture: string, build: ScratchBuild): Promise<string> {
  const ownName = `${made.repo}:${made.tag}`;
  for (const name of [pulled, ownName]) if (await hasImage(name)) return name;
  const refused = await pull(build);
  if (refused === undefined) return pulled;
  build.progress(`${pulled} cannot be pulled (${refused}): making it with debootstrap`);
  await bootstrap(architecture, refused, build);
  return ownName;
}

export async function hasImage(name: string): Promise<boolean> {
  try {
    await engine().getImage(name).inspect();
    return true;
  } catch (cause) {
    if (statusCode(cause) === 404) return false;
    throw cause;
  }
}

/** Pulls Debian's own image; the reason when that cannot be done. */
async function pull({ signal, progress }: ImageBuild): Promise<string | undefined> {
  progress(`pulling ${pulled}`);
  const silence = new AbortController();
  const timer = setTimeout(() => silence.abort(), pullSilenceMs);
  try {
    const abortSignal = AbortSignal.any([signal, silence.signal]);
    const stream = await engine().pull(pulled, { abortSignal });
    await followProgress(stream, () => timer.refresh());
    return undefined;
  } catch (cause) {
    signal.throwIfAborted();
    return silence.signal.aborted ? `the registry is silent for ${pullSilenceMs / 1000} s` : errorText(cause);
  } finally {
    clearTimeout(timer);
  }
}

async function bootstrap(
  architecture: string,
  refused: string,
  { signal, progress, scratch }: ScratchBuild,
): Promise<void> {
  const doing = `making a Debian ${suite} root`;
  const byHand = `Type "docker pull ${pulled}" where a registry can be reached, or "docker load" that image`;
  if (process.platform !== 'linux' || process.getuid?.() !== 0 || process.arch !== architecture) {
    throw new CrossnatError('unavailable', {
      doing,
      found: `${pulled} cannot be pulled (${refused}), and debootstrap needs root on a Linux machine of the engine's architecture (${architecture})`,
      remedy: byHand,
    });
  }
  const run = (...argv: string[]) => runGuarded(argv, signal);
  try {
    if ((await execa('sh', ['-c', 'command -v debootstrap'], { reject: false })).exitCode !== 0) {
      progress('installing debootstrap');
      await run('apt-get', 'update', '-q');
      await run(
        'apt-get',
        'install',
        '-qy',
        '--no-install-recommends',
        'debootstrap',
        'debian-archive-keyring',
      );
    }
    progress(`debootstrap ${suite}`);
    const root = join(scratch, 'root');
    const checked = ['--force-check-gpg', '--keyring=/usr/share/keyrings/debian-archive-keyring.gpg'];
    await run('debootstrap', '--variant=minbase', ...checked, suite, root, debianMirror(aptSources()));
    progress('importing the root');
    // Device nodes cannot be made by a rootless engine, and every container gets its own.
    const left = ['./dev/*', './var/cache/apt/archives/*.deb', './var/lib/apt/lists/*'];
    const tar = execa(
      'tar',
      ['-C', root, '--numeric-owner', ...left.map((path) => `--exclude=${path}`), '-cf', '-', '.'],
      { cancelSignal: signal, stdout: 'pipe', buffer: { stdout: false } },
    );
    const imported = engine().importImage(tar.stdout, { ...made, abortSignal: signal });
    await Promise.all([tar, imported.then((stream) => followProgress(stream, () => {}))]);
  } catch (cause) {
    signal.throwIfAborted();
    throw new CrossnatError('unavailable', {
      doing,
      found: lastLines(errorText(cause)),
      remedy: byHand,
      cause,
    });
  }
}

export function lastLines(text: string, count = 8): string {
  return text.trim().split('\n').slice(-count).join('\n');
}

/** The Debian mirror among apt's sources, in either of apt's formats; Debian's own where there is none. */
export function debianMirror(sources: string): string {
  const uris = sources.match(/^(?:deb\s+(?:\[[^\]]*\]\s+)?|URIs:\s*)(https?:\/\/\S*\/debian)\/?(?=\s|$)/m);
  return uris?.[1] ?? 'http://deb.debian.org/debian';
}

function aptSources(): string {
  const files = ['/etc/apt/sources.list'];
  try {
    files.push(...readdirSync('/etc/apt/sources.list.d').map((name) => `/etc/apt/sources.list.d/${name}`));
  } catch {
    // No such directory: a machine without apt's sources has no mirror to offer.
  }
  return files.map(readIfThere).join('\n');
}

function readIfThere(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
