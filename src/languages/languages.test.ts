import assert from 'node:assert/strict'
import { test } from 'node:test'
import { foreignWords, SMALL_WORDS } from '../../test/support/small-words.ts'
import { EVIDENCE_KINDS } from '../model/evidence.ts'
import { LANGUAGES } from '../model/subscriber.ts'
import { writeNotice } from '../core/notices/notice.ts'
import { NOTICES } from './notice-words.ts'
import { evidenceWords, SENTENCES } from './languages.ts'

const BASE = {
  caseCode: 'K7-2M9Q',
  customer: '10017',
  // What an operator has who sets nothing.
  provider: 'Your provider',
  portal: 'the customer portal',
  since: '2026-01-05 08:00 UTC',
  proof: 'K7AB-2M9Q',
  until: '2027-01-05',
  paced: { toNew: 5, toKnown: 1, judgedSpam: 20, lastLeaves: '2026-01-05 14:10 UTC' },
}

/** Every text that a sentence can become: functions are called with something that is no word. */
function textsOf(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value]
  if (typeof value === 'function') return textsOf(Reflect.apply(value, undefined, [7]))
  return typeof value === 'object' && value ? Object.values(value).flatMap(textsOf) : []
}

for (const language of LANGUAGES) {
  const { letters: _letters, locale: _locale, ...others } = SENTENCES[language]

  test(`${language}: no letter has a word of another language, whatever it tells`, () => {
    for (const kind of NOTICES)
      for (const spam of [true, false])
        for (const hereOnly of [true, false])
          for (const beside of [{}, { passwordsAt: 'Webmail' }])
            for (const mine of [{}, { login: 'anna@isp.example' }]) {
              const seen = EVIDENCE_KINDS.map(one =>
                evidenceWords(language, { kinds: [one], why: SENTENCES.en.seen.evidence[one] }),
              )
              const { subject, text } = writeNotice(kind, language, {
                ...BASE,
                ...beside,
                ...mine,
                spam,
                hereOnly,
                seen,
              })
              assert.deepEqual(foreignWords(language, `${subject} ${text}`), [], `${kind}: ${text}`)
            }
  })

  test(`${language}: no sentence of a page has a word of another language, and none is empty`, () => {
    for (const text of textsOf(others)) {
      assert.deepEqual(foreignWords(language, text), [], text)
      assert.notEqual(text.trim(), '')
    }
  })
}

test('the dictionary finds each language in every other one', () => {
  for (const language of LANGUAGES)
    for (const other of LANGUAGES)
      if (other !== language) {
        const { text } = writeNotice('isolated', other, { ...BASE, seen: [] })
        assert.ok(foreignWords(language, text).length > 5, `${other} as ${language}`)
      }
  for (const words of Object.values(SMALL_WORDS)) assert.ok(words.length > 30)
})

test('what a case saw is told in the language of its owner, with what exactly in English alone', () => {
  const unit = { kinds: ['network'] as const, why: 'port 25 of 10 different servers' }
  assert.equal(evidenceWords('en', unit), unit.why)
  assert.match(evidenceWords('de-AT', unit), /^Verbindungen/)
  assert.match(evidenceWords('fr', { ...unit, kinds: [] }), /^quelque chose/)
})
