// Reads the provider's own list of customers: a CSV file, an HTTP address that gives JSON, or a directory (LDAP).

import { readFileSync, statSync } from 'node:fs'
import { Client } from 'ldapts'
import { subscriberFrom } from '../../model/feed-row.ts'
import type { Subscriber } from '../../model/subscriber.ts'

export type FeedSettings = {
  readonly csv?: string | undefined
  readonly http?: { readonly url: string; readonly authorization?: string | undefined } | undefined
  readonly ldap?:
    | {
        readonly url: string
        readonly startTls: boolean
        readonly certificate?: string | undefined
        readonly bindDn?: string | undefined
        readonly password?: string | undefined
        readonly base: string
        readonly filter: string
        /** Which attribute is what. */
        readonly attributes: Readonly<Record<string, string>>
      }
    | undefined
}

type Row = Readonly<Record<string, unknown>>

const MAX_BYTES = 512 * 1024 * 1024
const TIMEOUT = 60_000

/** All of them. Throws when one is wrong: half a feed is none. */
export async function readFeed(settings: FeedSettings): Promise<readonly Subscriber[]> {
  const rows = settings.csv
    ? csvRows(readFileSync(within(settings.csv), 'utf8'))
    : settings.http
      ? await httpRows(settings.http)
      : settings.ldap
        ? await ldapRows(settings.ldap)
        : []
  if (rows.length === 0) throw new Error('the feed is empty')
  return rows.map(row => {
    const found = subscriberFrom(row)
    if (typeof found === 'string') throw new Error(found)
    return found
  })
}

function within(path: string): string {
  if (statSync(path).size > MAX_BYTES) throw new Error(`${path} is too large`)
  return path
}

/** A first line that names the columns; cells may stand in quotes, lists have spaces between. */
export function csvRows(text: string): readonly Row[] {
  const [head = [], ...rows] = text
    .split(/\r?\n/)
    .filter(line => line.trim() !== '' && !line.startsWith('#'))
    .map(cellsOf)
  const names = head.map(name => name.trim().toLowerCase())
  if (!names.includes('id'))
    throw new Error('the first line must name the columns: id, plan, logins, contacts, …')
  return rows.map(cells => Object.fromEntries(names.map((name, i) => [name, cells[i] ?? ''])))
}

/** RFC 4180, without line ends in a cell. */
function cellsOf(line: string): string[] {
  const cells: string[] = []
  const pattern = /(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g
  for (const [, quoted, plain = ''] of line.matchAll(pattern))
    cells.push((quoted?.replaceAll('""', '"') ?? plain).trim())
  return cells
}

async function httpRows({
  url,
  authorization,
}: NonNullable<FeedSettings['http']>): Promise<readonly Row[]> {
  const answer = await fetch(url, {
    redirect: 'error',
    headers: {
      accept: 'application/json',
      ...(authorization === undefined ? {} : { authorization }),
    },
    signal: AbortSignal.timeout(TIMEOUT),
  })
  if (!answer.ok) throw new Error(`${new URL(url).host} answers ${answer.status}`)
  const body: unknown = JSON.parse(await bounded(answer))
  if (!Array.isArray(body)) throw new Error('the feed is no list')
  return body as readonly Row[]
}

async function bounded(answer: Response): Promise<string> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of answer.body ?? []) {
    size += (chunk as Uint8Array).length
    if (size > MAX_BYTES) throw new Error('the feed is too large')
    chunks.push(chunk as Uint8Array)
  }
  return Buffer.concat(chunks).toString('utf8')
}

async function ldapRows(settings: NonNullable<FeedSettings['ldap']>): Promise<readonly Row[]> {
  const { url, startTls, certificate, bindDn, password, base, filter, attributes } = settings
  const tlsOptions = {
    minVersion: 'TLSv1.2' as const,
    ...(certificate === undefined ? {} : { ca: readFileSync(certificate) }),
  }
  const secure = url.startsWith('ldaps:')
  const client = new Client({
    url,
    timeout: TIMEOUT,
    connectTimeout: 5000,
    ...(secure ? { tlsOptions } : {}),
  })
  try {
    if (startTls && !secure) await client.startTLS(tlsOptions)
    if (bindDn !== undefined) await client.bind(bindDn, password ?? '')
    const { searchEntries } = await client.search(base, {
      filter,
      attributes: Object.values(attributes),
      paged: true,
    })
    return searchEntries.map(entry =>
      Object.fromEntries(
        Object.entries(attributes).map(([name, from]) => [name, valueOf(entry[from])]),
      ),
    )
  } finally {
    await client.unbind().catch(() => undefined)
  }
}

const valueOf = (value: unknown): unknown =>
  Array.isArray(value) ? value.map(String) : Buffer.isBuffer(value) ? value.toString('utf8') : value
