// The few exceptions of this program. Expected outcomes are return values; these mean that somebody must act.

/** A configuration that cannot be used: where, what is wrong, what to write instead. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
  readonly path: string
  readonly advice: string

  constructor(path: string, problem: string, advice: string) {
    super(`${path}: ${problem}. ${advice}`)
    this.path = path
    this.advice = advice
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

/** A part that could not be opened, because of the world around us: a port in use, a damaged file. Cordon does not start without it. */
export class StartError extends Error {
  override readonly name = 'StartError'
  readonly part: string

  constructor(part: string, sentence: string, options?: ErrorOptions) {
    super(`${part} cannot be opened: ${sentence}`, options)
    this.part = part
  }
}
