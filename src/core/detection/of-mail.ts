// Which evidence of the table is told by mail alone: what evidence by episodes weighs in its place where that decides. What the network sees
// is not, nor what only infected machines do in a session, nor a trap (docs/decisions/0039-what-others-bring-about-agrees-with-nothing.md).

import type { Unit } from '../../model/evidence.ts'

const ROOMS = ['message/', 'answer/', 'volume/', 'auth/']
const TRAPS = ['message/trap', 'message/trap-led']

export const isOfMail = ({ cell }: Pick<Unit, 'cell'>): boolean =>
  !TRAPS.includes(cell) && ROOMS.some(room => cell.startsWith(room))
