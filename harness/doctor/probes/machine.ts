import type { EngineStatus } from '../../fabric/docker/engine.ts';
import { lost, type Outcome, ok, type Probe } from '../probe.ts';

export const machineProbe: Probe = {
  name: 'machine',
  does: "reads the engine's architecture and kernel",
  run: async (bench) => judgeMachine(await bench.status()),
};

/** Node comes for two architectures of Linux (optional dependencies of package.json). */
export function judgeMachine({
  architecture,
  kernel,
  operatingSystem,
}: Pick<EngineStatus, 'architecture' | 'kernel' | 'operatingSystem'>): Outcome {
  const fact = `${architecture}, Linux ${kernel}, ${operatingSystem}`;
  if (architecture === 'x64' || architecture === 'arm64') return ok(fact);
  return lost(
    `the TypeScript peer: there is no Node for ${fact}`,
    'Use an engine on x64 or arm64 (DOCKER_HOST)',
  );
}
