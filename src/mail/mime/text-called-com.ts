// Texts and messages are called after web sites and subjects (`www.example.com`, `Your order at amazon.com`), and DOS programs end in
// `.com`, too. Such a program begins to run with its first byte: what begins as a text does is none. The printable programs that are known
// (that which virus scanners are tried with, and what makes the rest of a program out of letters) have no words in front.

import { isUtf8 } from 'node:buffer'
import { fileExtension } from '../file-extension.ts'
import { isTextBytes } from '../text-bytes.ts'

export const isCalledCom = (name: string): boolean => fileExtension(name)?.toLowerCase() === 'com'

/** `invoice.pdf.com` is no web site. */
const AS_FILE =
  /\.(?:pdf|docx?|xlsx?|pptx?|od[pst]|rtf|txt|csv|html?|jpe?g|png|gif|bmp|tiff?|mp[34]|avi|zip|rar|exe)\.com\b/i

export const isLikeWebSite = (name: string): boolean => !AS_FILE.test(name)

/** So many bytes tell. */
const BEGINNING = 256
/** Characters of a word with what stands beside it: no text begins with a longer one. */
const WORD = /^[\p{P}\p{S}]{0,4}[\p{L}\p{N}][\p{L}\p{M}\p{N}'’_.:@/-]{0,39}[\p{P}\p{S}]{0,4}$/u
/** Languages without spaces. */
const NOT_ASCII = /^(?=[^\0-\x7f])[\p{L}\p{Ps}\p{Pi}]/u
/** In front of what is listed or quoted. */
const SIGN = /^[-*>#=+•–—]{1,3}$/
const MARKUP =
  /^<(?:!doctype|!--|\?xml|html|head|body|div|p|span|table|a|b|font|center|meta|style)\b/i

/** No control characters; its first word is one, and so are most of the words with which it begins. Nothing at all is a text. */
export function readsAsText(bytes: Buffer): boolean {
  if (!isTextBytes(bytes)) return false
  const start = bytes.subarray(0, BEGINNING)
  // The last character may be cut.
  const isUnicode = isUtf8(bytes) || isUtf8(start.subarray(0, start.lastIndexOf(0x20) + 1))
  const text = start
    .toString(isUnicode ? 'utf8' : 'latin1')
    .replace(/^\ufeff/, '')
    .trim()
  if (text === '' || MARKUP.test(text)) return true
  const words = text.split(/\s+/).filter(word => !SIGN.test(word))
  if (words.length > 1 && bytes.length > BEGINNING) words.pop()
  const isWord = (word = '') => WORD.test(word) || (isUnicode && NOT_ASCII.test(word))
  return isWord(words[0]) && words.filter(word => isWord(word)).length * 2 > words.length
}
