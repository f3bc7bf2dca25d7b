// What an owner says of mail that waits.

export const WORDS_OF_OWNERS = ['was-me', 'not-me'] as const
export type WordOfOwner = (typeof WORDS_OF_OWNERS)[number]
