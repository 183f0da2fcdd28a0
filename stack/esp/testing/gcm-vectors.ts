/**
 * For tests: whole ESP packets of AES-GCM-16, from section 4 of draft-mcgrew-gcm-test-01, in its order: key
 * with salt, upper half of the sequence number where that is extended, clear octets from the payload to the
 * next header, and the packet.
 */
export interface GcmVector {
  readonly name: string;
  readonly keyAndSalt: string;
  readonly sequenceHigh?: number;
  readonly clear: string;
  readonly packet: string;
}

export const gcmVectors: readonly GcmVector[] = [
  {
    name: 'case 1: 128 bits, extended sequence number',
    keyAndSalt: '4c80cdefbb5d10da906ac73c3613a6342e443b68',
    sequenceHigh: 0x87654321,
    clear:
      '45000048699a000080114db7c0a80102c0a801010a9bf15638d3010000010000' +
      '00000000045f736970045f756470037369700963796265726369747902646b000021000101020201',
    packet:
      '00004321000000004956ed7e3b244cfe' +
      'fecf537e729d5b07dc30df528dd22b768d1b98736696a6fd348509fa13ceac34' +
      'cfa2436f14a3f3cf65925bf1f4a13c5d15b21e1884f5ff6247aeabb786b93bce' +
      '61bc17d768fd9732459018148f6cbe722fd04796562dfdb4',
  },
  {
    name: 'case 2: 128 bits',
    keyAndSalt: 'feffe9928665731c6d6a8f9467308308cafebabe',
    clear:
      '4500003e698f000080114dccc0a80102c0a801010a980035002a2343b2d00100' +
      '0001000000000000037369700963796265726369747902646b00000100010001',
    packet:
      '0000a5f80000000afacedbaddecaf888' +
      'deb22cd9b07c72c16e3a65beeb8df304a5a5897d33ae530f1ba76d5d114d2a5c' +
      '3de81827c10e9a4f51330d0eec416642cfbb85a5b47e48a4ec3b9ba95d918bd1' +
      '83b70d3aa8bc6ee4c309e9d85a41ad4a',
  },
  {
    name: 'case 3: 256 bits',
    keyAndSalt: 'abbccddef00112233445566778899aababbccddef00112233445566778899aab11223344',
    clear:
      '4500003069a6400080062690c0a801029389155e0a9e008b2dc57ee000000000' +
      '7002400020bf0000020405b40101040201020201',
    packet:
      '4a2cbfe3000000020102030405060708' +
      'ff425c9b724599df7a3bcd510194e00d6a78107f1b0b1cbf06efae9d65a5d763' +
      '748a637985771d347f0545659f14e99def842d8eb335f4eecfdbf831824b4c4915956c96',
  },
  {
    name: 'case 7: 192 bits',
    keyAndSalt: 'feffe9928665731c6d6a8f9467308308feffe9928665731ccafebabe',
    clear: '45000028a4ad4000400678800a01038f0a010612802306b8cb712602dd6bb03e' + '501016d075680001',
    packet:
      '0000a5f80000000afacedbaddecaf888' +
      'a5b1f8066029aea40e598b8122de02420938b3ab33f828e687b8858b5bfbdbd0' +
      '315b27452144cc7795457b9652037f5318027b5b4cd7a636',
  },
  {
    name: 'case 9: 256 bits, extended sequence number',
    keyAndSalt: 'abbccddef00112233445566778899aababbccddef00112233445566778899aab73616c74',
    sequenceHigh: 0x156f3126,
    clear: '45080028732c00004006e9f90a0106120a01038f06b88023dd6bafbecb712602' + '50101f646d540001',
    packet:
      '17405e67dd0db99b616e640169766563' +
      'f2d69ecdbd5a0d5b8d5ef38bad4da58d1f278fde98ef67549d524a3018d9a57f' +
      'f4d3a31ce673119e451626c2415771e3b7eebca614c89b35',
  },
  {
    name: 'case 12: no payload',
    keyAndSalt: '7d773d00c144c525ac619d18c84a3f47d9664267',
    clear: '01020201',
    packet: '335467aeffffffff43457e9182443bc6437f866bcb3f699fe9b0822bac961c4504bef270',
  },
  {
    name: 'case 14: 256 bits, the last extended sequence number',
    keyAndSalt: '6c6567616c697a656d6172696a75616e61616e64646f69746265666f726569617475726e',
    sequenceHigh: 0xffffffff,
    clear:
      '45000030da3a00008001df3bc0a80005c0a800010800c6cd0200070061626364' +
      '65666768696a6b6c6d6e6f707172737401020201',
    packet:
      '796b6963ffffffff333021696765746d' +
      'f97ab2aa356d8edce17644ac8c78e25dd24dedbb29ebf1b64a274b39b49c3a86' +
      '4cd3d78ca4ae68a32b42458fb57dbe821dcc63b9d0937ba2945f669368661a329fb4c053',
  },
];
