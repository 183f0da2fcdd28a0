import Docker from 'dockerode';
import { CrossnatError } from '../../error.ts';

let client: Docker | undefined;

/** The engine that the environment names (`DOCKER_HOST`, else the local socket). Nothing is contacted yet. */
export function engine(): Docker {
  client ??= new Docker();
  return client;
}

export interface EngineStatus {
  /** `20.10.24`. */
  readonly version: string;
  readonly apiVersion: string;
  readonly kind: 'local' | 'remote' | 'rootless' | 'userns-remap';
  /** In Node's words: `x64`, `arm64`. */
  readonly architecture: string;
  readonly kernel: string;
  readonly operatingSystem: string;
  readonly storageDriver: string;
}

/**
 * Asks the engine who it is.
 * @throws CrossnatError `unavailable` when no engine answers; says what to type.
 */
export async function engineStatus(): Promise<EngineStatus> {
  refuseSsh(process.env.DOCKER_HOST);
  try {
    const [version, info] = await Promise.all([engine().version(), engine().info()]);
    return {
      version: version.Version,
      apiVersion: version.ApiVersion,
      kind: engineKind(process.env.DOCKER_HOST, info.SecurityOptions ?? []),
      architecture: nodeArchitecture(info.Architecture),
      kernel: info.KernelVersion,
      operatingSystem: info.OperatingSystem,
      storageDriver: info.Driver,
    };
  } catch (cause) {
    throw new CrossnatError('unavailable', {
      doing: `reaching the Docker engine at ${process.env.DOCKER_HOST ?? 'its local socket'}`,
      found: reachFailure(cause),
      remedy: 'Type "npm run engine" to install or start one, or set DOCKER_HOST to one that runs',
      cause,
    });
  }
}

/** testcontainers takes an address over ssh for one over plain TCP. */
function refuseSsh(host: string | undefined): void {
  if (!host?.startsWith('ssh:')) return;
  throw new CrossnatError('unavailable', {
    doing: `reaching the Docker engine at ${host}`,
    found: 'an engine cannot be driven over ssh directly',
    remedy: `Type "ssh -fNL /tmp/engine.sock:/run/docker.sock ${host.slice('ssh://'.length)}" and set DOCKER_HOST=unix:///tmp/engine.sock`,
  });
}

/** A remote engine is remote whatever else it is: nothing of this machine can be shared with it. */
export function engineKind(
  host: string | undefined,
  securityOptions: readonly string[],
): EngineStatus['kind'] {
  if (host && /^(tcp|ssh|https?):/.test(host) && !/\/\/(localhost|127\.|\[::1\])/.test(host)) return 'remote';
  if (securityOptions.some((option) => option.startsWith('name=rootless'))) return 'rootless';
  if (securityOptions.some((option) => option.startsWith('name=userns'))) return 'userns-remap';
  return 'local';
}

/** Node's word for the kernel's (`uname -m`) or Go's name of an architecture. */
export function nodeArchitecture(name: string): string {
  if (name === 'x86_64' || name === 'amd64') return 'x64';
  if (name === 'aarch64' || name === 'arm64') return 'arm64';
  return name;
}

function reachFailure(cause: unknown): string {
  const code = errorCode(cause);
  if (code === 'ENOENT') return 'there is no socket: no engine is installed, or it is not running';
  if (code === 'ECONNREFUSED') return 'nothing listens there: the engine is not running';
  if (code === 'EACCES') return 'this user may not open the socket (is the user in the group "docker"?)';
  return errorText(cause);
}

/** `code` of a system error, `undefined` for anything else. */
export function errorCode(cause: unknown): string | undefined {
  return cause instanceof Error && 'code' in cause && typeof cause.code === 'string' ? cause.code : undefined;
}

/** HTTP status of the engine's refusal, `undefined` where it was not the engine that failed. */
export function statusCode(cause: unknown): number | undefined {
  return cause instanceof Error && 'statusCode' in cause && typeof cause.statusCode === 'number'
    ? cause.statusCode
    : undefined;
}

export function errorText(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
