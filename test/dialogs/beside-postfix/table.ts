// What the page about standards says of the dialogues that were played.

import { DIFFERENCES } from './differences.ts'

export type Played = {
  readonly name: string
  readonly theirs: readonly string[]
  readonly ours: readonly string[]
}

/** Same kind of answer to each piece: taken, go on, come back later, refused, or the connection ended. */
export const isAlike = ({ theirs, ours }: Played): boolean =>
  theirs.length === ours.length && theirs.every((code, i) => code[0] === ours[i]?.[0])

const isTaken = ({ ours }: Played): boolean => /^[23]/.test(ours.at(-1) ?? '')
const quoted = (text: string) => `\`${text}\``

/** As .editorconfig says, with room for what stands before them. */
const WIDTH = 130

/** With commas, a new line where one would be too long; a name is not broken. */
function inLines(names: readonly string[]): string {
  const lines: string[] = []
  for (const name of names) {
    const last = lines.at(-1)
    if (last === undefined || last.length + name.length > WIDTH) lines.push(name)
    else lines[lines.length - 1] = `${last}, ${name}`
  }
  return lines.join(',\n')
}

/** Markdown, to stand between the marks. */
export function tableOf(played: readonly Played[]): string {
  const alike = played.filter(isAlike)
  const names = (some: readonly Played[]) => inLines(some.map(({ name }) => quoted(name)))
  const rows = played
    .filter(one => !isAlike(one))
    .map(
      ({ name, theirs, ours }) =>
        `| ${quoted(name)} | ${theirs.join(' ')} | ${ours.join(' ')} | ${DIFFERENCES[name] ?? ''} |`,
    )
  return [
    `${played.length} dialogues, ${alike.length} of them answered alike.`,
    '',
    `**Tolerated as Postfix does:** ${names(alike.filter(isTaken))}.`,
    '',
    `**Refused as Postfix does:** ${names(alike.filter(one => !isTaken(one)))}.`,
    '',
    '**Otherwise on purpose:**',
    '',
    '| Dialogue | Postfix | Cordon | Why |',
    '|---|---|---|---|',
    ...rows,
  ].join('\n')
}
