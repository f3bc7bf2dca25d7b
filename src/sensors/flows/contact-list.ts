// Addresses that infected machines call home to: feed files as abuse.ch and Spamhaus DROP publish them, read again when they change.
// The operator fetches them; a file that cannot be read leaves the last one in force.

import { statSync } from 'node:fs'
import { parsePrefix } from '../../model/ip.ts'
import { parseJson } from '../../model/json.ts'
import { fileMark, wholeFileNow } from '../../wire/whole-file.ts'
import { type FlowAddress, flowAddress, inPrefixes } from './flow.ts'

export type Listing = {
  /** The file's name, for people. */
  readonly list: string
  /** The feed's maker saw the address answer lately: one contact is enough. */
  readonly online: boolean
}

export type ContactList = {
  find(address: FlowAddress, port: number): Listing | undefined
  /** Looks whether the files have changed. */
  refresh(): void
  readonly size: number
}

/** A feed of more than this is not one. */
const MAX_BYTES = 64 * 1024 * 1024
/** Prefixes are compared one by one; DROP has some hundreds. */
const MAX_PREFIXES = 5000

type ContactPorts = { readonly ports: ReadonlySet<number> | undefined; readonly online: boolean }
type Feed = {
  readonly name: string
  readonly single: ReadonlyMap<FlowAddress, ContactPorts>
  readonly within: (address: FlowAddress) => boolean
  readonly size: number
}

export function contactList(
  files: readonly string[],
  trouble: (error: unknown, about: string) => void,
): ContactList {
  const known = new Map<string, { readonly mark: string; readonly feed: Feed }>()
  const refresh = () => {
    for (const file of files) {
      try {
        if (known.get(file)?.mark === fileMark(statSync(file))) continue
        const { bytes, mark } = wholeFileNow(file, MAX_BYTES)
        known.set(file, { mark, feed: parseFeed(nameOf(file), bytes.toString('utf8')) })
      } catch (error) {
        trouble(error, `reading ${file}`)
      }
    }
  }
  refresh()
  return {
    find: (address, port) => {
      for (const { feed } of known.values()) {
        const entry = feed.single.get(address)
        if (entry && (!entry.ports || entry.ports.has(port)))
          return { list: feed.name, online: entry.online }
        if (feed.within(address)) return { list: feed.name, online: false }
      }
      return undefined
    },
    refresh,
    get size() {
      return [...known.values()].reduce((sum, { feed }) => sum + feed.size, 0)
    },
  }
}

const nameOf = (file: string): string => file.slice(file.lastIndexOf('/') + 1)

/** JSON of abuse.ch (Feodo Tracker), CSV with an address and a port, or lines of prefixes with comments (DROP). */
export function parseFeed(name: string, text: string): Feed {
  const single = new Map<FlowAddress, { ports: Set<number> | undefined; online: boolean }>()
  const prefixes: string[] = []
  const add = (address: string, port: number | undefined, online: boolean) => {
    const key = flowAddress(address)
    if (key === undefined) return
    const before = single.get(key)
    const ports = before && !before.ports ? undefined : (before?.ports ?? new Set<number>())
    if (port !== undefined && ports) ports.add(port)
    single.set(key, {
      ports: port === undefined ? undefined : ports,
      online: online || before?.online === true,
    })
  }
  if (/^\s*[[{]/.test(text) && !isJsonLines(text)) fromJson(text, add)
  else
    for (const line of text.split('\n')) fromLine(line, add, prefix => void prefixes.push(prefix))
  if (prefixes.length > MAX_PREFIXES) prefixes.length = MAX_PREFIXES
  return { name, single, within: inPrefixes(prefixes), size: single.size + prefixes.length }
}

/** The first line is an object, and another one begins behind it. */
function isJsonLines(text: string): boolean {
  const first = text.trimStart()
  const newline = first.indexOf('\n')
  const line = first.slice(0, newline).trimEnd()
  return newline > 0 && /^\{.*\}$/.test(line) && /^\s*\{/.test(first.slice(newline))
}

type Add = (address: string, port: number | undefined, online: boolean) => void

/** Feodo Tracker: a list of {ip_address, port, status, …}. */
function fromJson(text: string, add: Add): void {
  const rows = parseJson(text)
  if (!Array.isArray(rows)) throw new Error('it is no list')
  for (const row of rows as readonly unknown[]) {
    if (typeof row !== 'object' || row === null) continue
    const { ip_address: address, port, status } = row as { readonly [key: string]: unknown }
    if (typeof address !== 'string') continue
    add(address, typeof port === 'number' ? port : undefined, status === 'online')
  }
}

function fromLine(line: string, add: Add, addPrefix: (prefix: string) => void): void {
  // DROP as JSON lines: {"cidr": "192.0.2.0/24", …}
  const cidr = /^\s*\{.*"cidr"\s*:\s*"([^"]+)"/.exec(line)?.[1]
  const bare = cidr ?? line.replace(/[;#].*/s, '').trim()
  if (bare === '') return
  const cells = bare.split(',').map(cell => cell.trim().replace(/^"|"$/g, ''))
  const at = cells.findIndex(cell => flowAddress(cell.replace(/:\d+$/, '')) !== undefined)
  if (at >= 0) {
    const cell = cells[at] ?? ''
    const [, four, own] = /^([\d.]+):(\d{1,5})$/.exec(cell) ?? []
    const next = cells[at + 1] ?? ''
    const port = own ?? (/^\d{1,5}$/.test(next) ? next : undefined)
    add(four ?? cell, port === undefined ? undefined : Number(port), /\bonline\b/.test(line))
    return
  }
  const prefix = cells[0] ?? ''
  // An empty or tiny prefix would be the whole Internet.
  const parsed = parsePrefix(prefix)
  if (parsed && parsed.bits >= (parsed.family === 4 ? 8 : 19)) addPrefix(prefix)
}
