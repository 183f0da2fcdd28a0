/**
 * Next Payload values (RFC 2408 3.1). The NAT-D and NAT-OA numbers differ by revision of NAT
 * traversal: RFC 3947 uses 20 and 21, the drafts 00 to 03 used the private 130 and 131, the drafts
 * 04 to 08 the numbers 15 and 16, which RFC 3547 had taken for group keys. 132 is vendors' ([MS-IKEE] 2.2.3).
 */
export const PayloadType = {
  none: 0,
  securityAssociation: 1,
  proposal: 2,
  transform: 3,
  keyExchange: 4,
  identification: 5,
  certificate: 6,
  certificateRequest: 7,
  hash: 8,
  signature: 9,
  nonce: 10,
  notification: 11,
  delete: 12,
  vendorId: 13,
  natDTaken: 15,
  natOaTaken: 16,
  natD: 20,
  natOa: 21,
  natDDraft: 130,
  natOaDraft: 131,
  fragment: 132,
} as const;
