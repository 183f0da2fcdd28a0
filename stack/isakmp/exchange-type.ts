/** Exchange Type values: RFC 2408 3.1 and, for quick mode, RFC 2409 appendix A. */
export const ExchangeType = {
  /** Main mode is ISAKMP's identity protection exchange (RFC 2409 5). */
  identityProtection: 2,
  aggressive: 4,
  informational: 5,
  quickMode: 32,
} as const;
