import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { z } from 'zod';
import { CrossnatError, type ErrorCode } from '../../error.ts';

/** A package at the exact version of the lock file. */
export interface LockedPackage {
  readonly name: string;
  readonly version: string;
  /** Subresource integrity of its archive: the content's hash. */
  readonly integrity: string;
  /** The files that are wanted of it; none named means all. */
  readonly only: readonly string[];
}

const lockSchema = z.object({
  packages: z.record(
    z.string(),
    z.object({ version: z.string().optional(), integrity: z.string().optional() }),
  ),
});

/** The packages that a `npm-packages` file names, at the lock file's versions, for the engine's architecture. */
export function lockedPackages(list: string, lockFile: string, architecture: string): LockedPackage[] {
  const { packages } = lockSchema.parse(JSON.parse(readFileSync(lockFile, 'utf8')));
  const lines = list.split('\n').map((line) => line.trim().replaceAll('{arch}', architecture));
  return lines.filter(Boolean).map((line) => {
    const [name = '', ...only] = line.split(/\s+/);
    const { version, integrity } = packages[`node_modules/${name}`] ?? {};
    if (version === undefined || integrity === undefined) {
      throw failure('unavailable', `looking up ${name} in package-lock.json`, 'it is not there', {
        remedy: `Use an engine on x64 or arm64, not on ${architecture}`,
      });
    }
    return { name, version, integrity, only };
  });
}

/**
 * The directory of an unpacked package: the one in `node_modules` when it is that very package,
 * else its archive from the registry, checked against the lock file and unpacked under `scratch`.
 */
export async function packageDirectory(
  root: string,
  { name, version, integrity }: LockedPackage,
  scratch: string,
  signal: AbortSignal,
): Promise<string> {
  const installed = join(root, 'node_modules', name);
  if (existsSync(join(installed, 'package.json')) && installedVersion(installed) === version)
    return installed;
  const doing = `fetching the npm package ${name} ${version}`;
  const target = join(scratch, 'npm', name);
  await mkdir(target, { recursive: true });
  try {
    const packed = await execa(
      'npm',
      ['pack', `${name}@${version}`, '--pack-destination', target, '--json', '--ignore-scripts'],
      { cwd: scratch, cancelSignal: signal, forceKillAfterDelay: 1000 },
    );
    const [{ filename }] = z.tuple([z.object({ filename: z.string() })]).parse(JSON.parse(packed.stdout));
    const archive = join(target, filename);
    const digest = createHash('sha512').update(readFileSync(archive)).digest('base64');
    if (`sha512-${digest}` !== integrity) {
      throw failure('broken', doing, 'the archive is not the one of package-lock.json', {
        remedy: 'Check which registry npm uses ("npm config get registry")',
      });
    }
    const unpacked = join(target, 'unpacked');
    await mkdir(unpacked);
    await execa('tar', ['-xzf', archive, '--strip-components=1', '-C', unpacked], { cancelSignal: signal });
    return unpacked;
  } catch (cause) {
    if (cause instanceof CrossnatError) throw cause;
    signal.throwIfAborted();
    throw failure('unavailable', doing, cause instanceof Error ? cause.message : String(cause), {
      remedy: 'Make the npm registry reachable: the engine runs on another platform than this machine',
      cause,
    });
  }
}

function installedVersion(directory: string): string {
  const manifest = z.object({ version: z.string() });
  return manifest.parse(JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8'))).version;
}

function failure(
  code: ErrorCode,
  doing: string,
  found: string,
  rest: { remedy: string; cause?: unknown },
): CrossnatError {
  return new CrossnatError(code, { doing, found, ...rest });
}
