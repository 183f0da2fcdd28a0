import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { CrossnatError } from '../../error.ts';
import { engine, errorText, statusCode } from './engine.ts';
import { followProgress } from './engine-stream.ts';
import { runGuarded } from './guarded.ts';
import type { Suite } from './image-name.ts';
import type { ImageBuild } from './images.ts';

/** Debian's own image of a suite. */
const officialImage = (suite: Suite) => `debian:${suite}-slim`;
/** Where a root that was made here is kept. */
const madeHere = 'crossnat/debian';
/** A registry that says nothing for so long is taken as not there. */
const pullSilenceMs = 15_000;

/** A build that has the build lock, and with it a directory that is removed afterwards. */
export interface ScratchBuild extends ImageBuild {
  readonly scratch: string;
}

/** The name of an image that holds the root of a Debian suite: already here, pulled, or made with debootstrap. */
export async function debianRoot(suite: Suite, architecture: string, build: ScratchBuild): Promise<string> {
  const official = officialImage(suite);
  const ownName = `${madeHere}:${suite}`;
  for (const name of [official, ownName]) if (await hasImage(name)) return name;
  const refused = await pull(official, build);
  if (refused === undefined) return official;
  build.progress(`${official} cannot be pulled (${refused}): making it with debootstrap`);
  await bootstrap(suite, architecture, refused, build);
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
async function pull(official: string, { signal, progress }: ImageBuild): Promise<string | undefined> {
  progress(`pulling ${official}`);
  const silence = new AbortController();
  const timer = setTimeout(() => silence.abort(), pullSilenceMs);
  try {
    const abortSignal = AbortSignal.any([signal, silence.signal]);
    const stream = await engine().pull(official, { abortSignal });
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
  suite: Suite,
  architecture: string,
  refused: string,
  { signal, progress, scratch }: ScratchBuild,
): Promise<void> {
  const doing = `making a Debian ${suite} root`;
  const official = officialImage(suite);
  const byHand = `Type "docker pull ${official}" where a registry can be reached, or "docker load" that image`;
  if (process.platform !== 'linux' || process.getuid?.() !== 0 || process.arch !== architecture) {
    throw new CrossnatError('unavailable', {
      doing,
      found: `${official} cannot be pulled (${refused}), and debootstrap needs root on a Linux machine of the engine's architecture (${architecture})`,
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
    // All suites are made as sid is: an older debootstrap has their scripts under no name of their own.
    const from = debianMirror(aptSources());
    await run('debootstrap', '--variant=minbase', ...checked, suite, root, from, 'sid');
    progress('importing the root');
    // Device nodes cannot be made by a rootless engine, and every container gets its own.
    const left = ['./dev/*', './var/cache/apt/archives/*.deb', './var/lib/apt/lists/*'];
    const tar = execa(
      'tar',
      ['-C', root, '--numeric-owner', ...left.map((path) => `--exclude=${path}`), '-cf', '-', '.'],
      { cancelSignal: signal, stdout: 'pipe', buffer: { stdout: false } },
    );
    const imported = engine().importImage(tar.stdout, { repo: madeHere, tag: suite, abortSignal: signal });
    await Promise.all([tar, imported.then((stream) => followProgress(stream, () => {}))]);
  } catch (cause) {
    signal.throwIfAborted();
    const found = lastLines(errorText(cause));
    throw new CrossnatError('unavailable', {
      doing,
      found,
      remedy: missesKey(found) ? `${newerKeyring}. Or: ${byHand}` : byHand,
      cause,
    });
  }
}

const newerKeyring =
  'This machine\'s debian-archive-keyring is older than the suite: take "apt-get install debian-archive-keyring" of a newer Debian';

/** Whether debootstrap ended because the keyring has no key of this suite (its message UNKNOWNRELSIG). */
export function missesKey(words: string): boolean {
  return /Release signed by unknown key/.test(words);
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
