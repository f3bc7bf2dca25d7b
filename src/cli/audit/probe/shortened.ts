// What a server says, as it is shown: in one line, and not all of it.

/** Characters of what a server says that are kept. */
export const MAX_WORDS = 200

export const shortened = (answer: string): string =>
  answer.trim().replaceAll(/\s+/g, ' ').slice(0, MAX_WORDS)
