// Two recorded sessions of one program, with and without the gateway: what must be the same, and what is the gateway's own.

import assert from 'node:assert/strict'
import type { Recorded } from './recorder.ts'

export type RecordedRun = { readonly user: string; readonly heard: Recorded }

/** What differs between two runs of one program at one server. */
const plain = (text: string, user: string): string[] =>
  text
    .replaceAll(user, 'USER')
    .replaceAll(/\b\d{9,}\b/g, 'VALIDITY')
    .replaceAll(/INTERNALDATE "[^"]*"/g, 'INTERNALDATE')
    .replaceAll(/ \([\d.]+ \+ [\d.]+(?: \+ [\d.]+)? secs\)/g, '')
    .replaceAll(/^[A-Za-z]{0,4}\d+ (?=[A-Z])/gm, 'TAG ')
    .replaceAll(/^(\d+ [0-9a-f]{8})[0-9a-f]{8}$/gm, '$1VALIDITY')
    .split('\r\n')

/** What the gateway says in its own words: the greeting, what can be done, and the answer to the login. */
const OWN =
  /^(?:\* OK .*|\* CAPABILITY .*|\S+ OK .*(?:CAPABILITY|Logged in|LOGIN Ok|Pre-login).*|\+ ?|\+OK.*(?:ready|Logged in|logged in|Hello|Password required|what I can do).*|\+OK ?|\+OK Capability.*|CAPA|TOP|UIDL|RESP-CODES|TAG USER|AUTH-RESP-CODE|PIPELINING|USER|SASL.*|XTND XMIT|LOGIN-DELAY.*|STLS|IMPLEMENTATION.*|\* ID .*|\S+ OK ID completed\.?)$/

/** By which of the mechanisms that are offered a client logs in, and the answer to it. */
const LOGIN =
  /^(?:TAG (?:LOGIN|AUTHENTICATE|CAPABILITY|ID)\b.*|AUTH .*|USER .*|PASS .*|CAPA|[A-Za-z0-9+/]{30,}={0,2})$/

export function compareSessions(about: string, through: RecordedRun, direct: RecordedRun): void {
  const said = ({ user, heard }: RecordedRun) =>
    plain(heard.client, user).filter(line => !LOGIN.test(line))
  same(said(through), said(direct), `${about}, the client`)
  const told = ({ user, heard }: RecordedRun) =>
    plain(heard.server, user).filter(line => !OWN.test(line))
  same(told(through), told(direct), `${about}, the server`)
}

/** Says where they begin to differ, and not all of both. */
export function same(found: readonly string[], expected: readonly string[], about: string): void {
  const at = Math.max(found.length, expected.length)
  const first = Array.from({ length: at }, (_, i) => i).find(i => found[i] !== expected[i]) ?? 0
  const shown = (lines: readonly string[]) =>
    lines.slice(first, first + 3).map(line => line.slice(0, 300))
  assert.deepEqual(shown(found), shown(expected), `${about}, line ${first}`)
  assert.equal(found.length, expected.length, about)
}
