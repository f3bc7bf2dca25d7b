import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { QUIET_FOR } from '../../model/decision.ts'
import { HOUR } from '../../model/duration.ts'
import { LANGUAGES } from '../../model/subscriber.ts'
import { writeNotice } from './notice.ts'
import { NOTICES } from '../../languages/notice-words.ts'

const facts = {
  caseCode: 'K7-2M9Q',
  customer: '10017',
  provider: 'Example Net',
  portal: 'the customer portal (portal.isp.example)',
  login: 'anna@isp.example',
  since: '2026-01-05 08:00 UTC',
  proof: 'K7AB-2M9Q',
  until: '2027-01-05',
  paced: { toNew: 5, toKnown: 2, judgedSpam: 20, lastLeaves: '2026-01-05 14:10 UTC' },
  seen: ['2026-01-05 08:00 UTC: port 25 of 10 different servers within ten minutes'],
}

test('every letter in every language names the case and the portal, and has no link to click', () => {
  for (const language of [...LANGUAGES, 'de-AT', 'sv']) {
    for (const kind of NOTICES) {
      const { subject, text } = writeNotice(kind, language, facts)
      assert.ok(
        text.includes(facts.caseCode) && text.replace(/\s+/g, ' ').includes(facts.portal),
        `${language} ${kind}`,
      )
      assert.ok(
        !/https?:|www\.|href|@isp\.example>/i.test(`${subject}${text}`),
        `${language} ${kind} has a link`,
      )
      assert.ok(
        text.split('\n').every(line => line.length <= 78),
        `${language} ${kind} has long lines`,
      )
    }
  }
})

test('beside another server letters name where passwords are changed, and the desk that opens and sends', () => {
  const elsewhere = { ...facts, passwordsAt: 'the settings of the webmail' }
  for (const [language, desk] of [
    ['en', /service desk/],
    ['de', /Kundendienst/],
    ['fr', /service client/],
  ] as const) {
    for (const kind of ['login-stopped', 'imposed-login', 'over-limit', 'released'] as const) {
      const text = writeNotice(kind, language, elsewhere).text.replaceAll(/\s+/g, ' ')
      if (kind !== 'over-limit') assert.match(text, desk, `${language} ${kind}`)
      if (kind === 'released') assert.doesNotMatch(text, /72/)
      else assert.match(text, /the settings of the webmail/, `${language} ${kind}`)
      assert.doesNotMatch(
        text,
        /Sending works again at once|Senden geht dann sofort wieder\. 2|reprend aussitôt\. 2/,
      )
    }
  }
})

test('beside another server no letter about a case sends its reader to a portal', () => {
  const elsewhere = { ...facts, passwordsAt: 'the settings of the webmail' }
  for (const language of LANGUAGES)
    for (const kind of BESIDE)
      assert.doesNotMatch(
        writeNotice(kind, language, elsewhere).text,
        /portal|espace client/i,
        `${language} ${kind}`,
      )
})
const BESIDE = [
  'isolated',
  'login-stopped',
  'site-warned',
  'imposed',
  'imposed-login',
  'suspended',
  'released',
  'over-limit',
  'was-it-you',
] as const

test('the owner is written to in their language, or in English', () => {
  assert.match(writeNotice('isolated', 'de', facts).subject, /Anschluss/)
  assert.match(writeNotice('isolated', 'sv', facts).subject, /connection/)
})

test('a letter that is about no case bears the number of the customer, by which staff find them', () => {
  const { caseCode: _none, ...others } = facts
  for (const language of LANGUAGES)
    for (const kind of ['over-limit', 'port-25-closes'] as const) {
      const { subject, text } = writeNotice(kind, language, others)
      assert.match(text, /\b10017\b/)
      assert.doesNotMatch(`${subject}${text}`, /undefined/)
    }
})

test('whose line is isolated hears that ordinary mail may wait, too', () => {
  assert.match(
    writeNotice('isolated', 'en', facts).text.replaceAll('\n', ' '),
    /ordinary ones to people you have not written to before may be among them/,
  )
  for (const kind of NOTICES)
    assert.doesNotMatch(writeNotice(kind, 'en', facts).text, /ordinary mail/, kind)
})

test('how long a line must be quiet is what is told of it', () => {
  const hours = QUIET_FOR / HOUR
  assert.match(writeNotice('isolated', 'en', facts).text, new RegExp(` ${hours} hours`))
  assert.match(writeNotice('isolated', 'de', facts).text, new RegExp(` ${hours} Stunden`))
  const page = readFileSync(join(import.meta.dirname, '../../../docs/how-it-works.md'), 'utf8')
  assert.match(page, new RegExp(`isolate .* ${hours} quiet hours`))
})

test('where nothing in the network closes port 25, no letter says that it is closed', () => {
  for (const language of LANGUAGES)
    for (const kind of ['isolated', 'imposed'] as const) {
      const said = ({ subject, text }: { subject: string; text: string }) =>
        `${subject} ${text}`.replaceAll(/\s+/g, ' ')
      const closes = /closed?\b|geschlossen|öffnet|opens|fermé|rouvre/i
      const other = { ...facts, seen: [] }
      assert.match(said(writeNotice(kind, language, other)), closes)
      const here = said(writeNotice(kind, language, { ...other, hereOnly: true }))
      assert.doesNotMatch(here, closes, `${language} ${kind}`)
      assert.match(
        here,
        /our mail server|unserem Mailserver|unser Mailserver|notre serveur de messagerie/,
      )
    }
})

test('what staff decide by hand is explained by them: no letter of it speaks of a virus', () => {
  for (const language of LANGUAGES)
    for (const hereOnly of [true, false]) {
      const { text } = writeNotice('imposed', language, { ...facts, seen: [], hereOnly })
      assert.doesNotMatch(text, /virus|viren|infect|befall|trouble|störung/i)
      assert.match(text, /service desk|Kundendienst|service client/)
    }
})

test('what a letter says of mail to people one knows is true while one sends very much, too', () => {
  for (const kind of ['isolated', 'imposed'] as const) {
    const said = (language: string) =>
      writeNotice(kind, language, facts).text.replaceAll(/\s+/g, ' ')
    assert.match(said('en'), /any while you send unusually many\. Other mail to people you know/)
    assert.match(said('de'), /solange Sie ungewöhnlich viele senden\. Andere Post an Bekannte/)
  }
})
