// Gets the session the answers it asks for: verdicts and drafts from the engine, passwords from the backends that know them. Never rejects:
// a failure is an answer, too.

import type { Client, ListenerKind } from '../../model/step.ts'
import type { Engine } from '../../ports/engine.ts'
import type { LoginCheck, Logins } from '../../ports/logins.ts'
import type { SessionTable } from '../../wire/session-table.ts'
import { type Asker, stepOf, transactionOf } from './step-of.ts'
import type { Cork } from './cork.ts'
import type { MessageIn } from './message-in.ts'
import type { Ask, Input, State } from './state.ts'

export type AnswersParts = {
  readonly session: string
  readonly listener: ListenerKind
  readonly engine: Pick<Engine, 'judge'>
  readonly logins: Logins
  readonly sessions: SessionTable
  readonly cork: Cork
  readonly message: MessageIn
  readonly now: () => number
  readonly trouble: (error: unknown, about: string) => void
  /** The session may end while an answer is waited for. */
  readonly isClosed: () => boolean
  /** Ends the session, because its login is stopped. */
  readonly cut: () => void
}

export class Answers {
  readonly #parts: AnswersParts
  #leaveTable: (() => void) | undefined

  constructor(parts: AnswersParts) {
    this.#parts = parts
  }

  async to(ask: Ask, state: State, client: Client): Promise<Input> {
    const { engine, cork, trouble } = this.#parts
    const asker = this.#asker(client)
    try {
      if (ask.ask !== 'judge') return await cork.during(this.#later(ask, state, asker))
      const isFaulty = ask.fault !== undefined && ask.stage === 'message'
      const known = isFaulty ? this.#parts.message.known : {}
      const judged = engine.judge({ ...stepOf(state, ask, asker), ...known })
      const isKnown = !(judged instanceof Promise)
      return { kind: 'judged', judgement: isKnown ? judged : await cork.during(judged) }
    } catch (error) {
      trouble(error, `asking to ${ask.ask}`)
      return { kind: 'failed' }
    }
  }

  /** The session has ended. */
  leave(): void {
    this.#leaveTable?.()
  }

  async #later(ask: Exclude<Ask, { ask: 'judge' }>, state: State, asker: Asker): Promise<Input> {
    const { logins } = this.#parts
    switch (ask.ask) {
      case 'verify': {
        const given = { name: ask.login, password: ask.password }
        return this.#joined(await logins.check(asker, given))
      }
      case 'salt':
        return { kind: 'salted', ...(await logins.salt(asker, ask.first.name)) }
      case 'prove':
        return this.#joined(await logins.prove(asker, ask.given))
      case 'open':
        return this.#open(state, asker)
      case 'finish': {
        const judgement = await this.#parts.message.finish()
        return judgement ? { kind: 'judged', judgement } : { kind: 'failed' }
      }
      default:
        return ask satisfies never
    }
  }

  async #open(state: State, asker: Asker): Promise<Input> {
    const { message, isClosed } = this.#parts
    await message.open(transactionOf(state, asker))
    if (isClosed()) await message.drop()
    return { kind: 'opened' }
  }

  /** From now on this session ends when the login is stopped. */
  #joined(answer: LoginCheck & { readonly signature?: string }): Input {
    const { sessions, isClosed, cut } = this.#parts
    if (answer.outcome === 'right' && !isClosed()) {
      this.#leaveTable?.()
      this.#leaveTable = sessions.join(answer.login, cut)
    }
    return { kind: 'verified', ...answer }
  }

  #asker(client: Client): Asker {
    const { session, listener, now } = this.#parts
    return { session, listener, client, at: now() }
  }
}
