// Reads the provider's own list of customers: a CSV file, an HTTP address that gives JSON, or a directory (LDAP).

import { isUtf8 } from 'node:buffer'
import { Client } from 'ldapts'
import { type Mistake, mistakesIn, readCsv } from '../../model/csv.ts'
import { subscriberFrom, type ToldSubscriber } from '../../model/feed-row.ts'
import { parseJson } from '../../model/json.ts'
import { wholeFile } from '../../wire/whole-file.ts'

export type FeedSettings = {
  readonly csv?: string | undefined
  readonly http?: { readonly url: string; readonly authorization?: string | undefined } | undefined
  readonly ldap?:
    | {
        readonly url: string
        /** With `ldap://`: STARTTLS before anything is said: `subscriberFeed.ldap.startTls`, true by default. */
        readonly startTls: boolean
        /** PEM file of what is trusted instead of the system's authorities: `subscriberFeed.ldap.certificate`, none by default. */
        readonly certificate?: string | undefined
        readonly bindDn?: string | undefined
        readonly password?: string | undefined
        readonly base: string
        /** `subscriberFeed.ldap.filter`, must be given, 1 to 1000 characters. */
        readonly filter: string
        /** Which attribute is what. */
        readonly attributes: Readonly<Record<string, string>>
      }
    | undefined
}

type FeedFields = Readonly<Record<string, unknown>>

/** Without the last two a list says nothing of any customer, or that no customer has a login any more. */
const COLUMNS = {
  known: ['id', 'plan', 'flags', 'language', 'contacts', 'logins'],
  wanted: ['id', 'logins'],
}

const MAX_BYTES = 512 * 1024 * 1024
const TIMEOUT = 60_000

/** All of them. Throws when one is wrong: half a feed is none. */
export async function readFeed(settings: FeedSettings): Promise<readonly ToldSubscriber[]> {
  const { csv, http, ldap } = settings
  if (csv) return mustHaveRows(customersIn(csv, await within(csv)))
  const rows = http ? await httpRows(http) : ldap ? await ldapRows(ldap) : []
  return mustHaveRows(rows).map(row => {
    const found = subscriberFrom(row)
    if (typeof found === 'string') throw new Error(found)
    return found
  })
}

function mustHaveRows<T>(rows: readonly T[]): readonly T[] {
  if (rows.length === 0) throw new Error('the feed is empty')
  return rows
}

/** Throws all mistakes of the list at once, each with its line. */
function customersIn(file: string, text: string): readonly ToldSubscriber[] {
  const { rows, mistakes: ofForm } = readCsv(text, COLUMNS)
  const mistakes: Mistake[] = [...ofForm]
  const all: ToldSubscriber[] = []
  for (const { line, cells } of rows) {
    const found = subscriberFrom(cells)
    if (typeof found === 'string') mistakes.push({ line, what: found })
    else all.push(found)
  }
  const wrong = mistakesIn(file, mistakes)
  if (wrong !== undefined) throw new Error(wrong)
  return all
}

/** The text of the file. Bytes that are no UTF-8 would be another address than the one that was meant. */
async function within(path: string): Promise<string> {
  const { bytes } = await wholeFile(path, MAX_BYTES)
  if (!isUtf8(bytes)) throw new Error(`${path} is not in UTF-8`)
  return bytes.toString('utf8')
}

async function httpRows({
  url,
  authorization,
}: NonNullable<FeedSettings['http']>): Promise<readonly FeedFields[]> {
  const answer = await fetch(url, {
    redirect: 'error',
    headers: {
      accept: 'application/json',
      ...(authorization === undefined ? {} : { authorization }),
    },
    signal: AbortSignal.timeout(TIMEOUT),
  })
  if (!answer.ok) throw new Error(`${new URL(url).host} answers ${answer.status}`)
  const body = parseJson(await bounded(answer))
  if (!Array.isArray(body)) throw new Error('the feed is no list')
  return body as readonly FeedFields[]
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

async function ldapRows(
  settings: NonNullable<FeedSettings['ldap']>,
): Promise<readonly FeedFields[]> {
  const { url, startTls, certificate, bindDn, password, base, filter, attributes } = settings
  const tlsOptions = {
    minVersion: 'TLSv1.2' as const,
    ...(certificate === undefined ? {} : { ca: (await wholeFile(certificate)).bytes }),
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
