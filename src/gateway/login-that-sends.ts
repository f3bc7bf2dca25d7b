// A login that sends over the connection it reads with: what it hands in becomes a message once, whatever it repeats, and the engine hears of
// the login when it first sends.

import { maskIp } from '../model/ip.ts'
import type { GatewayParts } from './gateway.ts'
import type { LetterIn } from './letter-in.ts'
import type { Remembered } from './repeats.ts'
import { type GivenEnvelope, judgeSender, type Sender, submit } from './submission.ts'
import { cannot, type Refusal, type Submitted } from './submitted.ts'

/** What is to be done with a message that was taken, before the answer. */
export type Finish = {
  /** Whether it was done. */
  readonly work: () => Promise<boolean>
  /** Also for a message that was sent before; the client is told when it was not done. */
  readonly isEachTime: boolean
}

export class LoginThatSends {
  readonly #given: Pick<GatewayParts, 'parts' | 'shared'>
  readonly #sender: Sender
  #isTold = false
  /** Messages of this connection whose answer its client may not have heard. */
  readonly #told = new Set<Remembered<Submitted>>()

  constructor(given: Pick<GatewayParts, 'parts' | 'shared'>, sender: Sender) {
    this.#given = given
    this.#sender = sender
  }

  /** The client knows what became of its messages. */
  heard(): void {
    for (const one of this.#told) this.#given.shared.repeats.forget(one)
    this.#told.clear()
  }

  /** Whether it may send at all, before there is a message. */
  mayBegin(): Promise<Refusal | undefined> {
    this.#tell()
    return judgeSender(this.#given.parts, this.#sender)
  }

  async send(letter: LetterIn, envelope: GivenEnvelope = {}, finish?: Finish): Promise<Submitted> {
    const { shared, parts } = this.#given
    const { sender = '', recipients = [] } = envelope
    const key = JSON.stringify([this.#sender.login, letter.digest(), sender, recipients])
    const { answer, isRepeat, one } = await shared.repeats.once(key, this.#told, async () => {
      this.#tell()
      return submit(parts, this.#sender, letter, envelope)
    })
    if (!answer.taken) return answer
    const taken: Submitted = isRepeat ? { ...answer, already: true } : answer
    if (!finish || (isRepeat && !one.isUnfinished && !finish.isEachTime)) return taken
    // Of two connections at once one does it.
    one.isUnfinished = false
    const isFinished = await finish.work()
    one.isUnfinished = !isFinished
    if (isFinished || !finish.isEachTime) return taken
    // It will be said again, on this connection, too.
    this.#told.delete(one)
    return { ...taken, isUnfinished: true }
  }

  /** A connection that sends is one that logged in to send: the engine hears of it as of one over SMTP. */
  #tell(): void {
    if (this.#isTold) return
    this.#isTold = true
    const { parts } = this.#given
    const { client, login, session } = this.#sender
    const { realm, address, port } = client
    parts.engine.report({
      kind: 'link-auth',
      at: parts.now(),
      session,
      listener: 'submission',
      who: { realm, address, port, login, sure: 'unknown' },
      ok: true,
      network: maskIp(address),
    })
  }
}

export const ENDS: Refusal = cannot('the connection ends; log in again')
