// XTND XMIT (qpopper's): a message, dot-stuffed and ended as in SMTP, and whether it was taken. Eudora keeps for later what is refused at the
// command, and gives up what is refused behind the dot: there stands what may be taken later, as far as that is known then, and here the rest.

import type { ByteSource } from '../../gateway/byte-source.ts'
import { LetterIn } from '../../gateway/letter-in.ts'
import type { LoginThatSends } from '../../gateway/login-that-sends.ts'
import { tooLarge } from '../../gateway/submission.ts'
import { type Submitted, tryLater } from '../../gateway/submitted.ts'
import { MessageBytes } from '../../mail/message-bytes.ts'
import { answerWords, refusalWords } from './answer-words.ts'

export type TakeMessageParts = {
  readonly source: ByteSource
  readonly say: (line: string) => void
  readonly maxSize: number
  readonly sender: LoginThatSends
  /** The message is whole: from now on its client is to hear what became of it. False when the connection ends instead. */
  readonly begins: () => boolean
  /** A problem inside, for the log. */
  readonly trouble: (error: unknown, about: string) => void
}

/** Bytes that are read at once. */
const PIECE = 64 * 1024

/** False when the conversation cannot go on. */
export async function takeMessage(parts: TakeMessageParts): Promise<boolean> {
  const { source, say, maxSize, sender } = parts
  const failed = (error: unknown): Submitted => {
    parts.trouble(error, 'sending over POP3')
    return tryLater
  }
  const asked = await sender.mayBegin().catch(failed)
  if (asked?.taken === false && asked.kind === 'defer') {
    // What a client sends without having waited would be taken for commands.
    if (!source.isDry) return false
    say(refusalWords(asked))
    return true
  }
  say('+OK Send the message, and a line with nothing but a dot')
  const letter = new LetterIn()
  try {
    let problem: unknown
    const isWhole = await eachPiece(source, async bytes => {
      if (asked || problem || letter.size > maxSize) return
      await letter.write(bytes).catch((error: unknown) => {
        problem = error ?? new Error('it cannot be stored')
      })
    })
    if (!isWhole || !parts.begins()) return false
    const outcome =
      asked ??
      (problem
        ? failed(problem)
        : letter.size > maxSize
          ? tooLarge(maxSize)
          : await sender.send(letter).catch(failed))
    say(answerWords(outcome))
    return true
  } finally {
    await letter.discard()
  }
}

/** Up to the dot; false when the connection ends before it. */
async function eachPiece(
  source: ByteSource,
  each: (bytes: Buffer) => Promise<void>,
): Promise<boolean> {
  const message = new MessageBytes('dots')
  while (!message.ended) {
    const read = await source.some(PIECE)
    if (!read) return false
    const { bytes, used } = message.take(read)
    if (used < read.length) source.unread(read.subarray(used))
    if (bytes.length > 0) await each(Buffer.from(bytes))
  }
  return true
}
