// The extension of a file, as Windows takes it: dots, spaces, quotes, brackets and control characters at the end of a name do not count
// (some mail programs cut a `>`, a `?` or a quote off), nor does the name of a
// stream behind a colon (`run.exe::$DATA` is run.exe), nor what no reader sees: marks of width zero, and bytes that fit no character set,
// which some programs leave out. Linear, but for colons: each is looked at once.

import { isAscii } from '../model/mail-address.ts'

/** What is written is the name of this file. */
export function fileName(name: string): string {
  let end = stripped(name, name.length)
  for (;;) {
    const dot = name.lastIndexOf('.', end - 1)
    const colon = name.indexOf(':', dot + 1)
    // A name may begin with one, or with a drive; and `Re: letter` has no extension.
    if (end === 0 || dot < 0 || colon < 0 || colon >= end) return name.slice(0, end)
    end = stripped(name, colon)
  }
}

/** As it is written, without the dot; undefined when there is none. */
export function fileExtension(name: string): string | undefined {
  const file = fileName(name)
  const dot = file.lastIndexOf('.')
  if (dot < 0) return undefined
  const extension = file.slice(dot + 1)
  if (/[/\\]/.test(extension)) return undefined
  return isAscii(extension) ? extension : extension.replaceAll(UNSEEN, '')
}

function stripped(name: string, length: number): number {
  let end = length
  while (end > 0 && /[\s.>"?*|<'\p{Cc}\p{Cf}\ufffd]/u.test(name[end - 1] as string)) end--
  return end
}

/** Byte order marks, soft hyphens, joiners (Unicode: format characters), and what stands for a byte that is none. */
const UNSEEN = /[\p{Cf}\ufffd]/gu
