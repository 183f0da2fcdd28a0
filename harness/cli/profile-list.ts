import { clientProfiles, responderProfiles, type Sureness } from '../profile-table.ts';

interface Line {
  readonly name: string;
  readonly summary: string;
  readonly sureness: Sureness;
}

/** The clients and responders of the field as `--list-profiles` prints them: a name for `--client` or `--responder`, what it is, how sure. */
export function profilesText(): string {
  const [clients, responders] = [clientProfiles(), responderProfiles()];
  const width = Math.max(...[...clients, ...responders].map(({ name }) => name.length));
  const line = ({ name, summary, sureness: { V, D, R, '?': open } }: Line) =>
    `  ${name.padEnd(width)}  ${summary} [V ${V}, D ${D}, R ${R}, ? ${open}]\n`;
  const marks = 'V verified in a source, D derived, R recalled, ? open; docs/profiles.md has their values\n';
  return `Clients\n${clients.map(line).join('')}\nResponders\n${responders.map(line).join('')}\n${marks}`;
}

/** The same for programs. */
export function profilesJson(): string {
  const plain = ({ name, summary, sureness }: Line) => ({ name, summary, sureness });
  const both = { clients: clientProfiles().map(plain), responders: responderProfiles().map(plain) };
  return `${JSON.stringify(both, null, 2)}\n`;
}
