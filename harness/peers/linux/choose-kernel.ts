import { CrossnatError } from '../../error.ts';
import { suggestion } from '../../suggestion.ts';
import { type Lack, lacksRemedy, lacksText } from './host-abilities.ts';

/** The environment variable that names the kernel for Linux peers; unset, `chooseKernel` is free. */
const variable = 'CROSSNAT_KERNEL';

const kinds = ['own', 'host'] as const;
export type KernelKind = (typeof kinds)[number];

/** What the environment says; empty is unset. @throws CrossnatError `usage` for any other word than the kinds. */
export function kernelSetting(value = process.env[variable] ?? ''): KernelKind | undefined {
  const kind = kinds.find((each) => each === value);
  if (kind !== undefined || value === '') return kind;
  throw new CrossnatError('usage', {
    doing: `reading ${variable}`,
    found: `there is no kernel ${JSON.stringify(value)}`,
    remedy: `${suggestion(value, kinds)}; unset, peers get a kernel of their own wherever there is one`,
  });
}

export interface KernelChoice {
  readonly kind: KernelKind;
  readonly why: string;
}

const noOwn = 'Debian builds user-mode-linux for x64 alone';

/**
 * Which kernel a Linux peer gets. Its own wherever there is one: it is the same at every host, and trying the
 * host's would load modules there, for everybody and to stay. The host's kernel is tried only where it is to be used.
 * @throws CrossnatError `unavailable` where there is none, with what is missing.
 */
export async function chooseKernel(
  setting: KernelKind | undefined,
  hasOwn: boolean,
  lacksOfHost: () => Promise<readonly Lack[]>,
): Promise<KernelChoice> {
  if (setting !== 'host' && hasOwn) {
    return { kind: 'own', why: setting ? forced(setting) : 'the same at every host' };
  }
  const failure = (found: string, remedy: string) =>
    new CrossnatError('unavailable', { doing: 'choosing the kernel of a Linux peer', found, remedy });
  if (setting === 'own') {
    throw failure(`${forced(setting)}, but ${noOwn}`, `Unset ${variable}: the host's kernel may do`);
  }
  const why = setting ? forced(setting) : noOwn;
  const lacks = await lacksOfHost();
  if (lacks.length === 0) return { kind: 'host', why };
  const instead = hasOwn ? `. Or unset ${variable}: there is a kernel of its own` : '';
  throw failure(`${why}, and the host's kernel lacks ${lacksText(lacks)}`, `${lacksRemedy(lacks)}${instead}`);
}

function forced(kind: KernelKind): string {
  return `${variable}=${kind}`;
}
