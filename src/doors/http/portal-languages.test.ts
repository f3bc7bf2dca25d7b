import assert from 'node:assert/strict'
import { test } from 'node:test'
import { bareCustomer } from '../../../test/support/bare-customer.ts'
import { foreignWords } from '../../../test/support/small-words.ts'
import { LANGUAGES } from '../../model/subscriber.ts'
import type { QueueRow } from '../../ports/spool.ts'
import { homePage, loginPage, type PortalView } from './portal-pages.ts'

const AT = Date.UTC(2026, 0, 5, 8)
const row = (message: string, more: Partial<QueueRow>) =>
  ({
    message,
    recipient: `x@${message}.example`,
    state: 'held',
    at: AT,
    due: AT,
    nats: 1,
    ...more,
  }) as unknown as QueueRow
const HELD = [
  row('a', { why: 'over-limit: the limit of a mail account is 1 messages within an hour' }),
  row('b', { spam: 'x' } as unknown as QueueRow),
  row('c', { why: 'evidence' }),
  row('d', { why: 'kept-for-postmaster' }),
  row('e', { why: 'slow-lane' }),
  ...['new', 'spam-to-new'].flatMap(bucket =>
    [1, 2, 3, 4, 5, 6].map(n =>
      row(`${bucket}${n}`, {
        state: 'paced',
        bucket,
        payer: 'login:a@x.example',
      } as unknown as QueueRow),
    ),
  ),
]
const CASES = [
  { status: 'probation' },
  { status: 'held' },
  { status: 'contained', decision: 'stop-login' },
  { status: 'contained', decision: 'isolate' },
  { status: 'contained', decision: 'isolate', kinds: ['content'] },
].map(one => ({ id: 'i', caseCode: 'K7-2M9Q', subject: 'line:7', kinds: [], ...one }))
const OPT_OUTS = [
  [],
  [{ state: 'asked', code: 'K8-2M9Q', id: 'o', destinations: [] }],
  [{ state: 'open', kind: 'destinations', destinations: ['mx.example'], id: 'o', confirmBy: AT }],
  [
    {
      state: 'open',
      kind: 'own-server',
      server: { name: 'mx.example', address: '192.0.2.1' },
      reverseDns: 'wanted',
      destinations: [],
      id: 'o',
      confirmBy: AT,
    },
  ],
]

type Scene = {
  hasFactor: boolean
  optOuts: readonly object[]
  held: readonly QueueRow[]
  plan?: string
}

const viewOf = (language: PortalView['language'], scene: Scene) =>
  ({
    provider: 'Your provider',
    language,
    timeZone: () => 'UTC',
    reading: {
      incidents: async () => (scene.held.length > 0 ? CASES : []),
      queue: async () => ({ rows: scene.held, next: 'more' }),
      subscriber: () => ({
        ...bareCustomer('7'),
        plan: scene.plan ?? 'consumer',
        logins: [{ name: 'a@x.example', addresses: [] }],
      }),
      hasFactor: () => scene.hasFactor,
      decisions: async () => [],
      evidence: async () => [
        { at: AT, incident: 'i', kinds: ['network'], why: 'port 25 of 10 different servers' },
      ],
      appPasswords: () => [
        { id: '1', login: 'a@x.example', label: 'L', scopes: ['send', 'read'], lastUsed: AT },
        { id: '2', login: 'a@x.example', label: 'L', scopes: ['send'] },
      ],
      optOuts: () => scene.optOuts,
    },
  }) as unknown as PortalView

const textOf = (page: unknown) => {
  const labels = [...String(page).matchAll(/(?:placeholder|aria-label)="([^"]*)"/g)]
  const shown = String(page)
    .replace(/<style>[\s\S]*?<\/style>/, '')
    .replaceAll(/<[^>]+>/g, ' ')
  return `${shown} ${labels.map(([, label]) => label).join(' ')}`
}

for (const language of LANGUAGES)
  test(`${language}: no page of the portal has a word of another language`, async () => {
    const scenes: Scene[] = [true, false].flatMap(hasFactor =>
      OPT_OUTS.flatMap(optOuts => [HELD, []].map(held => ({ hasFactor, optOuts, held }))),
    )
    for (const scene of [...scenes, { hasFactor: true, optOuts: [], held: [], plan: 'expert' }]) {
      const told = { said: undefined, secret: 'K' }
      const page = await homePage(viewOf(language, scene), { subscriber: '7', token: 't' }, told)
      assert.match(String(page), new RegExp(`<html lang="${language}">`))
      const text = textOf(page).replaceAll(/[\w-]+@\S+|[\w.-]+\.example/g, '')
      assert.deepEqual(foreignWords(language, text), [])
    }
    assert.deepEqual(
      foreignWords(language, textOf(loginPage({ provider: 'Your provider', language }, undefined))),
      [],
    )
  })

test('the button that letters and the notice page name is the one of the portal', async () => {
  for (const [language, button] of [
    ['en', 'It is fixed'],
    ['de', 'Es ist behoben'],
    ['fr', 'C’est réparé'],
  ] as const) {
    const view = viewOf(language, { hasFactor: true, optOuts: [], held: HELD })
    const told = { said: undefined, secret: undefined }
    const page = await homePage(view, { subscriber: '7', token: 't' }, told)
    assert.match(String(page), new RegExp(`<button class="main">${button}</button>`))
  }
})
