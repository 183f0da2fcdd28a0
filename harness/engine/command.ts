import { CrossnatError } from '../error.ts';
import { type EngineStatus, engineStatus, errorCode } from '../fabric/docker/engine.ts';
import { thisMachine } from './machine.ts';
import { planEngine } from './plan.ts';
import { installEngine, logFile, startBySystemd, startDockerd } from './start.ts';

/**
 * `npm run engine`: makes sure that a Docker engine answers. Does nothing where one does; else installs
 * and starts one where it may, and says exactly what to type where it may not. Idempotent.
 * Returns the exit status 0.
 * @throws CrossnatError `unavailable` where no engine came of it.
 */
export async function engineCommand(): Promise<number> {
  const running = await engineStatus().catch((cause: unknown) => {
    if (cause instanceof CrossnatError) return cause;
    throw cause;
  });
  if (!(running instanceof CrossnatError)) {
    say(running, 'answers');
    return 0;
  }
  const plan = planEngine(thisMachine(errorCode(running.cause) === 'EACCES'));
  if (plan.do === 'advise') {
    throw new CrossnatError('unavailable', {
      doing: 'looking for a Docker engine',
      found: plan.because,
      remedy: plan.remedy,
      cause: running,
    });
  }
  if (plan.install) {
    console.log("No Docker engine is installed: installing the distribution's own (docker.io, iptables).");
    await installEngine();
  }
  if (plan.by === 'systemd') {
    console.log('Starting the Docker engine (systemctl enable --now docker).');
    say(await startBySystemd(), 'is ready');
  } else {
    console.log(`Starting the Docker engine (dockerd; its log: ${logFile}).`);
    say(await startDockerd(), 'is ready');
  }
  return 0;
}

function say(status: EngineStatus, state: string): void {
  const where = process.env.DOCKER_HOST ?? 'its default socket';
  console.log(
    `Docker engine ${status.version} (${status.kind}, ${status.architecture}) ${state} at ${where}.`,
  );
}
