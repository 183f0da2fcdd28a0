import { decoded } from '../../decode.ts';
import { FragmentAssembly } from '../../ike/fragment-assembly.ts';
import { limitsIn, phase1Life, phase2Life } from '../../ike/limits.ts';
import { attributeNumber, decodeAttributes, encodeAttributes } from '../../isakmp/attribute.ts';
import { decodeFragment, encodeFragment } from '../../isakmp/fragment.ts';
import { decodeMessage, decodePayloads, encodeMessage, type ReceivedPayload } from '../../isakmp/message.ts';
import { decodePayload, encodePayload, type Payload } from '../../isakmp/payload.ts';
import { encodePayloadChain } from '../../isakmp/payload-chain.ts';
import { PayloadType } from '../../isakmp/payload-type.ts';
import { joinIkePort, splitIkePort } from '../../nat-traversal/datagram.ts';
import { detectNat } from '../../nat-traversal/detection.ts';
import { concat, equalOctets, readUint, uint8 } from '../../octets.ts';
import { codec, roundTrip } from './codec.ts';
import { recordings } from './recorded.ts';
import { FaultFound, type Target } from './target.ts';

/** IKE messages as they crossed the wire, without what goes before them on port 4500. */
function messages(): Uint8Array[] {
  return recordings().flatMap(({ datagrams }) =>
    datagrams.flatMap(({ payload, destination, source }) => {
      const port = [destination.port, source.port].includes(500) ? 500 : 4500;
      const split = splitIkePort(port, payload);
      return destination.port !== 0 && split.ok && split.value.kind === 'ike' ? [split.value.message] : [];
    }),
  );
}

/** Payload chains, the type of the first payload in front: those in the clear, and those before encryption. */
function chains(): Uint8Array[] {
  const clear = messages()
    .filter((message) => (readUint(message, 19, 1) & 1) === 0)
    .map((message) => concat(message.subarray(16, 17), message.subarray(28)));
  return [...clear, ...recordings().flatMap(({ payloads }) => payloads)];
}

/** Payloads one by one, each with its type in front. */
function singlePayloads(): Uint8Array[] {
  return chains().flatMap((chain) => {
    const read = decodePayloads(chain.subarray(1), chain[0] ?? 0, 0);
    if (!read.ok) return [];
    return read.value.map(({ payload, body }) => concat(uint8(encodePayload(payload).type), body));
  });
}

const bodiesOf = (type: number) =>
  singlePayloads()
    .filter((payload) => payload[0] === type)
    .map((payload) => payload.subarray(1));

function attributes(): Uint8Array[] {
  return bodiesOf(PayloadType.securityAssociation).flatMap((body) => {
    const read = decodePayload({ type: PayloadType.securityAssociation, body, start: 0, end: 0 });
    if (!read.ok || read.value.payload !== 'security-association') return [];
    return read.value.sa.proposals.flatMap(({ transforms }) =>
      transforms.map((transform) => encodeAttributes(transform.attributes)),
    );
  });
}

const plain = (payloads: readonly ReceivedPayload[]): Payload[] => payloads.map(({ payload }) => payload);

/** What both forms of an ISAKMP header say alike: its length follows from the rest. */
const lengthless = <Header extends object>(header: Header) => ({ ...header, length: 0, nextPayload: 0 });

const nowhere = { ip: '0.0.0.0', port: 0 };

export const ikeCodecs: readonly Target[] = [
  roundTrip(
    'isakmp-message',
    'whole ISAKMP messages',
    messages,
    decodeMessage,
    ({ header, payloads }) => encodeMessage(header, plain(payloads)),
    ({ header, payloads }) => [lengthless(header), plain(payloads)],
  ),
  roundTrip(
    'isakmp-payloads',
    'chains of payloads as they stand before encryption',
    chains,
    (input) => {
      const read = decodePayloads(input, input[0] ?? 0, Math.min(1, input.length));
      return read.ok ? decoded(plain(read.value)) : read;
    },
    (payloads) => {
      const generic = payloads.map(encodePayload);
      return concat(uint8(generic[0]?.type ?? 0), encodePayloadChain(generic));
    },
  ),
  roundTrip(
    'isakmp-payload',
    'each payload alone: SA, KE, ID, notification, delete, NAT-D, NAT-OA, ...',
    singlePayloads,
    (input) =>
      decodePayload({
        type: input[0] ?? 0,
        body: input.subarray(1),
        // Its generic header stands before the body, where the type stands here.
        start: Math.min(1, input.length) - 4,
        end: input.length,
      }),
    (payload) => {
      const { type, body } = encodePayload(payload);
      return concat(uint8(type), body);
    },
  ),
  roundTrip(
    'isakmp-attributes',
    'data attributes, and the lifetimes in them',
    attributes,
    (input) => {
      const read = decodeAttributes(input, 0, 'Fuzzed');
      if (!read.ok) return read;
      for (const attribute of read.value) {
        if (Number.isNaN(attributeNumber(attribute)))
          throw new FaultFound('wrong', 'an attribute is no number');
      }
      for (const life of [phase1Life, phase2Life]) {
        const { lifetimeSeconds = 1 } = limitsIn(read.value, life);
        if (!(lifetimeSeconds > 0)) throw new FaultFound('wrong', `a life of ${lifetimeSeconds} s`);
      }
      return read;
    },
    encodeAttributes,
  ),
  roundTrip(
    'ike-fragment',
    'fragments, one by one',
    () => bodiesOf(PayloadType.fragment),
    (input) => decodeFragment(input, 0),
    encodeFragment,
  ),
  codec('ike-fragments', 'fragments put together', fragmentRows, assemble),
  codec(
    'ike-port',
    'what shares UDP 500 and 4500',
    () => recordings().flatMap(({ datagrams }) => datagrams.map(({ payload }) => payload)),
    (input) => {
      for (const port of [500, 4500]) {
        const split = splitIkePort(port, input);
        if (!split.ok) continue;
        if (!equalOctets(joinIkePort(port, split.value), input)) {
          throw new FaultFound('wrong', `port ${port}: it joins to something else`);
        }
      }
      return undefined;
    },
  ),
  codec(
    'nat-detection',
    'NAT-D payloads of any number and length',
    () => bodiesOf(PayloadType.natD),
    (input) => {
      const size = 1 + ((input[0] ?? 0) % 32);
      const received = Array.from({ length: Math.ceil(input.length / size) }, (_, at) =>
        input.subarray(at * size, (at + 1) * size),
      );
      const hash = () => new Uint8Array(size);
      return [
        detectNat(hash, received, nowhere, nowhere, 'peer-first'),
        detectNat(hash, received, nowhere, nowhere, 'own-first'),
      ];
    },
  ),
];

/** Fragments of one message after the other, each with its length less one in front. */
function fragmentRows(): Uint8Array[] {
  const row = bodiesOf(PayloadType.fragment).map((body) =>
    concat(uint8(Math.min(255, body.length - 1)), body),
  );
  return [concat(...row.slice(0, 4)), concat(...row.slice(0, 8))];
}

/** Cuts an input into fragments, each with its length less one in front, of a few senders. */
function assemble(input: Uint8Array): unknown {
  const assembly = new FragmentAssembly();
  let [at, now, carried] = [0, 0, 0];
  while (at < input.length) {
    const length = (input[at] ?? 0) + 1;
    const fragment = decodeFragment(input.subarray(at + 1, at + 1 + length), at + 1);
    const from = String(length % 4);
    at += 1 + length;
    now += 1000;
    if (!fragment.ok) continue;
    carried += fragment.value.data.length;
    const { message } = assembly.add(from, fragment.value, now);
    if (message !== undefined && message.length > carried) {
      throw new FaultFound('grows', `a message of ${message.length} octets out of ${carried}`);
    }
    if (assembly.size > 64) throw new FaultFound('grows', `${assembly.size} messages under way`);
  }
  return undefined;
}
