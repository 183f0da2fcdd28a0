import type { Cell } from '../cell.ts';
import { impairmentAsked } from '../impairment.ts';

type Role = 'client' | 'responder';

/** One thing that a peer, or its driver, cannot do, and how that is known. */
export interface Limit<Context = undefined> {
  readonly roles: readonly Role[];
  /** Why a cell cannot be played, or undefined when this limit does not touch it. */
  readonly excludes: (cell: Cell, context: Context) => string | undefined;
  /** The document, the source file or the probe that shows it. */
  readonly source: string;
}

/** What no peer but Windows has a setting for. */
export const noWindowsRule: Limit<unknown> = {
  roles: ['client'],
  excludes: ({ rule, reading }) =>
    rule === '2' && reading === 'none' ? undefined : 'the rule about NATed responders is that of Windows',
  source: 'KB 885407',
};

/** What the drivers of strangers set no peer up for: both are declared, and counted, where a cell asks for them. */
export const noSettingOfOurs: readonly Limit<unknown>[] = [
  {
    roles: ['responder'],
    excludes: ({ revision }) =>
      revision === 'own'
        ? undefined
        : `it names its own revisions of NAT-T, and is not told to name ${revision}`,
    source: 'the driver',
  },
  {
    roles: ['responder'],
    excludes: ({ auth }) =>
      auth === 'own'
        ? undefined
        : `it demands what it is set up with in PPP, and is not told to demand ${auth}`,
    source: 'the driver',
  },
  {
    roles: ['responder'],
    excludes: ({ script }) =>
      script === 'printed' ? undefined : 'it takes no AlliedWare script, with or without all lines',
    source: 'the driver',
  },
  {
    roles: ['responder'],
    excludes: ({ callers }) =>
      callers === 'own' ? undefined : 'nothing is declared of what it does with a user who comes in twice',
    source: 'the driver',
  },
];

/** What happens to a connection that stands is done to our own stack, and told by it. */
export const noEvents: readonly Limit<unknown>[] = [
  {
    roles: ['client', 'responder'],
    excludes: ({ event }) =>
      event === 'none' ? undefined : `its driver can neither do ${event} to it nor ask it what comes of that`,
    source: 'the driver',
  },
];

/** Misbehaving on request is for a stack of our own: the others only meet one that does. */
export const noImpairments: readonly Limit<unknown>[] = (['client', 'responder'] as const).map((role) => ({
  roles: [role],
  excludes: (cell) => impairmentAsked(cell, role),
  source: 'the driver',
}));

/** The first of these limits that keeps a peer from playing this cell in this role, with its source; undefined when none does. */
export function excludedBy<Context>(
  limits: readonly Limit<Context>[],
  cell: Cell,
  role: Role,
  context: Context,
): string | undefined {
  for (const { roles, excludes, source } of limits) {
    const why = roles.includes(role) ? excludes(cell, context) : undefined;
    if (why !== undefined) return `${why} (${source})`;
  }
  return undefined;
}
