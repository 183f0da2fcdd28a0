import type { RandomSource } from '../engine.ts';
import { fromHex, uint16, uint32, utf8 } from '../octets.ts';
import { attribute } from './attribute.ts';
import { type Avp, maximumValueLength } from './avp.ts';
import type { AvpEntry, AvpValue, ListedMessage } from './avp-entry.ts';
import type { L2tpConfig } from './config.ts';
import { hideValue, paddingFor } from './hiding.ts';
import { encodeMessage, type MessageName } from './message.ts';

/** RFC 2661 4.4.1 recommends 16 octets at least. */
const randomVectorLength = 16;

/** What no list of AVPs can leave out: without these the protocol does not do what the settings say. */
const indispensable = new Set([
  attribute.tieBreaker.type,
  attribute.challenge.type,
  attribute.challengeResponse.type,
  attribute.sequencingRequired.type,
]);

/** Writes control messages as the settings lay them down: which AVPs in which order, and which of them hidden. */
export class MessageWriter {
  readonly #config: L2tpConfig;
  readonly #random: RandomSource;

  /** Throws `TypeError` for settings that contradict themselves. */
  constructor(config: L2tpConfig, random: RandomSource) {
    this.#config = config;
    this.#random = random;
    const complaint = complaintAbout(config);
    if (complaint !== undefined) throw new TypeError(complaint);
  }

  /** The body of a message for which this end has these AVPs, in the order of a Windows client. */
  body(name: MessageName, own: readonly Avp[]): Uint8Array {
    const { messages = {} } = this.#config;
    const entries = isListed(name, messages) ? messages[name] : undefined;
    return encodeMessage(name, this.#hidden(entries === undefined ? own : this.#arranged(entries, own)));
  }

  #arranged(entries: readonly AvpEntry[], own: readonly Avp[]): Avp[] {
    const avps = entries.flatMap((entry) => this.#avpOf(entry, own));
    const left = own.filter(({ type }) => indispensable.has(type) && !avps.some((avp) => avp.type === type));
    return [...avps, ...left];
  }

  #avpOf(entry: AvpEntry, own: readonly Avp[]): Avp[] {
    if ('vendorId' in entry) {
      const { vendorId, type, mandatory = false } = entry;
      return [
        { vendorId, type, mandatory, hidden: false, reserved: false, value: this.#octets(entry.value) },
      ];
    }
    const row = attribute[entry.attribute];
    const had = own.find(({ type }) => type === row.type);
    const value = entry.value === undefined ? had?.value : this.#octets(entry.value, row.width);
    if (value === undefined) return [];
    const { type, mandatory } = row;
    return [
      {
        vendorId: 0,
        type,
        mandatory: entry.mandatory ?? mandatory,
        hidden: false,
        reserved: false,
        value,
      },
    ];
  }

  #octets(value: AvpValue, width: 2 | 4 = 2): Uint8Array {
    if (typeof value === 'number') return width === 2 ? uint16(value) : uint32(value);
    if (typeof value === 'string') return utf8(value);
    return 'hex' in value ? fromHex(value.hex) : this.#random(value.randomOctets);
  }

  /** RFC 2661 4.3: one Random Vector before the first hidden AVP serves them all. */
  #hidden(avps: readonly Avp[]): readonly Avp[] {
    const { tunnelSecret, hides = [] } = this.#config;
    const types = new Set(hides.map((name) => attribute[name].type));
    const first = avps.findIndex((avp) => avp.vendorId === 0 && types.has(avp.type));
    if (tunnelSecret === undefined || first === -1) return avps;
    const vector = this.#random(randomVectorLength);
    const written = avps.map((avp) => {
      if (avp.vendorId !== 0 || !types.has(avp.type)) return avp;
      const room = maximumValueLength - 2 - avp.value.length;
      const padding = this.#random(Math.min(paddingFor(avp.value.length), room));
      const value = hideValue(avp.type, tunnelSecret, vector, avp.value, padding);
      return { ...avp, hidden: true, value };
    });
    return [...written.slice(0, first), attribute.randomVector.avp(vector), ...written.slice(first)];
  }
}

function isListed(name: MessageName, messages: object): name is ListedMessage {
  return name in messages;
}

function complaintAbout(config: L2tpConfig): string | undefined {
  const { tunnelSecret, challenges, hides = [], messages = {} } = config;
  if (tunnelSecret === undefined && challenges) return 'L2TP: a challenge needs a tunnel secret';
  if (tunnelSecret === undefined && hides.length > 0) return 'L2TP: hidden AVPs need a tunnel secret';
  const clear = hides.find((name) => !attribute[name].hideable);
  if (clear !== undefined) return `L2TP: RFC 2661 4.4 forbids to hide ${attribute[clear].name}`;
  for (const entry of Object.values(messages).flat()) {
    if ('vendorId' in entry || typeof entry.value !== 'number') continue;
    const row = attribute[entry.attribute];
    if (row.width === undefined) return `L2TP: the value of ${row.name} is no number`;
  }
  return undefined;
}
