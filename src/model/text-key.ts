// One key of several texts. Names that come from outside may have spaces: joined as they are, one of them could make another's key.

const escaped = (text: string): string =>
  text.includes(' ') || text.includes('%')
    ? text.replaceAll('%', '%25').replaceAll(' ', '%20')
    : text

/** No two lists of texts have the same key; texts without a space and without `%` stand in it as they are. */
export const textKey = (...texts: readonly string[]): string => texts.map(escaped).join(' ')
