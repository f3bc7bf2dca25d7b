// MAIL FROM (RFC 5321 §4.1.1.2) with SIZE (RFC 1870); what else may be asked for is in ../esmtp-parameters.ts.

import { behindWord, bracketsAt, isRole, NEEDS_UTF8, parsePath } from '../path.ts'
import type { Reaction, Setup, State } from '../state.ts'
import { mailParameters } from '../esmtp-parameters.ts'
import { type Command, mistake } from './command.ts'

export const mail: Command = { name: 'MAIL', phases: ['greeted'], run }

function run(state: State, args: string, setup: Setup): Reaction {
  const written = behindWord(args, 'FROM:')
  const path = written === undefined ? undefined : parsePath(written, bracketsAt(setup))
  if (!path)
    return mistake(state, '501 5.1.7 Bad sender address syntax; syntax: MAIL FROM:<address>\r\n')
  if (isRole(path.address))
    return mistake(state, '501 5.1.7 Bad sender address syntax: it needs a domain\r\n')
  const { parameters } = path
  if ('problem' in parameters) return mistake(state, parameters.problem)
  const read = mailParameters(parameters, state, setup)
  if ('problem' in read) return mistake(state, read.problem)
  if (path.utf8 && !read.esmtp.utf8) return mistake(state, NEEDS_UTF8)
  const declared = parameters.get('SIZE')
  if (parameters.has('SIZE') && !/^\d{1,20}$/.test(declared ?? ''))
    return mistake(state, '501 5.5.4 Bad message size syntax\r\n')
  const size = declared === undefined ? undefined : Number(declared)
  const begun = {
    sender: path.address,
    esmtp: read.esmtp,
    ...(size === undefined ? {} : { size }),
  }
  const tooLarge = size !== undefined && size > setup.maxSize
  const fault = tooLarge ? { fault: 'message-too-large' as const } : {}
  const ask = { ask: 'judge', stage: 'mail', about: { mail: begun }, ...fault } as const
  return { state: { ...state, asked: ask }, output: '', ask }
}
