/** Defects that no cell notices, and why; `npm run mutate` fails where one of them is noticed, or another is not. */
export const survivors: Readonly<Record<string, string>> = {};
