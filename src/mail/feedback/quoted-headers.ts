// Headers that a person has pasted, or quoted, into the text of a mail: runs of lines that begin with a field which only servers write.

const MAX_TEXT = 256 * 1024
/** Headers in one mail. */
const MAX_BLOCKS = 5
/** Lines of one. */
const MAX_LINES = 500

/** "> > Received: …"; a field that is folded goes on with space. */
const QUOTE = /^(?:[ \t]{0,4}>){0,9} ?/
const BEGINS = /^(?:received|return-path|delivered-to|dkim-signature|x-cordon-ref|message-id):/i
const GOES_ON = /^(?:[!-9;-~]{1,80}:|[ \t]+\S)/

/** Each as the bytes of a header. */
export function quotedHeaders(text: string): readonly Buffer[] {
  const blocks: string[][] = []
  let block: string[] | undefined
  for (const line of text.slice(0, MAX_TEXT).split('\n')) {
    const plain = line.replace(QUOTE, '').trimEnd()
    if (block && block.length < MAX_LINES && GOES_ON.test(plain)) block.push(plain)
    else if (BEGINS.test(plain)) {
      if (blocks.length === MAX_BLOCKS) break
      block = [plain]
      blocks.push(block)
    } else block = undefined
  }
  return blocks.map(lines => Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'utf8'))
}
