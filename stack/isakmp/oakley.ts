/**
 * Numbers of phase 1: the attribute classes and values of RFC 2409 appendix A, with AES-CBC from
 * RFC 3602 5.3 and SHA2 from the IANA "Internet Key Exchange (IKE) Attributes" registry.
 */
export const OakleyAttribute = {
  encryptionAlgorithm: 1,
  hashAlgorithm: 2,
  authenticationMethod: 3,
  groupDescription: 4,
  lifeType: 11,
  lifeDuration: 12,
  keyLength: 14,
} as const;

export const OakleyEncryption = { desCbc: 1, tripleDesCbc: 5, aesCbc: 7 } as const;

export const OakleyHash = { md5: 1, sha1: 2, sha2With256: 4, sha2With384: 5, sha2With512: 6 } as const;

export const OakleyAuthentication = { preSharedKey: 1 } as const;

export const OakleyLifeType = { seconds: 1, kilobytes: 2 } as const;

/** The only Transform-Id of protocol ISAKMP (RFC 2407 4.4.2). */
export const keyIke = 1;
