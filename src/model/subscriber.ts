// A customer: the payer of a line, with the logins and the ways to reach them.

export const PLANS = ['consumer', 'expert', 'business', 'site'] as const
/** `site` is many people behind one line: told, never isolated by automation. */
export type Plan = (typeof PLANS)[number]

export const FLAGS = ['lifeline'] as const
/** `lifeline`: telephony or telecare runs on this line, so it gets no notice page. */
export type Flag = (typeof FLAGS)[number]

/** Languages that our letters are written in. */
export const LANGUAGES = ['en', 'de', 'fr'] as const
export type Language = (typeof LANGUAGES)[number]

/** The language of our letters for a BCP 47 tag (`de-AT`); undefined when there are none in it. */
export function languageOf(tag: string): Language | undefined {
  const [primary = ''] = tag.toLowerCase().split(/[-_]/)
  return LANGUAGES.find(one => one === primary)
}

export type Subscriber = {
  readonly id: string
  readonly plan: Plan
  readonly flags: readonly Flag[]
  /** BCP 47 tag of the language we write to them in. */
  readonly language: string
  /** Where notices go. The first of our own mailboxes among them is also read by their mail program. */
  readonly contacts: readonly string[]
  readonly logins: readonly Login[]
}

/** A mail account. */
export type Login = {
  readonly name: string
  /** Envelope and From addresses this login may send as; the first is the primary one. */
  readonly addresses: readonly string[]
}
