/** Numbers of the IPsec domain of interpretation (RFC 2407). */
export const ipsecDoi = 1;

/** The only situation without labels (RFC 2407 4.2.1). */
export const sitIdentityOnly = 1;

/** IPSEC Security Protocol Identifier (RFC 2407 4.4.1). */
export const ProtocolId = { isakmp: 1, ah: 2, esp: 3, ipcomp: 4 } as const;

/** IPSEC ESP Transform Identifiers (RFC 2407 4.4.4; AES-CBC: RFC 3602 5.3; AES-CTR: RFC 3686 5.3; AES-GCM: RFC 4106 8.3). */
export const EspTransform = { des: 2, tripleDes: 3, null: 11, aesCbc: 12, aesCtr: 13, aesGcm16: 20 } as const;

/** IPSEC Security Association Attributes (RFC 2407 4.5; the last of them: RFC 4304 2). */
export const IpsecAttribute = {
  saLifeType: 1,
  saLifeDuration: 2,
  groupDescription: 3,
  encapsulationMode: 4,
  authenticationAlgorithm: 5,
  keyLength: 6,
  extendedSequenceNumbers: 11,
} as const;

export const SaLifeType = { seconds: 1, kilobytes: 2 } as const;

/** Encapsulation Mode; the UDP-encapsulated modes differ by revision (`nat-traversal/numbers.ts`). */
export const EncapsulationMode = { tunnel: 1, transport: 2 } as const;

/** The one value of the attribute of extended sequence numbers (RFC 4304 2). */
export const sequenceNumbersOf64Bits = 1;

/** Authentication Algorithm (RFC 2407 4.5; HMAC-SHA2: RFC 4868 2.5 and IANA's registry). */
export const AuthenticationAlgorithm = {
  hmacMd5: 1,
  hmacSha1: 2,
  hmacSha2With256: 5,
  hmacSha2With384: 6,
  hmacSha2With512: 7,
} as const;

/** Identification Type Values (RFC 2407 4.6.2.1). */
export const IdType = {
  ipv4Address: 1,
  fqdn: 2,
  userFqdn: 3,
  ipv4Subnet: 4,
  ipv6Address: 5,
  derAsn1Dn: 9,
  derAsn1Gn: 10,
  keyId: 11,
} as const;
