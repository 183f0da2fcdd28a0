import { type ConfigFile, configDirectory } from '../linux/configuration.ts';

/** The profile of a responder that tells clients with one address and port apart by the marks of their SAs. */
export const connmarkProfile = 'connmark';

/** Run before charon takes its configuration. */
export const netfilterScript = `${configDirectory}/netfilter`;

const removeRules = [
  'for table in mangle filter; do',
  '  if grep -qsx $table /proc/net/ip_tables_names; then iptables-legacy -t $table -F; fi',
  'done',
];

/**
 * What strongSwan's plugin connmark does, which Debian does not build: the mark of an SA goes to the conntrack entry
 * of what came through it, and from there to the answers, which find the SA by it. Packets get their mark after the
 * kernel has looked for a policy, so that the block of L2TP in clear has to stand behind that; it stands before the
 * one among the policies goes.
 */
const addRules = [
  ...['sport', 'dport'].map(
    (port) => `iptables-legacy -A OUTPUT -p udp --${port} 1701 -m policy --dir out --pol none -j DROP`,
  ),
  'mangle="iptables-legacy -t mangle"',
  '$mangle -A INPUT -p udp --dport 1701 -m policy --dir in --pol ipsec -j CONNMARK --save-mark',
  '$mangle -A OUTPUT -p udp --sport 1701 -j CONNMARK --restore-mark',
  ...['sport', 'dport'].map(
    (port) => `ip xfrm policy delete src 0.0.0.0/0 dst 0.0.0.0/0 proto udp ${port} 1701 dir out`,
  ),
];

/** The rules of a responder with marks, or none: those of an earlier cell go. */
export function netfilterFile(connmark: boolean): ConfigFile {
  const lines = ['#!/bin/sh -e', ...removeRules, ...(connmark ? addRules : [])];
  return { path: netfilterScript, text: lines.join('\n') };
}

/** The settings of a child whose SAs have a mark each, on what they let in and on what they take. */
export const uniqueMarks = ['mark_in = %unique', 'mark_out = %unique', 'set_mark_in = %same'];
