// Plays a dialog on the pure session: no socket, the engine called directly, the bytes cut as the test wants.

import { SmtpDecoder } from '../../src/doors/smtp/codec.ts'
import { step } from '../../src/doors/smtp/session.ts'
import {
  type Ask,
  INITIAL,
  type Input,
  type Setup,
  type State,
} from '../../src/doors/smtp/state.ts'
import type { Client, Step } from '../../src/model/step.ts'
import type { Draft, Engine } from '../../src/ports/engine.ts'
import { NOW } from '../support/small-cordon.ts'
import { testLogins } from '../support/smtp-door.ts'
import { type Dialog, matches } from './dialog.ts'

/** Plays it with the bytes in pieces of at most `piece`. Throws at the first reply that is not as written. */
export async function playPure(dialog: Dialog, engine: Engine, piece: number): Promise<void> {
  const setup: Setup = {
    listener: dialog.listener,
    ourName: 'mail.isp.example',
    postmaster: 'postmaster@isp.example',
    maxSize: 10_000,
    maxRecipients: 3,
    tlsAvailable: true,
    bareNewlines: dialog.listener === 'inbound' ? 'reject' : 'normalize',
    mayXclient: dialog.xclient,
    greetPause: 0,
    scram: dialog.scram,
  }
  const said: string[] = []
  let client: Client = { realm: 'main', address: '127.0.0.1', port: 4000 }
  const decoder = new SmtpDecoder()
  let state: State = INITIAL
  let draft: Draft | undefined
  let size = 0
  let secured = false

  const put = async (input: Input): Promise<void> => {
    let reaction = step(state, input, setup)
    for (;;) {
      state = reaction.state
      said.push(...reaction.output.split('\r\n').filter(Boolean))
      if (reaction.then === 'read-data') {
        size = 0
        decoder.startData()
      }
      if (reaction.then === 'read-chunk' && reaction.chunk) {
        if (reaction.chunk.first) size = 0
        decoder.startChunk(reaction.chunk.size, reaction.chunk)
      }
      if (reaction.then === 'new-client') client = { ...client, ...reaction.client }
      if (reaction.then === 'start-tls') decoder.discard()
      if (reaction.then === 'drop-message') {
        await draft?.abort()
        draft = undefined
      }
      if (!reaction.ask) return
      reaction = step(state, await answer(reaction.ask), setup)
    }
  }
  const logins = testLogins(engine)
  const asking = { client, listener: setup.listener, session: 'dialog' }
  const answer = async (ask: Ask): Promise<Input> => {
    switch (ask.ask) {
      case 'judge':
        return {
          kind: 'judged',
          judgement: await engine.judge(stepOf({ state, ask, setup, client })),
        }
      case 'verify':
        return {
          kind: 'verified',
          ...(await logins.check(asking, { name: ask.login, password: ask.password })),
        }
      case 'salt':
        return { kind: 'salted', ...(await logins.salt(asking, ask.first.name)) }
      case 'prove':
        return { kind: 'verified', ...(await logins.prove(asking, ask.given)) }
      case 'open':
        draft = await engine.open({
          session: 'dialog',
          listener: setup.listener,
          at: NOW,
          client,
          tls: state.tls,
          helo: state.helo,
          sender: state.mail?.sender ?? '',
          recipients: state.recipients,
          extended: state.extended,
          esmtp: state.mail?.esmtp ?? {},
          ...(state.login === undefined ? {} : { login: state.login }),
        })
        return { kind: 'opened' }
      case 'finish': {
        const finished = draft
        draft = undefined
        return finished
          ? { kind: 'judged', judgement: await finished.finish() }
          : { kind: 'failed' }
      }
      default:
        return ask satisfies never
    }
  }

  await put({ kind: 'connected' })
  for (const turn of dialog.turns) {
    if (turn.kind === 'expect') {
      const line = said.shift()
      if (line === undefined || !matches(turn.line, line))
        throw new Error(`expected "${turn.line}", got "${line}"`)
    } else if (turn.kind === 'tls') {
      secured = true
      await put({ kind: 'secured' })
    } else {
      for (let at = 0; at < turn.bytes.length; at += piece) {
        decoder.push(turn.bytes.subarray(at, at + piece))
        for (let token = decoder.next(); token; token = decoder.next()) {
          if (state.phase === 'closed') break
          if (token.kind === 'data') {
            size += token.bytes.length
            await draft?.write(token.bytes)
          } else if (token.kind === 'data-end' || token.kind === 'chunk-end') {
            await put({
              kind: token.kind,
              repaired: token.repaired,
              tooLarge: size > setup.maxSize,
            })
          } else await put(token)
        }
      }
    }
  }
  if (said.length > 0)
    throw new Error(`said more than expected: ${said.join(' | ')}${secured ? ' (over TLS)' : ''}`)
}

function stepOf({
  state,
  ask,
  setup,
  client,
}: {
  state: State
  ask: Extract<Ask, { ask: 'judge' }>
  setup: Setup
  client: Client
}): Step {
  const known = { ...state, ...ask.about }
  return {
    session: 'dialog',
    listener: setup.listener,
    stage: ask.stage,
    at: NOW,
    client,
    tls: known.tls,
    helo: known.helo,
    accepted: known.recipients.length,
    ...(known.login === undefined ? {} : { login: known.login }),
    ...(known.mail ? { sender: known.mail.sender } : {}),
    ...(ask.recipient === undefined ? {} : { recipient: ask.recipient }),
    ...(ask.fault ? { fault: ask.fault, recipients: known.recipients } : {}),
  }
}
