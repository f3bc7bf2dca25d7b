// Postfix's log: transactions by their queue ids, and recipients that were refused before there was one.

import { DAY } from '../../model/duration.ts'
import { canonicalIp } from '../../model/ip.ts'
import { parseTime } from '../../model/time.ts'
import type { PastMail, Refused } from './past-mail.ts'

type OpenMail = {
  at: number
  address: string
  login?: string
  sender?: string
  size?: number
  recipients: Map<string, Refused | undefined>
}

/** Transactions that have begun and not ended: with more, the oldest is taken as it is. */
const MAX_OPEN = 100_000

export class PostfixLog {
  readonly #open = new Map<string, OpenMail>()
  readonly #now: number

  /** Lines of older syslogs have no year: it is that of `now`, or the one before. */
  constructor(now: number) {
    this.#now = now
  }

  /** What a line completes: mostly nothing. */
  line(text: string): PastMail[] {
    const parts = /^(\S+(?: +\d+ [\d:]+)?) \S+ postfix\S*\/(\w+)\[\d+\]: (.*)$/.exec(text)
    if (!parts) return []
    const [, stamp = '', program = '', said = ''] = parts
    const at = timeOf(stamp, this.#now)
    if (at === undefined) return []
    const refused = /^(?:NOQUEUE|\w+): reject: RCPT from [^\s[]*\[([^\]]+)\]: (.*)$/.exec(said)
    if (refused) return this.#refused(at, refused[1] ?? '', refused[2] ?? '')
    const [, id = '', rest = ''] = /^([0-9A-Za-z]{6,}): (.*)$/.exec(said) ?? []
    if (id === '') return []
    if (rest.startsWith('client=')) return this.#begins(id, at, rest)
    const open = this.#open.get(id)
    if (!open) return []
    if (program === 'qmgr' && rest.startsWith('from=<')) {
      open.sender = angled(rest, 'from') ?? ''
      const size = Number(/ size=(\d+)/.exec(rest)?.[1])
      if (Number.isSafeInteger(size)) open.size = size
    }
    // `orig_to` is the recipient before aliases.
    const to = angled(rest, 'orig_to') ?? angled(rest, 'to')
    if (to !== undefined && / status=/.test(rest)) open.recipients.set(to, undefined)
    if (rest !== 'removed') return []
    this.#open.delete(id)
    return completed(id, open)
  }

  /** Transactions that had not ended at the end of the log. */
  end(): PastMail[] {
    const all = [...this.#open].flatMap(([id, open]) => completed(id, open))
    this.#open.clear()
    return all
  }

  #begins(id: string, at: number, rest: string): PastMail[] {
    const address = canonicalIp(/\[([^[\]]+)\]/.exec(rest)?.[1] ?? '')
    if (address === undefined) return []
    const login = / sasl_username=([^\s,]+)/.exec(rest)?.[1]
    const [oldest] = this.#open
    const dropped = this.#open.size >= MAX_OPEN && oldest ? completed(...oldest) : []
    if (dropped.length > 0 && oldest) this.#open.delete(oldest[0])
    this.#open.set(id, {
      at,
      address,
      recipients: new Map(),
      ...(login === undefined ? {} : { login }),
    })
    return dropped
  }

  #refused(at: number, from: string, why: string): PastMail[] {
    const address = canonicalIp(from)
    const to = angled(why, 'to')
    if (address === undefined || to === undefined) return []
    const helo = angled(why, 'helo')
    const refused: Refused = /5\.1\.1|User unknown|unknown in/i.test(why) ? 'unknown-user' : 'other'
    return [
      {
        at,
        id: `noqueue-${at}-${address}`,
        address,
        sender: angled(why, 'from') ?? '',
        recipients: [{ address: to, refused }],
        ...(helo === undefined ? {} : { helo }),
      },
    ]
  }
}

function completed(id: string, open: OpenMail): PastMail[] {
  const { at, address, login, sender, size, recipients } = open
  if (recipients.size === 0 || sender === undefined) return []
  return [
    {
      at,
      id,
      address,
      sender,
      recipients: [...recipients.keys()].map(to => ({ address: to })),
      ...(login === undefined ? {} : { login }),
      ...(size === undefined ? {} : { size }),
    },
  ]
}

const angled = (text: string, name: string): string | undefined =>
  new RegExp(`(?:^|[ ,;])${name}=<([^<>]*)>`).exec(text)?.[1]

const MONTHS = 'JanFebMarAprMayJunJulAugSepOctNovDec'

/** `2026-11-21T12:00:01.5+01:00`, or `Nov 21 12:00:01` as if in UTC. */
export function timeOf(stamp: string, now: number): number | undefined {
  if (/^\d{4}-/.test(stamp)) return parseTime(stamp) ?? parseTime(`${stamp}Z`)
  const [, month = '', day, hour, minute, second] =
    /^(\w{3}) +(\d+) (\d+):(\d+):(\d+)$/.exec(stamp) ?? []
  const index = MONTHS.indexOf(month) / 3
  if (month === '' || !Number.isInteger(index)) return undefined
  const of = (which: number) =>
    Date.UTC(which, index, Number(day), Number(hour), Number(minute), Number(second))
  const year = new Date(now).getUTCFullYear()
  return of(year) > now + DAY ? of(year - 1) : of(year)
}
