// A login that sends over the connection it reads with: what it hands in becomes a message once, whatever it repeats, and the engine hears of
// the login when it first sends.

import { maskIp } from '../model/ip.ts'
import type { GatewayParts } from './gateway.ts'
import type { LetterIn } from './letter-in.ts'
import { type GivenEnvelope, judgeSender, type Sender, submit } from './submission.ts'
import { cannot, type Refusal, type Submitted } from './submitted.ts'

export class LoginThatSends {
  readonly #given: Pick<GatewayParts, 'parts' | 'shared'>
  readonly #sender: Sender
  #isTold = false
  #unheard: (() => void)[] = []

  constructor(given: Pick<GatewayParts, 'parts' | 'shared'>, sender: Sender) {
    this.#given = given
    this.#sender = sender
  }

  /** The client spoke after our last answer had gone out: it knows what became of its messages. */
  heard(): void {
    for (const call of this.#unheard.splice(0)) call()
  }

  /** Whether it may send at all, before there is a message. */
  mayBegin(): Promise<Refusal | undefined> {
    this.#tell()
    return judgeSender(this.#given.parts, this.#sender)
  }

  /** `taken`: what is to be done once with a message that was taken, before the answer. */
  async send(
    letter: LetterIn,
    envelope: GivenEnvelope = {},
    taken: () => Promise<void> = async () => {},
  ): Promise<Submitted> {
    // On one connection answers come in order: what is said again here is meant.
    this.heard()
    const { shared, parts } = this.#given
    const { sender = '', recipients = [] } = envelope
    const key = JSON.stringify([this.#sender.login, letter.digest(), sender, recipients])
    const { answer, isRepeat, heard } = await shared.repeats.once(key, async () => {
      this.#tell()
      return submit(parts, this.#sender, letter, envelope)
    })
    if (!answer.taken) return answer
    this.#unheard.push(heard)
    if (isRepeat) return { ...answer, already: true }
    await taken()
    return answer
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
