import assert from 'node:assert/strict'
import { test } from 'node:test'
import { crowdOf, CROWDS, drawOf } from '../support/mail-crowds.ts'
import { TOWN_BEGINS } from '../support/postfix-town.ts'
import type { LoggedAnswer, LoggedMail } from '../../src/model/logged-mail.ts'
import { Senders } from '../../src/app/who-spams/senders.ts'
import { type Row, rowsOf } from '../../src/app/who-spams/verdict.ts'

const [DAY, HOUR] = [86_400_000, 3_600_000]
const SEEDS = Array.from({ length: 12 }, (_, i) => i + 1)

function judged(mails: readonly LoggedMail[]) {
  const senders = new Senders()
  for (const mail of mails) senders.mail(mail)
  return { rows: rowsOf(senders), all: senders.all().length }
}

const grave = (rows: readonly Row[]) =>
  rows
    .filter(({ verdict }) => verdict !== 'worth a look')
    .map(({ who, verdict, refusedAsSpam, sum }) => `${who} ${verdict} ${refusedAsSpam} ${sum}`)

for (const { name, crowd, look } of CROWDS)
  test(`${name}: nobody is named in twelve months, and few are worth a look`, t => {
    let [looks, all] = [0, 0]
    for (const seed of SEEDS) {
      const found = judged(crowdOf(crowd, seed))
      assert.deepEqual(grave(found.rows), [], `seed ${seed}`)
      looks += found.rows.length
      all += found.all
    }
    t.diagnostic(`${looks} of ${all} are worth a look`)
    assert.ok(looks <= look * all, `${looks} of ${all}`)
  })

const WHO = { kind: 'login', name: 'owner@isp.example' } as const

/** An owner at home who writes five times a day for eight days, and a thief in the afternoon of the last. */
function stolen(seed: number, mails: number, says: (i: number) => Partial<LoggedAnswer>) {
  const { below, answer, mail, inDay, word } = drawOf(seed)
  const ok = (to: string) => [answer(to, { unknown: 0, spam: 0 })]
  const owner = Array.from({ length: 40 }, (_, i) =>
    mail(inDay(i % 8), WHO, '81.2.3.7', ok(`friend${below(20)}@d${below(9)}.example`)),
  )
  const theft = TOWN_BEGINS + 7 * DAY + 14 * HOUR
  const thief = Array.from({ length: mails }, (_, i) => {
    const to = { ...answer(`${word()}@v${i}.example`, { unknown: 0, spam: 0 }), ...says(i) }
    return mail(theft + (i * HOUR) / 2, WHO, `${20 + i * 7}.${below(250)}.3.4`, [to])
  })
  return [...owner, ...thief].toSorted((a, b) => a.at - b.at)
}

const GONE = { outcome: 'bounced', result: 'unknown-user' } as const
const REFUSED = { outcome: 'bounced', result: 'spam-refused' } as const

for (const [what, says, verdicts] of [
  ['one of them to nobody', i => (i === 2 ? GONE : {}), ['likely']],
  ['one of them refused', i => (i === 3 ? REFUSED : {}), ['likely']],
  ['all taken', () => ({}), ['worth a look']],
  ['all refused as spam', () => REFUSED, ['certain']],
] as const satisfies readonly (readonly [
  string,
  (i: number) => Partial<LoggedAnswer>,
  readonly string[],
])[])
  test(`a stolen login whose owner sends, too, is named within six mails from ever new networks: ${what}`, () => {
    for (const seed of SEEDS) {
      const { rows } = judged(stolen(seed, 6, says))
      assert.deepEqual(
        rows.map(({ verdict }) => verdict),
        verdicts,
        `seed ${seed}`,
      )
    }
  })

test('twelve mails of a log that begins with them, all refused as spam, from twelve networks, are certain', () => {
  const mails = stolen(1, 12, () => REFUSED).filter(({ address }) => address !== '81.2.3.7')
  const { rows } = judged(mails)
  assert.deepEqual(
    rows.map(({ verdict }) => verdict),
    ['certain'],
  )
})

test('a login of which twelve mails of twelve are refused as spam is likely, from its own network, too', () => {
  const { answer, mail, word } = drawOf(5)
  const mails = Array.from({ length: 12 }, (_, i) => {
    const to = { ...answer(`${word()}@d${i}.example`, { unknown: 0, spam: 0 }), ...REFUSED }
    return mail(TOWN_BEGINS + (i * HOUR) / 2, WHO, '2001:db8:7::1', [to])
  })
  assert.deepEqual(
    judged(mails).rows.map(({ verdict }) => verdict),
    ['likely'],
  )
})

test('one refusal as spam is never certain, whatever else there is', () => {
  const { answer, mail, word } = drawOf(3)
  const mails = Array.from({ length: 900 }, (_, i) => {
    const to = answer(`${word()}@d${i}.example`, { unknown: 0.3, spam: 0 })
    const one = i === 800 ? { ...to, ...REFUSED } : to
    return mail(TOWN_BEGINS + i * 400_000, WHO, '81.2.3.7', [one])
  })
  assert.ok(!judged(mails).rows.some(({ verdict }) => verdict === 'certain'))
})

for (const [refused, every, verdicts] of [
  ['all of it', 1, ['likely']],
  ['a quarter of it', 4, ['worth a look']],
  ['an eighth of it', 8, []],
] as const)
  test(`a client without a login, ${refused} refused as spam, is ${verdicts[0] ?? 'not named'}`, () => {
    const { answer, mail, word } = drawOf(7)
    const from = { kind: 'address', name: '198.51.100.9' } as const
    const mails = Array.from({ length: 400 }, (_, i) => {
      const to = answer(`${word()}@d${i}.example`, { unknown: 0, spam: 0 })
      const says = i % every === 0 ? REFUSED : {}
      return mail(TOWN_BEGINS + (i * HOUR) / 60, from, from.name, [{ ...to, ...says }])
    })
    assert.deepEqual(
      judged(mails).rows.map(({ verdict }) => verdict),
      verdicts,
    )
  })
