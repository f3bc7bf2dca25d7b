// Innocent senders who are no people: a forwarder, a gateway, a list server, a newsletter, a web shop, and telephones, drawn by chance from a
// seed and told as a log reader tells them. Their rates stand here and not in those of the detection.

import type { LoggedAnswer, LoggedMail, LoggedSender } from '../../src/model/logged-mail.ts'
import { chanceOf, TOWN_BEGINS } from './postfix-town.ts'

const DAY = 86_400_000

type Rates = { readonly unknown: number; readonly spam: number }
type Crowd = (seed: number) => LoggedMail[]

/** One crowd's chance, with what is asked of it. */
export function drawOf(seed: number) {
  const chance = chanceOf(seed)
  const below = (n: number) => Math.floor(chance() * n)
  const answer = (recipient: string, { unknown, spam }: Rates): LoggedAnswer => {
    const x = chance()
    const result = x < unknown ? 'unknown-user' : x < unknown + spam ? 'spam-refused' : undefined
    return result === undefined
      ? { recipient, local: false, outcome: 'sent' }
      : { recipient, local: false, outcome: 'bounced', result }
  }
  let last = 0
  const mail = (
    at: number,
    who: LoggedSender,
    address: string | undefined,
    answers: readonly LoggedAnswer[],
  ): LoggedMail => ({
    at,
    id: `4F${last++}`,
    who,
    sender: 'x@y.example',
    recipients: answers.length,
    answers,
    ...(address === undefined ? {} : { address }),
  })
  const inDay = (day: number) => TOWN_BEGINS + (day + (7 + 15 * chance()) / 24) * DAY
  return { chance, below, answer, mail, inDay, word: () => `w${below(1e9).toString(36)}` }
}

const inOrder = (mails: LoggedMail[]) => mails.toSorted((a, b) => a.at - b.at)
const times = <T>(n: number, of: (i: number) => T): T[] =>
  Array.from({ length: n }, (_, i) => of(i))
const addressed = (name: string): LoggedSender => ({ kind: 'address', name })

/** Aliases to a few providers: of what strangers write, some is spam. */
const forwarder: Crowd = seed => {
  const { below, answer, mail, inDay, word } = drawOf(seed)
  const targets = times(300, () => `${word()}@provider${below(7)}.example`)
  return times(28 * 600, i => {
    const from = `203.0.113.${1 + below(59)}`
    const to = targets[below(300)] as string
    return mail(inDay(i % 28), addressed(from), from, [answer(to, { unknown: 0, spam: 0.05 })])
  })
}

/** For sixty domains of others: from large providers, and from bots. */
const gateway =
  (bots: number): Crowd =>
  seed => {
    const { chance, below, answer, mail, inDay, word } = drawOf(seed)
    const users = times(1200, i => `${word()}@customer${i % 60}.example`)
    const own = times(200, () => `${20 + below(70)}.${below(250)}.${below(250)}.${1 + below(250)}`)
    return times(14 * 1500, i => {
      const isBot = chance() < bots
      const from = isBot ? (own[below(200)] as string) : `209.85.${below(30)}.7`
      const to = times(isBot ? 3 : 1, () => users[below(1200)] as string)
      const rates = isBot ? { unknown: 0.2, spam: 0.5 } : { unknown: 0.01, spam: 0.01 }
      const answers = to.map(one => answer(one, rates))
      return mail(inDay(i % 14), addressed(from), from, answers)
    })
  }

/** Eight lists' posts a day to half of the subscribers. */
const listServer =
  (who: LoggedSender, address?: string): Crowd =>
  seed => {
    const { below, answer, mail, inDay, word } = drawOf(seed)
    const all = times(1200, () => `${word()}@d${below(400)}.example`)
    return times(27 * 4, i => i).flatMap(i => {
      all.push(...times(3, () => `${word()}@d${below(400)}.example`))
      const [at, first] = [inDay(Math.floor(i / 4)), below(600)]
      return times(8, k =>
        mail(
          at + k * 10_000,
          who,
          address,
          times(50, j => answer(all[first + k * 50 + j] as string, { unknown: 0.02, spam: 0.004 })),
        ),
      )
    })
  }

/** New subscribers each day, and a letter to all of them each week. */
const newsletter =
  (size: number, spam: number): Crowd =>
  seed => {
    const { below, answer, mail, inDay, word } = drawOf(seed)
    const who: LoggedSender = { kind: 'login', name: 'newsletter@shop.example' }
    const one = () => `${word()}@d${below(900)}.example`
    const all = times(size, one)
    const sent = (at: number, to: string, rates: Rates) =>
      mail(at, who, '10.1.1.5', [answer(to, rates)])
    return times(28, day => {
      const fresh = times(30, one)
      all.push(...fresh)
      const welcome = fresh.map(to => sent(inDay(day), to, { unknown: 0, spam: 0 }))
      const at = TOWN_BEGINS + (day + 10 / 24) * DAY
      const letter = day % 7 === 2 ? all : []
      return [...welcome, ...letter.map((to, k) => sent(at + k * 250, to, { unknown: 0.04, spam }))]
    }).flat()
  }

/** Each customer is new. */
const webShop =
  (aDay: number, spam: number): Crowd =>
  seed => {
    const { below, answer, mail, inDay, word } = drawOf(seed)
    return times(28 * aDay, i => {
      const to = `${word()}@d${below(300)}.example`
      const answers = [answer(to, { unknown: 0.03, spam })]
      return mail(inDay(i % 28), { kind: 'user', name: '33' }, undefined, answers)
    })
  }

/** Sixty people, each message from one of so many networks of their operators. */
const telephones =
  (networks: number, fresh: number): Crowd =>
  seed => {
    const { chance, below, answer, mail, inDay, word } = drawOf(seed)
    return times(60, person => {
      const friends = times(25, () => `${word()}@d${below(400)}.example`)
      const own = times(networks, () => `${20 + below(70)}.${below(250)}`)
      const who: LoggedSender = { kind: 'login', name: `user${person}@isp.example` }
      return times(28, day =>
        times(1 + below(7), () => {
          const to = chance() < fresh ? `${word()}@d${below(400)}.example` : friends[below(25)]
          const from = `${own[below(networks)]}.${below(250)}.9`
          return mail(inDay(day), who, from, [answer(to as string, { unknown: 0.01, spam: 0 })])
        }),
      ).flat()
    }).flat()
  }

/** `look`: the share of its senders, of all seeds, of which a person may be told that they are worth a look. */
export const CROWDS: readonly {
  readonly name: string
  readonly crowd: Crowd
  readonly look: number
}[] = [
  { name: 'a forwarder, a twentieth of it refused', crowd: forwarder, look: 0.01 },
  { name: 'an inbound gateway, with bots', crowd: gateway(0.25), look: 0.01 },
  { name: 'an inbound gateway of large providers alone', crowd: gateway(0), look: 0 },
  {
    name: 'a list server, over SMTP',
    crowd: listServer(addressed('127.0.0.1'), '127.0.0.1'),
    look: 0,
  },
  { name: 'a list server, by its user', crowd: listServer({ kind: 'user', name: '38' }), look: 0 },
  { name: 'a newsletter to 8,000', crowd: newsletter(8000, 0.005), look: 0 },
  { name: 'a newsletter to 3,000', crowd: newsletter(3000, 0.0005), look: 0 },
  { name: 'a web shop with one refusal in two months', crowd: webShop(150, 0.0001), look: 0 },
  { name: 'a web shop with three in a thousand refused', crowd: webShop(150, 0.003), look: 0.1 },
  { name: 'a small web shop', crowd: webShop(40, 0.002), look: 0.1 },
  { name: 'telephones with 3 networks', crowd: telephones(3, 0.2), look: 0 },
  { name: 'telephones with 8 networks', crowd: telephones(8, 0.2), look: 0.03 },
  { name: 'telephones with 20 networks', crowd: telephones(20, 0.2), look: 0.16 },
]

/** In the order of a log. */
export const crowdOf = (crowd: Crowd, seed: number): LoggedMail[] => inOrder(crowd(seed))
