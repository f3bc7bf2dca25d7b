// A question whose answer is not in the step: one name for each chain of look-ups. JSON only; what was answered is
// recorded with the event, so that a replay never asks again.

export type Question =
  /** Is there such a recipient here? */
  | { readonly about: 'recipient'; readonly address: string }
  /** Has a mailbox of ours no room, for a message of this size where it was told (SIZE)? */
  | { readonly about: 'mailbox-full'; readonly address: string; readonly size?: number }
  /** The names of an address, and those of them that lead back to it. */
  | { readonly about: 'reverse-name'; readonly address: string }
  /** Whose server is it: the organisational domain of a name that leads back to its address? */
  | { readonly about: 'organisation'; readonly address: string }
  /** Does a host name have an address, or at least an exchanger? */
  | { readonly about: 'host'; readonly name: string }
  /** What a DNS list says of an address or a domain: its return codes, none when it is not listed. */
  | { readonly about: 'listed'; readonly zone: string; readonly of: string }
  /** Where an address is, as a database on disk says. */
  | { readonly about: 'place'; readonly address: string }
  /** For how many addresses a domain says that they may send for it (SPF). */
  | { readonly about: 'spf-breadth'; readonly domain: string }
  /** May this address send for this sender, or where there is none for this greeting (SPF)? */
  | {
      readonly about: 'spf'
      readonly address: string
      readonly sender: string
      readonly helo: string
    }

/** RFC 7208 §2.6; a temporary error is a failed look-up. */
export type SpfResult = 'none' | 'neutral' | 'pass' | 'fail' | 'softfail' | 'permerror'

export type Answers = {
  readonly recipient: boolean
  /** What the store would answer: `defer` while it waits for its owner to make room, `reject` when it does not. */
  readonly 'mailbox-full': 'no' | 'defer' | 'reject'
  readonly 'reverse-name': {
    readonly names: readonly string[]
    readonly confirmed: readonly string[]
  }
  /** Empty where there is no such name, or none that is told in time. */
  readonly organisation: string
  readonly host: boolean
  readonly listed: readonly string[]
  readonly place: { readonly country?: string; readonly asn?: number }
  /** IPv4 addresses; `Infinity` cannot be written as JSON, so all addresses are 2 to the 32nd. */
  readonly 'spf-breadth': number
  readonly spf: { readonly result: SpfResult; readonly domain: string }
}

/** A failure is a value, too. */
export type Fact = Answered | { readonly about: keyof Answers; readonly failed: string }

type Answered = {
  readonly [K in keyof Answers]: { readonly about: K; readonly value: Answers[K] }
}[keyof Answers]

/** What was answered; nothing when it was not asked, is about something else, or failed. */
export function answerTo<A extends keyof Answers>(
  about: A,
  fact: Fact | undefined,
): Answers[A] | undefined {
  return fact?.about === about && 'value' in fact ? (fact.value as Answers[A]) : undefined
}

/** The same, of the first fact about it. */
export const firstAnswer = <A extends keyof Answers>(
  about: A,
  facts: readonly Fact[],
): Answers[A] | undefined =>
  answerTo(
    about,
    facts.find(fact => fact.about === about),
  )
