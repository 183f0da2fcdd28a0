import { type Ipv4, ipv4FromBytes, ipv4ToBytes } from '../address.ts';
import type { Identification } from '../isakmp/identification.ts';
import { IdType } from '../isakmp/ipsec-doi.ts';
import { fromHex, hex, utf8 } from '../octets.ts';
import type { TrafficSelector } from '../sa.ts';
import type { Identity } from './config.ts';

/** The ID payload of phase 1; protocol and port 0 say nothing of ports (RFC 2407 4.6.2). */
export function phase1Identification(identity: Identity, localAddress: Ipv4): Identification {
  const named = (idType: number, data: Uint8Array) => ({ idType, protocolId: 0, port: 0, data });
  switch (identity.type) {
    case 'local-address':
      return named(IdType.ipv4Address, ipv4ToBytes(localAddress));
    case 'ipv4':
      return named(IdType.ipv4Address, ipv4ToBytes(identity.address));
    case 'fqdn':
      return named(IdType.fqdn, utf8(identity.name));
    case 'user-fqdn':
      return named(IdType.userFqdn, utf8(identity.name));
    case 'key-id':
      return named(IdType.keyId, fromHex(identity.id));
  }
}

/** ID_IPV4_ADDR with protocol and port: what quick mode names its traffic by. */
export function addressIdentification({ ip, protocol, port }: TrafficSelector): Identification {
  return { idType: IdType.ipv4Address, protocolId: protocol, port, data: ipv4ToBytes(ip) };
}

/** The one address an identity names: ID_IPV4_ADDR, or ID_IPV4_ADDR_SUBNET of a single host. */
export function identifiedAddress({ idType, data }: Identification): Ipv4 | undefined {
  if (idType === IdType.ipv4Address && data.length === 4) return ipv4FromBytes(data);
  const host = idType === IdType.ipv4Subnet && data.length === 8;
  return host && ipv4FromBytes(data, 4) === '255.255.255.255' ? ipv4FromBytes(data) : undefined;
}

/** An identity as people write it. */
export function identityText(id: Identification): string {
  const address = identifiedAddress(id);
  if (address !== undefined) return address;
  const named = id.idType === IdType.fqdn || id.idType === IdType.userFqdn;
  const text = named ? Buffer.from(id.data).toString('latin1') : '';
  return /^[\x21-\x7e]+$/.test(text) ? text : `ID type ${id.idType}, ${hex(id.data)}`;
}
