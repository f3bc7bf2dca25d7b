// Exim's main log: messages that came in (`<=`), whom they were for, and recipients that were refused.

import { canonicalIp } from '../../model/ip.ts'
import type { PastMail, Refused } from './past-mail.ts'
import { timeOf } from './postfix-log.ts'

type OpenMail = Omit<PastMail, 'recipients'> & { readonly recipients: Set<string> }

const MAX_OPEN = 100_000

export class EximLog {
  readonly #open = new Map<string, OpenMail>()
  readonly #now: number

  constructor(now: number) {
    this.#now = now
  }

  /** What a line completes: mostly nothing. */
  line(text: string): PastMail[] {
    const [, stamp = '', rest = ''] =
      /^(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d+)?) (.*)$/.exec(text) ?? []
    const at = stamp === '' ? undefined : timeOf(stamp, this.#now)
    if (at === undefined) return []
    const refused =
      /^(?:\S+ )?(H=.*) F=<([^<>]*)> (?:temporarily )?rejected RCPT <([^<>]*)>(.*)/.exec(rest)
    if (refused) return refusal(at, refused)
    const [, id = '', kind = '', said = ''] =
      /^(\S{16,23}) (<=|=>|->|\*\*|Completed) ?(.*)$/.exec(rest) ?? []
    if (kind === '<=') return this.#begins(id, at, said)
    const open = this.#open.get(id)
    if (!open) return []
    if (kind === 'Completed') {
      this.#open.delete(id)
      return completed(open)
    }
    // `=> local <whole@address>` or `=> whole@address`.
    const to = /^[^<]*<([^>]+)>/.exec(said.split(' R=')[0] ?? '')?.[1] ?? said.split(' ')[0] ?? ''
    if (to.includes('@')) open.recipients.add(to)
    return []
  }

  end(): PastMail[] {
    const all = [...this.#open.values()].flatMap(completed)
    this.#open.clear()
    return all
  }

  #begins(id: string, at: number, said: string): PastMail[] {
    const client = clientOf(said)
    if (!client) return []
    const sender = said.split(' ')[0] ?? ''
    const login = / A=[^\s:]+:(\S+)/.exec(said)?.[1]
    const size = Number(/ S=(\d+)/.exec(said)?.[1])
    const listed = / for (.+)/.exec(said)?.[1]?.split(' ') ?? []
    const [oldest] = this.#open
    const dropped = this.#open.size >= MAX_OPEN && oldest ? completed(oldest[1]) : []
    if (dropped.length > 0 && oldest) this.#open.delete(oldest[0])
    this.#open.set(id, {
      at,
      id,
      ...client,
      sender: sender === '<>' ? '' : sender,
      recipients: new Set(listed),
      ...(login === undefined ? {} : { login }),
      ...(Number.isSafeInteger(size) ? { size } : {}),
    })
    return dropped
  }
}

/** `H=name (greeting) [address]:port`. */
function clientOf(text: string): { address: string; helo?: string } | undefined {
  const from = text.startsWith('H=') ? 0 : text.indexOf(' H=') + 1
  const found = /^H=([^\s[(]+)?(?: ?\(([^)]*)\))? ?\[([^\]]+)\]/.exec(text.slice(from))
  const address = canonicalIp(found?.[3] ?? '')
  if (!found || address === undefined) return undefined
  const helo = found[2] ?? found[1]
  return { address, ...(helo ? { helo } : {}) }
}

function refusal(
  at: number,
  [, client = '', sender = '', to = '', why = '']: RegExpExecArray,
): PastMail[] {
  const found = clientOf(client)
  if (!found) return []
  const refused: Refused = /unknown user|unrouteable|no such/i.test(why) ? 'unknown-user' : 'other'
  return [
    {
      at,
      id: `refused-${at}-${found.address}`,
      ...found,
      sender,
      recipients: [{ address: to, refused }],
    },
  ]
}

function completed({ recipients, ...mail }: OpenMail): PastMail[] {
  if (recipients.size === 0) return []
  return [{ ...mail, recipients: [...recipients].map(address => ({ address })) }]
}
