import { GenericContainer, PullPolicy, type WaitStrategy } from 'testcontainers';
import type { EngineStatus } from './engine.ts';

/** How a container of a lab differs from a plain one. Never privileged: some hosts cannot grant everything. */
export interface ContainerNeeds {
  readonly capabilities: readonly string[];
  readonly devices: readonly string[];
  /** Devices that it may open once it has made a node of them, as the engine's `--device-cgroup-rule` takes them. */
  readonly deviceRules?: readonly string[];
  readonly sysctls: Readonly<Record<string, string>>;
  /** The wire sees every process of the engine's host, or it could not enter the nodes' namespaces. */
  readonly hostPids: boolean;
  /** File systems in memory: where, and the options of their mount. */
  readonly tmpfs?: Readonly<Record<string, string>>;
}

/**
 * A container without a network that does nothing until programs are started in it.
 * Of testcontainers' own services none takes part: no reaper of its own (ours works by label and
 * outlives the process), no pull, no wait strategy (those poll, and remove what failed before it can be read).
 */
export class LabContainer extends GenericContainer {
  constructor(
    image: string,
    name: string,
    labels: Record<string, string>,
    needs: ContainerNeeds,
    kind: EngineStatus['kind'],
  ) {
    super(image);
    this.withName(name)
      .withHostname(name)
      .withLabels(labels)
      .withCommand(['sleep', 'infinity'])
      .withNetworkMode('none')
      .withAddedCapabilities(...needs.capabilities)
      .withPullPolicy(PullPolicy.neverPull())
      .withWaitStrategy(readyAtOnce)
      .withAutoCleanup(false);
    Object.assign(this.hostConfig, {
      Init: true,
      Sysctls: needs.sysctls,
      Tmpfs: needs.tmpfs ?? {},
      Devices: needs.devices.map((path) => ({
        PathOnHost: path,
        PathInContainer: path,
        CgroupPermissions: 'rwm',
      })),
      DeviceCgroupRules: needs.deviceRules ?? [],
      ...(needs.hostPids && { PidMode: 'host' }),
      // The host's process namespace cannot be shared with a container of a mapped user namespace.
      ...(needs.hostPids && kind === 'userns-remap' && { UsernsMode: 'host' }),
    });
  }
}

const readyAtOnce: WaitStrategy = {
  waitUntilReady: async () => {},
  withStartupTimeout: () => readyAtOnce,
  isStartupTimeoutSet: () => false,
  getStartupTimeout: () => 0,
};
