// The IMAP gateway of a small Cordon before a small server, and what of it was taken to be sent.

import type { Transaction } from '../../src/model/step.ts'
import type { Verdict } from '../../src/model/verdict.ts'
import type { Engine } from '../../src/ports/engine.ts'
import { type BackEndOptions, imapDoor, smallBackEnd } from './imap-door.ts'
import { smallCordon } from './small-cordon.ts'

export const BERT = 'bert@isp.example'
export const letter = (from: string, subject = 'hello', to = 'anna@isp.example') =>
  `From: ${from}\r\nTo: ${to}\r\nSubject: ${subject}\r\n\r\nA few words.\r\n`

/** Ways to write another sender. */
export const TRICKS: readonly (readonly [name: string, from: string])[] = [
  ['own', BERT],
  ['alias', 'bert.ek@isp.example'],
  ['foreign', 'chief@bank.example'],
  ['two', `${BERT}, chief@bank.example`],
  ['as a name', `chief@bank.example <${BERT}>`],
  ['quoted name', `"chief@bank.example" <${BERT}>`],
  ['encoded', `=?utf-8?q?chief=40bank.example?= <${BERT}>`],
  ['two fields', `${BERT}\r\nFrom: chief@bank.example`],
  ['route', `<@bank.example:${BERT}>`],
  ['a group', `chief@bank.example:${BERT};`],
  ['sender', `${BERT}\r\nSender: chief@bank.example`],
]

/** Counts messages that are whole. `refuses`: what is said to MAIL. */
export function counting(engine: Engine) {
  const taken: string[] = []
  const opened: Transaction[] = []
  const hook: { whenTaken: () => void; refuses?: Verdict | undefined } = { whenTaken: () => {} }
  const counted: Engine = {
    judge: step =>
      hook.refuses && step.stage === 'mail' ? { verdict: hook.refuses } : engine.judge(step),
    report: event => engine.report(event),
    command: order => engine.command(order),
    open: async tx => {
      opened.push(tx)
      const draft = await engine.open(tx)
      let text = ''
      return {
        write: async chunk => {
          text += Buffer.from(chunk).toString('latin1')
          await draft.write(chunk)
        },
        abort: () => draft.abort(),
        finish: async () => {
          const judged = await draft.finish()
          if (judged.verdict.kind === 'accept' || judged.verdict.kind === 'hold') taken.push(text)
          hook.whenTaken()
          return judged
        },
      }
    },
  }
  return { taken, opened, hook, engine: counted }
}

export async function imapScene(
  options: BackEndOptions & { readonly sendFolders?: readonly string[] } = {},
) {
  const { engine } = await smallCordon()
  const counted = counting(engine)
  const backEnd = await smallBackEnd(options)
  const { sendFolders } = options
  const door = await imapDoor(counted.engine, backEnd.port, sendFolders ? { sendFolders } : {})
  return {
    ...counted,
    backEnd,
    door,
    close: async () => {
      await door.close(0)
      backEnd.close()
    },
  }
}
