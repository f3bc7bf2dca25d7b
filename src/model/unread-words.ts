// What could not be read to its end of a message, in words: for the reply to its sender, the page behind a refusal, the log and the
// journal. Printable ASCII, for replies are.

import type { MessageSummary, Unreadable } from './message.ts'

type Words = {
  readonly what: string
  /** For its sender. */
  readonly advice: string
}

export const UNREAD_WORDS: Readonly<Record<Unreadable, Words>> = {
  archive: {
    what: 'an archive in it is damaged, or of a kind that cannot be listed',
    advice: 'send the files unpacked, or pack them again as a plain zip; leave out what is empty',
  },
  'character-set': {
    what: 'its text, or the name of a file, is in a character set that is not known here',
    advice: 'send it as UTF-8',
  },
  elsewhere: {
    what: 'a part of it is in other messages, or to be fetched elsewhere',
    advice: 'send all of it in one message',
  },
  header: {
    what: 'the header of a part is written so that not all programs read the same in it, or is too long',
    advice: 'write it anew with another mail program',
  },
  'too-deep': {
    what: 'it has messages or parts in one another, more than 32 deep',
    advice: 'forward the last message alone',
  },
  'too-many-links': {
    what: 'it has links to more than 1,000 hosts, or to 200 in odd spellings',
    advice: 'send it in several messages, or as a file in an archive',
  },
  'too-many-names': {
    what: 'it has more than 2,000 names of files',
    advice: 'send the files in several messages, or in an archive',
  },
  'too-many-parts': {
    what: 'it has more than 1,000 parts',
    advice: 'send it in several messages',
  },
  'too-much-work': {
    what: 'it is made so that reading it takes too much work',
    advice: 'send it in several messages, written anew',
  },
  large: {
    what: 'it goes on beyond its first mebibyte',
    advice: 'send it smaller, or a link to it',
  },
  'large-archive': {
    what: 'an archive in it has more in it than is listed',
    advice: 'send the files unpacked, or in smaller archives',
  },
  quoted: {
    what: 'the message that a bounce returns is not whole',
    advice: 'nothing is to be done',
  },
  busy: {
    what: 'there was no time to list an archive in it',
    advice: 'it is taken when it comes again',
  },
}

type ArchiveFaults = Pick<MessageSummary, 'unlisted'>

/** What one is, with what exactly was wrong with an archive. */
export function unreadWords(what: Unreadable, { unlisted }: ArchiveFaults): string {
  const detail = unlisted?.[what]?.replaceAll(/[^\x20-\x7e]/g, '?')
  if (detail === undefined) return UNREAD_WORDS[what].what
  // What exactly was wrong says it: an empty file is not damaged, and no kind of archive.
  const said = what === 'archive' ? 'an archive in it cannot be read' : UNREAD_WORDS[what].what
  return `${said}: ${detail}`
}

/** All of it; undefined when it was read to its end. */
export function unreadCause(message: MessageSummary): string | undefined {
  return message.unreadable?.map(what => unreadWords(what, message)).join('; ')
}
