// What the DNS says of a mail server's name and domains: A, AAAA, PTR, SPF, DKIM of our key, DMARC. Each is there, or the line to add is said.

import { SECOND } from '../../../model/duration.ts'
import { type Dns, noAnswer } from '../../../drivers/lookups/node-resolver.ts'
import { type Ip, parseIp } from '../../../model/ip.ts'
import { pointerName } from '../../../model/reverse-name.ts'
import { within } from '../../../drivers/within.ts'
import { type KeptDkimKey, signsFor } from '../../../drivers/identity/dkim-keys.ts'
import { isDkimRecordOf } from '../../../mail/dkim-record.ts'
import type { Check } from '../../check.ts'
import type { SetupAnswers } from '../questions.ts'

const reverseName = (address: string) => pointerName(parseIp(address) as Ip)

/** For all questions together. */
const PATIENCE = 10 * SECOND

export type NamesOptions = {
  readonly dns: Dns
  /** Undefined: there are none yet. */
  readonly keys: readonly KeptDkimKey[] | undefined
  /** ms. */
  readonly patience?: number
}

export async function namesChecked(
  { hostname, domains, operator, stands }: SetupAnswers,
  { dns, keys, patience = PATIENCE }: NamesOptions,
): Promise<readonly Check[]> {
  const end = performance.now() + patience
  const ask = (name: string, type: string) =>
    within(Math.max(1, end - performance.now()), answers(dns, name, type), () =>
      noAnswer('no answer in time'),
    ).catch((error: Error) => error)
  const must = stands === 'server' ? ({ must: true } as const) : {}
  const addresses = [await ask(hostname, 'A'), await ask(hostname, 'AAAA')]
  const known = addresses.flatMap(one => (one instanceof Error ? [] : one))
  const [ownDomain = hostname] = domains
  const name: Check =
    known.length > 0
      ? { what: `address of ${hostname}`, state: 'good', said: known.join(', ') }
      : {
          ...(failureOf(addresses) ?? {
            state: 'missing',
            said: 'there is no A and no AAAA',
            ...must,
          }),
          what: `address of ${hostname}`,
          write: `${hostname}. 3600 IN A ADDRESS-OF-THIS-SERVER`,
        }
  return [
    name,
    ...(await Promise.all([
      ...known.map(async address =>
        reverse(address, hostname, await ask(reverseName(address), 'PTR')),
      ),
      ...domains.map(async domain =>
        record(await ask(domain, 'TXT'), {
          what: `SPF of ${domain}`,
          begins: 'v=spf1',
          write: `${domain}. 3600 IN TXT "v=spf1 mx a:${hostname} ~all"`,
        }),
      ),
      // Of one that reads no message only letters would be signed, and Postfix's own DKIM signs those.
      ...(stands === 'watch' ? [] : dkim(ownDomain, keys, dkimName => ask(dkimName, 'TXT'))),
      ...domains.map(async domain =>
        record(await ask(`_dmarc.${domain}`, 'TXT'), {
          what: `DMARC of ${domain}`,
          begins: 'v=DMARC1',
          write: `_dmarc.${domain}. 3600 IN TXT "v=DMARC1; p=none; rua=mailto:${operator}"`,
        }),
      ),
    ])),
  ]
}

/** None: there is no such name or record. Rejects where that is not known. */
async function answers(dns: Dns, name: string, type: string): Promise<readonly string[]> {
  try {
    const found = (await dns.resolve(name, type)) as readonly (string | readonly string[])[]
    return found.map(one => (typeof one === 'string' ? one : one.join('')))
  } catch (error) {
    if (['ENOTFOUND', 'ENODATA'].includes((error as NodeJS.ErrnoException).code ?? '')) return []
    throw error
  }
}

type RecordsAnswer = readonly string[] | Error

const failureOf = (all: readonly RecordsAnswer[]): Pick<Check, 'state' | 'said'> | undefined => {
  const failed = all.find(one => one instanceof Error)
  return failed && { state: 'unknown', said: `the DNS does not answer: ${failed.message}` }
}

function reverse(address: string, hostname: string, names: RecordsAnswer): Check {
  const what = `reverse DNS of ${address}`
  const write = `${reverseName(address)}. 3600 IN PTR ${hostname}.`
  if (names instanceof Error) return { what, write, ...failed(names) }
  if (names.some(one => one.toLowerCase() === hostname.toLowerCase()))
    return { what, state: 'good', said: hostname }
  const said = names.length === 0 ? 'there is none' : `it is ${names.join(', ')}, not ${hostname}`
  return { what, state: 'missing', said, write }
}

const failed = (error: Error) => failureOf([error]) as Pick<Check, 'state' | 'said'>

type RecordAsked = { readonly what: string; readonly begins: string; readonly write: string }

function record(texts: RecordsAnswer, { what, begins, write }: RecordAsked): Check {
  if (texts instanceof Error) return { what, write, ...failed(texts) }
  const found = texts.find(one => one.startsWith(begins))
  return found === undefined
    ? { what, state: 'missing', said: 'there is none', write }
    : { what, state: 'good', said: found }
}

/** Of each key that signs, or will when it is published. */
function dkim(
  domain: string,
  keys: NamesOptions['keys'],
  ask: (name: string) => Promise<RecordsAnswer>,
): readonly (Check | Promise<Check>)[] {
  if (keys === undefined)
    return [
      {
        what: `DKIM of ${domain}`,
        state: 'unknown',
        said: 'the keys are made at the first start; then `cordon dkim show` prints the lines to add',
      },
    ]
  return keys
    .filter(({ ended }) => ended === undefined)
    .map(async key => dkimKey(domain, key, await ask(`${key.selector}._domainkey.${domain}`)))
}

function dkimKey(domain: string, key: KeptDkimKey, texts: RecordsAnswer): Check {
  const { selector, kind, privateKey } = key
  const what = `DKIM of ${domain}, ${kind === 'rsa' ? 'RSA' : 'Ed25519'}`
  const write = 'the line that `cordon dkim show` prints'
  if (texts instanceof Error) return { what, write, ...failed(texts) }
  if (texts.some(one => isDkimRecordOf(one, privateKey)))
    return { what, state: 'good', said: `the key of selector ${selector}` }
  const said = texts.length === 0 ? `there is none of ${selector}` : `${selector} has another key`
  const follows = signsFor(key, domain)
    ? 'it signs, and receivers take that for forged'
    : `it signs no mail of ${domain} until it is there`
  return { what, state: 'missing', said: `${said}: ${follows}`, write }
}
