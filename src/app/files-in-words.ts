// What a reload says of files that have other content than before, a line each: of a certificate its name and until when it is good.

import { X509Certificate } from 'node:crypto'
import { placeInWords } from '../config/complaint.ts'
import type { NamedFile } from '../config/named-files.ts'
import { wholeFileNow } from '../wire/whole-file.ts'

/** Key and chain of one certificate are one line. */
export function filesInWords(files: readonly NamedFile[]): readonly string[] {
  return [...new Set(files.map(inWords))]
}

function inWords({ path, file }: NamedFile, _: number, all: readonly NamedFile[]): string {
  const last = path.at(-1)
  if (!/^certificates?$/.test(String(path[0]))) return `${placeInWords(path)}: ${file} read again`
  const pair = path.slice(0, -1)
  const place = placeInWords(pair)
  const chain = last === 'chain' ? file : chainBeside(pair, all)
  return chain === undefined ? `${place}: another key` : `${place}: renewed${whose(chain)}`
}

const chainBeside = (pair: NamedFile['path'], all: readonly NamedFile[]): string | undefined =>
  all.find(
    ({ path }) => path.at(-1) === 'chain' && placeInWords(path.slice(0, -1)) === placeInWords(pair),
  )?.file

/** `, CN=mail.example.org, to 2027-03-01T08:00Z`. Nothing of what was replaced once more meanwhile. */
function whose(file: string): string {
  try {
    const { subject, subjectAltName, validToDate } = new X509Certificate(wholeFileNow(file).bytes)
    const name = /^CN=.*$/m.exec(subject)?.[0] ?? subjectAltName?.split(', ')[0] ?? 'without a name'
    return `, ${name}, to ${validToDate.toISOString().slice(0, 16)}Z`
  } catch {
    return ''
  }
}
