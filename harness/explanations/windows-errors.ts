import { type Citation, derived, recalled, type Stop, verified } from './explanation.ts';

/** A number that a Windows user sees, and the stops that it stands for. */
export interface WindowsError {
  readonly number: number;
  readonly systems: 'XP' | 'Vista and later' | 'all';
  /** In our words. */
  readonly says: string;
  readonly at: readonly Stop[];
  readonly sources: readonly Citation[];
}

const ofTechnet = verified('RAS Connection Establishment Issues');

/**
 * The number alone seldom tells the stage: XP and later differ, and one number stands for several. How sure the
 * way from number to stage is, each source says.
 */
export const windowsErrors: readonly WindowsError[] = [
  {
    number: 628,
    systems: 'all',
    says: 'the other end dropped the link before it was up',
    at: [{ stage: 'ppp-lcp', reason: 'ppp-refused' }],
    sources: [verified('setup-ipsec-vpn')],
  },
  {
    number: 678,
    systems: 'XP',
    says: 'the other end does not answer',
    at: [{ stage: 'reach', reason: 'no-answer' }],
    sources: [recalled],
  },
  {
    number: 691,
    systems: 'all',
    says: 'user name, password, or the kind of authentication is refused',
    at: [{ stage: 'ppp-auth', reason: 'ppp-auth-failed' }],
    sources: [verified('pppd logs of Windows XP clients over l2tpd')],
  },
  {
    number: 720,
    systems: 'all',
    says: 'no PPP network protocol could be agreed',
    at: [
      { stage: 'ppp-lcp', reason: 'ppp-refused' },
      { stage: 'ppp-ipcp', reason: 'pool-exhausted' },
    ],
    sources: [recalled],
  },
  {
    number: 732,
    systems: 'all',
    says: 'the ends could not agree on PPP options',
    at: [{ stage: 'ppp-lcp', reason: 'ppp-refused' }],
    sources: [verified('pppd logs of Windows XP clients over l2tpd')],
  },
  {
    number: 766,
    systems: 'all',
    says: 'no certificate was found: the connection has no pre-shared key, and would use one',
    at: [{ stage: 'reach', reason: 'no-answer' }],
    sources: [verified('setup-ipsec-vpn'), ofTechnet],
  },
  {
    number: 778,
    systems: 'all',
    says: 'the server could not prove that it knows the password (MS-CHAPv2)',
    at: [{ stage: 'ppp-auth', reason: 'ppp-auth-failed' }],
    sources: [verified('pppd logs of Windows XP clients over l2tpd')],
  },
  {
    number: 781,
    systems: 'XP',
    says: 'no valid certificate, as 766',
    at: [{ stage: 'reach', reason: 'no-answer' }],
    sources: [verified('setup-ipsec-vpn')],
  },
  {
    number: 787,
    systems: 'all',
    says: 'the security layer could not authenticate the other end',
    at: [{ stage: 'phase1', reason: 'auth-failed' }],
    sources: [derived('RAS Connection Establishment Issues')],
  },
  {
    number: 788,
    systems: 'all',
    says: 'the security layer could not agree on parameters',
    at: [
      { stage: 'phase1', reason: 'no-proposal-chosen' },
      { stage: 'phase2', reason: 'no-proposal-chosen' },
    ],
    sources: [derived('RAS Connection Establishment Issues')],
  },
  {
    number: 789,
    systems: 'all',
    says: 'the security layer met an error in its first negotiation',
    at: [
      { stage: 'phase1', reason: 'auth-failed' },
      { stage: 'phase1', reason: 'no-proposal-chosen' },
      { stage: 'phase1', reason: 'id-mismatch' },
      { stage: 'phase1', reason: 'no-policy' },
      { stage: 'phase2', reason: 'no-policy' },
      { stage: 'phase2', reason: 'no-proposal-chosen' },
      { stage: 'phase2', reason: 'id-mismatch' },
    ],
    sources: [ofTechnet, recalled],
  },
  {
    number: 791,
    systems: 'all',
    says: 'Windows found no security policy for the connection',
    at: [
      { stage: 'reach', reason: 'nothing-sent' },
      { stage: 'reach', reason: 'no-answer' },
    ],
    sources: [ofTechnet, recalled],
  },
  {
    number: 792,
    systems: 'XP',
    says: 'the security negotiation timed out',
    at: [
      { stage: 'reach', reason: 'no-answer' },
      { stage: 'phase1', reason: 'no-answer' },
      { stage: 'phase1', reason: 'auth-failed' },
    ],
    sources: [recalled],
  },
  {
    number: 809,
    systems: 'Vista and later',
    says: 'no connection to the server: something on the way stops UDP 500 or 4500, or the registry forbids its NAT',
    at: [
      { stage: 'reach', reason: 'no-answer' },
      { stage: 'phase1', reason: 'no-answer' },
      { stage: 'esp', reason: 'esp-never-sent' },
    ],
    sources: [verified('setup-ipsec-vpn'), ofTechnet],
  },
];

/** `789 (recalled), 792 on XP (recalled)`: the numbers of a stop, with how sure that is. */
export function windowsErrorsAt({ stage, reason }: Stop): readonly WindowsError[] {
  return windowsErrors.filter(({ at }) =>
    at.some((stop) => stop.stage === stage && (reason === undefined || stop.reason === reason)),
  );
}

/** The weakest mark of its sources: what the way from number to stage rests on. */
export function markOf({ sources }: Pick<WindowsError, 'sources'>): Citation['confidence'] {
  const marks = sources.map(({ confidence }) => confidence);
  return (['R', 'D', 'V'] as const).find((mark) => marks.includes(mark)) ?? 'R';
}
