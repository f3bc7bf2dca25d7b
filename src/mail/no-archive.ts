// Files that are called like archives and are plainly something else, as file(1) knows them: text, pictures, PDF. What a browser has
// unpacked already keeps its name (`README.gz`). What stands behind them is found by
// archive-kind.ts, which is to be asked first.

import { isUtf8 } from 'node:buffer'
import { isTextBytes } from './text-bytes.ts'

const STARTS = ['\x89PNG\r\n\x1a\n', '\xff\xd8\xff', 'GIF87a', 'GIF89a', '%PDF-']
const LONGEST = 8

export function isPlainlyNoArchive(bytes: Buffer): boolean {
  const start = bytes.toString('latin1', 0, LONGEST)
  return STARTS.some(magic => start.startsWith(magic)) || isText(bytes)
}

const isText = (bytes: Buffer): boolean => bytes.length > 0 && isUtf8(bytes) && isTextBytes(bytes)
