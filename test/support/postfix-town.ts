// The log that a Postfix writes for a town of innocent people, drawn by chance from a seed, and for a thief who has one of their passwords. What
// they do stands in numbers here and not in those of the detection.

export type TownMail = {
  readonly at: number
  readonly login: string
  readonly address: string
  readonly to: readonly string[]
  /** By recipient; `sent` without it. */
  readonly bounced?: Readonly<Record<string, string>>
}

/** mulberry32. */
export function chanceOf(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
}

const DAY = 86_400_000
export const TOWN_BEGINS = Date.UTC(2026, 10, 2)
export const UNKNOWN =
  'host mx.example[198.51.100.9] said: 550 5.1.1 User unknown (in reply to RCPT TO command)'
export const AS_SPAM =
  'host mx.example[198.51.100.9] said: 550 5.7.1 Message rejected as spam (in reply to end of DATA command)'

export type TownOptions = { readonly people: number; readonly days: number; readonly seed: number }

/** Home, a telephone and often work; a circle of friends; new people now and then; every tenth person sends a mailing. */
export function townMail({ people, days, seed }: TownOptions): TownMail[] {
  const chance = chanceOf(seed)
  const below = (n: number) => Math.floor(chance() * n)
  const all: TownMail[] = []
  for (let person = 0; person < people; person++) {
    const login = `person${person}@isp.example`
    const address = () => `${60 + below(120)}.${below(250)}.${below(250)}.${1 + below(250)}`
    const places = [address(), address(), ...(chance() < 0.4 ? [address()] : [])]
    const friends = Array.from(
      { length: 8 + below(30) },
      (_, i) => `friend${i}.of${person}@d${below(200)}.example`,
    )
    let strangers = 0
    for (let day = 0; day < days; day++)
      for (let i = below(11); i > 0; i--) {
        const at = TOWN_BEGINS + day * DAY + (7 + 15 * chance()) * 3_600_000
        const isNew = chance() < 0.12
        const to = isNew
          ? `new${strangers++}.of${person}@d${below(200)}.example`
          : (friends[below(friends.length)] as string)
        const place = places[chance() < 0.7 ? 0 : below(places.length)] as string
        const gone = isNew && chance() < 0.04
        all.push({
          at,
          login,
          address: place,
          to: [to],
          ...(gone ? { bounced: { [to]: UNKNOWN } } : {}),
        })
      }
    if (person % 10 === 3) {
      // A club, a firm's invoices, an invitation: some of it to new people, some of it gone.
      const at = TOWN_BEGINS + (2 + below(days - 2)) * DAY + 10 * 3_600_000
      for (let i = 0; i < 40; i++) {
        const to = `member${i}.of${person}@d${below(200)}.example`
        const gone = chance() < 0.05
        all.push({
          at: at + i * 4000,
          login,
          address: places[0] as string,
          to: [to],
          ...(gone ? { bounced: { [to]: UNKNOWN } } : {}),
        })
      }
    }
  }
  return all.toSorted((a, b) => a.at - b.at)
}

/** A message every half hour, each from another network to a stranger, some of whom there are not. */
export function thiefMail(login: string, from: number, messages: number, seed = 7): TownMail[] {
  const chance = chanceOf(seed)
  return Array.from({ length: messages }, (_, i) => {
    const to = `victim${i}@v${Math.floor(chance() * 1000)}.example`
    const address = `${20 + i}.${10 + 3 * i}.7.9`
    return {
      at: from + i * 1_800_000,
      login,
      address,
      to: [to],
      ...(i % 4 === 3 ? { bounced: { [to]: AS_SPAM } } : {}),
    }
  })
}

/** Its lines as Debian's Postfix writes them, in RFC 3339. */
export function postfixLines(mails: readonly TownMail[], first = 1): string[] {
  const lines: (readonly [number, string])[] = []
  for (const [i, { at, login, address, to, bounced = {} }] of mails.entries()) {
    const id = `4F${(0x100_0000 + first + i).toString(16).toUpperCase()}`
    const say = (after: number, program: string, said: string) =>
      void lines.push([
        at + after,
        `${new Date(at + after).toISOString()} mx postfix/${program}[${100 + (i % 50)}]: ${said}`,
      ])
    say(0, 'submission/smtpd', `connect from unknown[${address}]`)
    say(
      100,
      'submission/smtpd',
      `${id}: client=unknown[${address}], sasl_method=PLAIN, sasl_username=${login}`,
    )
    say(110, 'cleanup', `${id}: message-id=<${id}@home.example>`)
    say(120, 'qmgr', `${id}: from=<${login}>, size=1234, nrcpt=${to.length} (queue active)`)
    for (const one of to) {
      const said = bounced[one]
      const status =
        said === undefined
          ? ['2.0.0', 'sent', '250 2.0.0 Ok: queued as 4G1x2y3z']
          : [/5\.\d\.\d/.exec(said)?.[0] ?? '5.0.0', 'bounced', said]
      say(
        900,
        'smtp',
        `${id}: to=<${one}>, relay=mx.example[198.51.100.9]:25, delay=0.8, delays=0.1/0.01/0.3/0.4, dsn=${status[0]}, status=${status[1]} (${status[2]})`,
      )
    }
    say(
      950,
      'submission/smtpd',
      `disconnect from unknown[${address}] ehlo=2 starttls=1 auth=1 mail=1 rcpt=1 data=1 quit=1 commands=8`,
    )
    say(1000, 'qmgr', `${id}: removed`)
  }
  return lines.toSorted((a, b) => a[0] - b[0]).map(([, line]) => line)
}
