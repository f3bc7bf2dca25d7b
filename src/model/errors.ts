// The few exceptions of this program. Expected outcomes are return values; these mean that an operator must act.

/** One sentence each: where, what is wrong (without a full stop), what to write instead. */
export type Mistake = { readonly where: string; readonly problem: string; readonly advice: string }

/** Beyond so many a file is not a configuration with mistakes but another file. */
const MAX_TOLD = 50

/** A configuration that cannot be used: where, what is wrong, what to write instead; one line for each mistake. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'

  constructor(where: string, problem: string, advice: string) {
    super(`${where}: ${problem}. ${advice}`)
  }

  /** All mistakes at once, in the order given; at most fifty are told. */
  static of(mistakes: readonly Mistake[]): ConfigError {
    const [first = { where: 'configuration', problem: 'it cannot be used', advice: '' }] = mistakes
    const error = new ConfigError(first.where, first.problem, first.advice)
    const lines = mistakes
      .slice(0, MAX_TOLD)
      .map(one => `${one.where}: ${one.problem}. ${one.advice}`)
    const more = mistakes.length - lines.length
    if (lines.length > 0)
      error.message = [...lines, ...(more > 0 ? [`and ${more} more`] : [])].join('\n')
    return error
  }

  /** One that another thread met with, in its own words. */
  static told(message: string): ConfigError {
    const error = ConfigError.of([])
    error.message = message
    return error
  }
}

/** A store that did not do as asked: full disk, read-only folder, closed database. The caller answers 4xx. */
export class StoreUnavailable extends Error {
  override readonly name = 'StoreUnavailable'
  /** The store was asked and went away before it answered: what was asked may have been done. */
  readonly halfDone: boolean

  constructor(message: string, { halfDone = false }: { readonly halfDone?: boolean } = {}) {
    super(message)
    this.halfDone = halfDone
  }
}

/** What was thrown, in words. Libraries throw objects that are no Error, of which String() says "[object Object]". */
export function wordsOf(thrown: unknown): string {
  if (thrown instanceof Error) return thrown.message
  if (typeof thrown !== 'object' || thrown === null) return String(thrown)
  if ('message' in thrown && typeof thrown.message === 'string') return thrown.message
  try {
    return JSON.stringify(thrown)
  } catch {
    return Object.prototype.toString.call(thrown)
  }
}

/** A part that could not be opened, because of the world around us: a port in use, a damaged file. Cordon does not start without it. */
export class StartError extends Error {
  override readonly name = 'StartError'
  readonly part: string

  constructor(part: string, sentence: string, options?: ErrorOptions) {
    super(`${part} cannot be opened: ${sentence}`, options)
    this.part = part
  }
}
