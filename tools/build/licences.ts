// The licences of the packages that a bundle has in it: their terms ask for the text wherever their code goes.

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const TEXT = /^(?:licen[cs]e|copying|notice)(?:[.-].*)?$/i

/** One text of all; `files` are paths from `root`. Throws where a package has no licence at all. */
export function licencesOf(root: string, files: readonly string[]): string {
  const folders = new Set(files.flatMap(file => packageOf(file) ?? []))
  const entries = [...folders].toSorted().map(folder => entryOf(root, folder))
  return `Cordon is under the Apache License 2.0 (LICENSE). It has these packages in it:\n${entries.join('')}`
}

/** The innermost package that a file is in. */
function packageOf(file: string): string | undefined {
  return /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file)?.[0]
}

function entryOf(root: string, folder: string): string {
  const about = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8')) as {
    readonly name: string
    readonly version: string
    readonly license?: string
    readonly author?: string | { readonly name: string }
  }
  if (!about.license) throw new Error(`${folder} tells no licence`)
  const by = typeof about.author === 'object' ? about.author.name : about.author
  const texts = readdirSync(join(root, folder))
    .filter(name => TEXT.test(name))
    .toSorted()
    .map(name => readFileSync(join(root, folder, name), 'utf8').trim())
  const head = `${about.name} ${about.version}, ${about.license}${by ? `, by ${by}` : ''}`
  return `\n${'-'.repeat(80)}\n${[head, ...texts].join('\n\n')}\n`
}
