/** What of this machine decides how it comes to a Docker engine. */
export interface Machine {
  readonly platform: NodeJS.Platform;
  readonly root: boolean;
  /** `ID` and `ID_LIKE` of os-release: `['ubuntu', 'debian']`. */
  readonly distribution: readonly string[];
  /** `dockerd` is there, running or not. */
  readonly installed: boolean;
  /** systemd is the running init, not merely a package. */
  readonly systemd: boolean;
  /** DOCKER_HOST, when set: somebody chose an engine already. */
  readonly dockerHost: string | undefined;
  /** An engine has its socket here, but this user may not open it. */
  readonly refused: boolean;
}

export type Plan =
  | { readonly do: 'start'; readonly install: boolean; readonly by: 'systemd' | 'dockerd' }
  | { readonly do: 'advise'; readonly because: string; readonly remedy: string };

/** What to do where no engine answers. Installs and starts only as root on Debian and its children. */
export function planEngine(machine: Machine): Plan {
  const { platform, root, distribution, installed, systemd, dockerHost, refused } = machine;
  if (dockerHost !== undefined) {
    return advise(
      `DOCKER_HOST names ${dockerHost}, and no engine answers there`,
      'Start that engine, or unset DOCKER_HOST to use one on this machine',
    );
  }
  if (platform === 'darwin') {
    return advise(
      'macOS cannot run containers without a virtual machine',
      'Install one with an engine, for instance: brew install colima docker && colima start. ' +
        'Docker Desktop and OrbStack serve as well',
    );
  }
  if (platform !== 'linux') {
    return advise(
      `crossnat installs no engine on ${platform}`,
      'Install one that is reachable at its default socket, or set DOCKER_HOST; on Windows run crossnat inside WSL 2',
    );
  }
  if (refused) {
    return advise(
      'an engine runs here, but this user may not open its socket',
      'Type: sudo usermod -aG docker "$USER" and log in again. Members of that group are as mighty as root',
    );
  }
  const start = systemd ? 'systemctl enable --now docker' : 'dockerd';
  if (!installed && !distribution.includes('debian')) {
    return advise(
      `no engine is installed, and crossnat installs one on Debian and Ubuntu only (this is ${distribution[0] ?? 'unknown'})`,
      `Install Docker or Moby from the distribution's packages (Fedora: dnf install moby-engine; Arch: pacman -S docker; ` +
        `Alpine: apk add docker), then as root: ${start}`,
    );
  }
  if (!root) {
    return advise(
      installed
        ? 'an engine is installed but does not run, and only root can start it'
        : 'no engine is installed',
      `Type as root (or with sudo before each): ${
        installed ? '' : 'apt-get update && apt-get install -y docker.io iptables && '
      }${start}. Then let this user in: usermod -aG docker USER`,
    );
  }
  return { do: 'start', install: !installed, by: systemd ? 'systemd' : 'dockerd' };
}

function advise(because: string, remedy: string): Plan {
  return { do: 'advise', because, remedy };
}
