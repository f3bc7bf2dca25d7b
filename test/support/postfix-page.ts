// The code blocks of docs/integrate-postfix.md, put to work: what the page tells its reader to write is what the test writes.

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { freePort } from './free-port.ts'

const PAGE = join(import.meta.dirname, '../../docs/integrate-postfix.md')

export type PageBlocks = { readonly yaml: string; readonly main: string; readonly master: string }

/** Blocks of one section, by the file in whose name they are introduced; of several for one file all together. */
export function blocksOf(section: string): PageBlocks {
  const text = readFileSync(PAGE, 'utf8')
  const from = text.indexOf(`\n## ${section}\n`)
  if (from < 0) throw new Error(`the page has no section "${section}"`)
  const end = text.indexOf('\n## ', from + 1)
  const mine = text.slice(from, end < 0 ? undefined : end)
  const found: Record<string, string[]> = {}
  for (const [, words = '', block = ''] of mine.matchAll(
    /((?:^(?!```).*\n)*)^```[a-z]*\n([\s\S]*?)^```/gm,
  )) {
    const [, file = ''] = /[\s\S]*`(cordon\.yaml|main\.cf|master\.cf)`/.exec(words) ?? []
    found[file] = [...(found[file] ?? []), block]
  }
  const of = (file: string) => (found[file] ?? []).join('')
  return { yaml: of('cordon.yaml'), main: of('main.cf'), master: of('master.cf') }
}

/** Services of a master.cf as a system ships them, on free ports and not chrooted, with `lines` of the page in place of what they override. */
export async function servicesOf(
  shipped: string,
  lines: string,
): Promise<{ readonly ports: readonly number[]; readonly services: readonly string[] }> {
  const ports: number[] = []
  const services: string[] = []
  const added = lines.split('\n').filter(line => line.trim() !== '')
  const overridden = added.map(nameOf)
  for (const block of shipped.trim().split(/\n(?=\S)/)) {
    const [first = '', ...options] = block.split('\n')
    const port = await freePort()
    ports.push(port)
    // A block that overrides nothing is asked about by what stands in main.cf.
    const isOverridden = options.some(line => overridden.includes(nameOf(line)))
    services.push(
      first.replace(/^\S+(\s+inet\s+\S+\s+\S+\s+)\S+/, `127.0.0.1:${port}$1n`),
      ...options.filter(line => !overridden.includes(nameOf(line))),
      ...(isOverridden ? added : []),
    )
  }
  return { ports, services }
}

const nameOf = (line: string): string => /-o\s+(\w+)=/.exec(line)?.[1] ?? line
