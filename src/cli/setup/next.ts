// The three commands that come after `cordon setup`, as they can be copied, and how to undo what it did.

import { CONFIG_OF_THE_UNIT, FOLDER_OF_THE_UNIT } from '../usual-places.ts'
import type { Stand } from './questions.ts'

export type SetUp = {
  readonly file: string
  readonly data: string
  readonly stands: Stand
  readonly trial?: true | undefined
}

export function nextOf({ file, data, stands, trial }: SetUp): readonly string[] {
  if (trial)
    return [
      `npx cordon serve --config ${file}`,
      'npx cordon status        # in another terminal, in this folder',
      'npx cordon subscriber show 10017',
    ]
  const isUsual = file === CONFIG_OF_THE_UNIT
  const config = isUsual ? '' : ` --config ${file}`
  const folder = isUsual || data === FOLDER_OF_THE_UNIT ? '' : ` --data ${data}`
  return [
    isUsual ? 'systemctl enable --now cordon' : `cordon serve${config}`,
    stands === 'server' ? `cordon dkim show${config}` : `cordon doctor postfix${config}`,
    `cordon status${folder}`,
  ]
}

/** Setup made one file, and a start makes the folder. `kept`: the file that was there before. */
export function undoOf({ file, data, stands }: SetUp, kept: string | undefined): string {
  const first = kept === undefined ? `rm ${file}` : `mv ${kept} ${file}`
  const lines = stands === 'server' ? '' : 'take its lines out of Postfix, '
  return `${first}; setup changed nothing else. After a start also: ${lines}stop Cordon, rm -r ${data}`
}
