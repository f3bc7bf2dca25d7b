// What mail programs would find for a domain: each record in the DNS, each place over HTTPS, beside what the configuration says they should find.

import {
  AUTODISCOVER_JSON_PATH,
  autodiscoverJson,
  autodiscoverXml,
  OUTLOOK,
  POX_PATH,
} from '../mail/client-setup/autodiscover.ts'
import type { ClientSetup } from '../mail/client-setup/client-setup.ts'
import { type SetupRecord, setupRecords } from '../mail/client-setup/dns-records.ts'
import { MOZILLA_PATHS, mozillaConfig } from '../mail/client-setup/mozilla.ts'
import { USER_AGENT_PATH, userAgentConfig } from '../mail/client-setup/user-agent-config.ts'
import { xmlText } from '../mail/client-setup/xml-text.ts'

export type SetupFinding = {
  readonly mechanism: 'SRV' | 'TXT' | 'Mozilla' | 'Outlook' | 'user agent'
  /** A name in the DNS, or a URL. */
  readonly place: string
  /** `other`: something else is found there. */
  readonly found: 'right' | 'other' | 'missing' | 'unknown'
  /** What was found, or what went wrong. */
  readonly words: string
}

type HttpAnswer = { readonly status: number; readonly text: string }
export type SetupAsking = {
  /** As node:dns. */
  readonly resolve: (name: string, type: 'SRV' | 'TXT') => Promise<unknown>
  /** Rejects when nothing answers. */
  readonly fetch: (url: string, body?: string) => Promise<HttpAnswer>
}

/** `setup`: with an address, which Outlook would ask with. */
export function checkClientSetup(
  setup: ClientSetup,
  asking: SetupAsking,
): Promise<readonly SetupFinding[]> {
  const records = setupRecords(setup).flatMap(record =>
    record.type === 'CNAME' ? [] : [checkRecord(record, asking)],
  )
  return Promise.all([...records, ...placesOf(setup).map(place => checkPlace(place, asking))])
}

type WebPlace = Pick<SetupFinding, 'mechanism'> & {
  readonly url: string
  readonly body?: string
  readonly expected: string
}

function placesOf(setup: ClientSetup): readonly WebPlace[] {
  const { domain, address = '' } = setup
  const [atHost, ...atDomain] = MOZILLA_PATHS.map(path => ({
    mechanism: 'Mozilla' as const,
    path,
    expected: mozillaConfig(setup),
  }))
  const query = new URLSearchParams({ Email: address, Protocol: 'AutodiscoverV1' }).toString()
  const host = (name: string, path: string) => `https://${name}.${domain}${path}`
  const xml = autodiscoverXml(setup)
  return [
    ...(atHost ? [{ ...atHost, url: host('autoconfig', atHost.path) }] : []),
    ...atDomain.map(one => ({ ...one, url: `https://${domain}${one.path}` })),
    ...(xml === undefined
      ? []
      : [
          {
            mechanism: 'Outlook' as const,
            url: host('autodiscover', POX_PATH),
            body: outlookRequest(address),
            expected: xml,
          },
        ]),
    {
      mechanism: 'Outlook',
      url: host('autodiscover', `${AUTODISCOVER_JSON_PATH}?${query}`),
      expected: autodiscoverJson(domain, 'AutodiscoverV1') ?? '',
    },
    {
      mechanism: 'user agent',
      url: host('ua-auto-config', USER_AGENT_PATH),
      expected: userAgentConfig(setup),
    },
  ]
}

const outlookRequest = (address: string): string =>
  `<?xml version="1.0" encoding="utf-8"?><Autodiscover xmlns="${OUTLOOK}/requestschema/2006"><Request><EMailAddress>${xmlText(address)}</EMailAddress><AcceptableResponseSchema>${OUTLOOK}/responseschema/2006a</AcceptableResponseSchema></Request></Autodiscover>`

async function checkPlace(
  { mechanism, url, body, expected }: WebPlace,
  { fetch }: SetupAsking,
): Promise<SetupFinding> {
  const about = { mechanism, place: url }
  try {
    const { status, text } = await fetch(url, body)
    if (status !== 200) return { ...about, found: 'missing', words: `status ${status}` }
    return text === expected
      ? { ...about, found: 'right', words: 'as configured' }
      : { ...about, found: 'other', words: 'another answer than the configuration gives' }
  } catch (error) {
    const { message, cause } = error as Error
    const words = cause instanceof Error ? cause.message : message
    return { ...about, found: 'unknown', words: `no answer: ${words}` }
  }
}

type NamedRecord = Exclude<SetupRecord, { readonly type: 'CNAME' }>

const NOT_THERE: ReadonlySet<unknown> = new Set(['ENODATA', 'ENOTFOUND'])

async function checkRecord(record: NamedRecord, { resolve }: SetupAsking): Promise<SetupFinding> {
  const about = { mechanism: record.type, place: record.name }
  try {
    const found = wordsOf(record.type, await resolve(record.name, record.type))
    const wanted = expectedOf(record)
    if (found.length === 1 && found[0] === wanted)
      return { ...about, found: 'right', words: found.join() }
    const words = `${found.join(', ').slice(0, 200)}, instead of ${wanted}`
    return { ...about, found: 'other', words }
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    return NOT_THERE.has(code)
      ? { ...about, found: 'missing', words: `instead of ${expectedOf(record)}` }
      : { ...about, found: 'unknown', words: `no answer: ${message}` }
  }
}

function expectedOf(record: NamedRecord): string {
  if (record.type === 'TXT') return record.text
  const { priority, weight, port, target } = record
  return `${priority} ${weight} ${port} ${target}.`
}

type FoundSrv = Readonly<Record<'priority' | 'weight' | 'port', number>> & { readonly name: string }

const wordsOf = (type: 'SRV' | 'TXT', found: unknown): readonly string[] =>
  type === 'TXT'
    ? (found as readonly (readonly string[])[]).map(strings => strings.join(''))
    : (found as readonly FoundSrv[]).map(
        ({ priority, weight, port, name }) =>
          `${priority} ${weight} ${port} ${name.toLowerCase().replace(/\.$/, '')}.`,
      )
