const byProbe =
  'cells pass through such a box all the same; the probe of the box refuses it before they are played';

/** What no cell tells of a NAT box; the probe of the box does, as a test shows. */
export const noticedByProbe = [
  'a NAT maps each destination anew',
  'a NAT lets anybody answer through a mapping',
  'a NAT sends what is for its own outside address back inside',
  'a NAT keeps source port 500 for every inside host',
  'only what comes from inside keeps a mapping alive',
] as const;

/** Defects that no cell notices, and why; `npm run mutate` fails where one of them is noticed, or another is not. */
export const survivors: Readonly<Record<string, string>> = {
  ...Object.fromEntries(noticedByProbe.map((name) => [name, byProbe])),
  'the client asks for PFS unbidden':
    'neither end tells whether quick mode had a key exchange of its own, and on the wire it is encrypted',
  'the responder asks for the password in the clear first':
    'the authentication protocol that PPP agrees on is in no observation, and no rule names it',
};
