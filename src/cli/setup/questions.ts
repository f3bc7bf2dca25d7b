// The five questions of `cordon setup`: what each asks, what its answer does, what it is without one, and which answers can be. What was found
// without doubt is not asked. An option of the same name answers before.

import { domain, mailAddress, prefix } from '../../config/fields.ts'
import { UsageError } from '../failures.ts'
import type { Facts } from './finding.ts'

export const STANDS = ['beside', 'server', 'watch'] as const
export type Stand = (typeof STANDS)[number]

export type SetupAnswers = {
  readonly hostname: string
  readonly domains: readonly string[]
  readonly stands: Stand
  readonly operator: string
  readonly consumers: readonly string[]
}

/** As they are written, one by one. */
export type AnswersSoFar = Partial<Record<keyof SetupAnswers, string>>

export type Question = {
  readonly name: keyof SetupAnswers
  readonly asks: string
  readonly does: string
  /** Known for sure: not asked. */
  sure(facts: Facts): string | undefined
  usual(facts: Facts, answers: AnswersSoFar): string
  /** What is wrong with it; undefined: nothing. */
  wrong(answer: string, facts: Facts): string | undefined
}

const words = (text: string | undefined): readonly string[] =>
  (text ?? '').split(/[\s,]+/).filter(Boolean)

type Schema = {
  safeParse(value: string): { success: boolean; error?: { issues: readonly { message: string }[] } }
}
/** Each word is one of these. */
const wrongOf = (schema: Schema, answer: string): string | undefined => {
  for (const word of words(answer)) {
    const { error } = schema.safeParse(word)
    if (error) return `${word}: ${error.issues[0]?.message ?? 'cannot be used'}`
  }
  return undefined
}

export const QUESTIONS: readonly Question[] = [
  {
    name: 'hostname',
    asks: 'Host name of this server',
    does: 'It stands in the SMTP greeting and in the header of mail; the reverse DNS of the address should be the same.',
    sure: ({ hostname }) => hostname,
    usual: () => '',
    wrong: answer =>
      words(answer).length === 1 && answer.includes('.')
        ? wrongOf(domain, answer)
        : 'Write one whole name, such as mail.example.org',
  },
  {
    name: 'domains',
    asks: 'Domains whose mailboxes are here, separated by spaces',
    does: 'Mail to them is from outside; all other recipients are what your customers write to.',
    sure: ({ domains }) => domains?.join(' '),
    usual: ({ someDomains = [] }, { hostname = '' }) =>
      someDomains.length > 0 ? someDomains.join(' ') : parentOf(hostname),
    wrong: answer =>
      words(answer).length === 0 ? 'Write at least one domain' : wrongOf(domain, answer),
  },
  {
    name: 'stands',
    asks: 'How Cordon stands: beside, server or watch',
    does: 'beside: it is asked by the Postfix that was found, as a milter, and sees whole messages. server: it is the mail server itself. watch: Postfix tells it who writes to whom (policy delegation), and no message is read.',
    sure: () => undefined,
    usual: ({ postfix }) => (postfix === undefined ? 'server' : 'beside'),
    wrong: (answer, { postfix }) => {
      if (!(STANDS as readonly string[]).includes(answer)) return `Write ${STANDS.join(', ')}`
      return answer === 'server' || postfix !== undefined
        ? undefined
        : 'There is no Postfix here that could ask: write server'
    },
  },
  {
    name: 'operator',
    asks: 'Mail address of the operator',
    does: 'Alarms and the digest of the morning go to it.',
    sure: () => undefined,
    usual: (_facts, { domains }) => `postmaster@${words(domains)[0] ?? 'localhost'}`,
    wrong: answer =>
      words(answer).length === 1 ? wrongOf(mailAddress, answer) : 'Write one mail address',
  },
  {
    name: 'consumers',
    asks: 'Prefixes of customers that send without a login, separated by spaces; empty: none',
    does: 'Their mail is counted for their line. Without prefixes all clients without a login are strangers.',
    sure: () => undefined,
    usual: () => '',
    wrong: answer => wrongOf(prefix, answer),
  },
]

/** Above the host: `example.org` of `mail.example.org`. */
const parentOf = (hostname: string): string => {
  const parent = hostname.slice(hostname.indexOf('.') + 1)
  return parent.includes('.') ? parent : hostname
}

/** Resolves to what was written; `usual` where nothing was. */
export type Ask = (question: Question, usual: string) => Promise<string>

type AskingHow = {
  readonly facts: Facts
  /** Options of the command line. */
  readonly told: AnswersSoFar
  readonly ask: Ask
  /** Hears why an answer that was asked for cannot be; without it the first one that cannot be is an error. */
  readonly again?: ((why: string) => void) | undefined
}

/** Rejects with UsageError where an answer cannot be. */
export async function answered(asking: AskingHow): Promise<SetupAnswers> {
  const answers: AnswersSoFar = {}
  for (const one of QUESTIONS) answers[one.name] = await answerTo(one, asking, answers)
  return {
    hostname: answers.hostname ?? '',
    domains: words(answers.domains),
    stands: answers.stands as Stand,
    operator: answers.operator ?? '',
    consumers: words(answers.consumers),
  }
}

async function answerTo(
  question: Question,
  { facts, told, ask, again }: AskingHow,
  before: AnswersSoFar,
): Promise<string> {
  const { name } = question
  const given = told[name] ?? question.sure(facts)
  if (given !== undefined) return possible(question, given.trim(), facts)
  for (;;) {
    const answer = (await ask(question, question.usual(facts, before))).trim()
    const wrong = question.wrong(answer, facts)
    if (wrong === undefined) return answer
    if (again === undefined) return possible(question, answer, facts)
    again(wrong)
  }
}

function possible(question: Question, answer: string, facts: Facts): string {
  const wrong = question.wrong(answer, facts)
  if (wrong !== undefined) throw new UsageError(`--${question.name}: ${wrong}.`)
  return answer
}
