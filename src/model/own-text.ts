// Texts that are kept longer than what they were cut from. A piece of a string is a view of it, and keeps all of it in memory: a sender
// address that is remembered for an hour would hold the request of a thousand bytes in which it stood.

/** The same text, by itself. */
export const ownText = (text: string): string => ` ${text}`.slice(1)
