// What is promised of the page behind the walled garden, and of the languages that customers are told things in.

import type { Mutation } from './mutation.ts'

const FOLDER = 'src/doors/http/notice'
const PAGE = `${FOLDER}/notice-app.test.ts`

export const NOTICE_PAGE: readonly Mutation[] = [
  {
    row: 46,
    what: 'the notice page names a case to a line that is not certain',
    file: `${FOLDER}/restriction.ts`,
    find: "holder.sure !== 'certain' || holder.subscriber === undefined",
    replace: 'holder.subscriber === undefined',
    test: PAGE,
    name: 'of an address that several lines share, or none, nothing personal is said',
  },
  {
    row: 46,
    what: 'the notice page says that a line that is open again is restricted',
    file: `${FOLDER}/restriction.ts`,
    find: "endedAt === undefined && (kind === 'isolate'",
    replace: "endedAt !== null && (kind === 'isolate'",
    test: PAGE,
    name: 'a line that is open again is told so, as is one whose mail alone waits',
  },
  {
    row: 46,
    what: 'a phone in the walled garden is told that its way is free',
    file: `${FOLDER}/notice-app.ts`,
    find: 'if (isRestricted(asker)) return context.redirect',
    replace: 'if (!isRestricted) return context.redirect',
    test: PAGE,
    name: 'the probe of each device leads to the page while its line is isolated, and finds the way free afterwards',
  },
  {
    row: 46,
    what: 'the page of a host that is asked for probes alone leads to itself',
    file: `${FOLDER}/notice-app.ts`,
    find: 'path === PAGE ? undefined : probeOf',
    replace: 'path === API_PATH ? undefined : probeOf',
    test: PAGE,
    name: 'the probe of each device leads to the page while its line is isolated, and finds the way free afterwards',
  },
  {
    row: 46,
    what: 'a letter in another language tells what was over a limit in English',
    file: 'src/engine/letters/notify.ts',
    find: "[languageOf(owner.language) === 'en' ? (found ?? overLimit) : overLimit]",
    replace: "[languageOf('en') === 'en' ? (found ?? overLimit) : overLimit]",
    test: 'src/engine/letters/notify.test.ts',
    name: 'what a letter tells behind its own sentences is in the language of its owner, too',
  },
  {
    row: 46,
    what: 'what was seen is told in English in every language',
    file: 'src/languages/languages.ts',
    find: "return language === 'en' ? why :",
    replace: 'return language !== undefined ? why :',
    test: 'src/languages/languages.test.ts',
  },
  {
    row: 46,
    what: 'names that the operator has not set are English in every language',
    file: 'src/languages/languages.ts',
    find: 'provider: provider === ENGLISH.names.provider ? names.provider : provider',
    replace: 'provider: provider === names.provider ? names.provider : provider',
    test: 'src/languages/languages.test.ts',
  },
  {
    row: 46,
    what: 'a page is in the language of the browser, whatever its customer has chosen',
    file: 'src/languages/language-for.ts',
    find: '(theirs === UNCHOSEN ? undefined : theirs) ??',
    replace: '(theirs === UNCHOSEN ? theirs : undefined) ??',
    test: 'src/languages/language-for.test.ts',
  },
  {
    row: 46,
    what: 'the portal tells of cases in English in every language',
    file: 'src/doors/http/portal-pages.ts',
    find: 'const words = SENTENCES[view.language].portal.cases',
    replace: 'const words = SENTENCES.en.portal.cases',
    test: 'src/doors/http/portal-languages.test.ts',
  },
  {
    row: 46,
    what: 'the portal tells of messages that wait in English in every language',
    file: 'src/doors/http/held-card.ts',
    find: 'SENTENCES[language].portal.held',
    replace: "SENTENCES[language === 'de' ? 'en' : language].portal.held",
    test: 'src/doors/http/portal-languages.test.ts',
  },
]
