// A mail program: hands one message to a server and says what came of it.

import SMTPConnection from 'nodemailer/lib/smtp-connection'

export type Handing = {
  /** The loopback address of the machine it runs on: that is how the router knows the home. */
  readonly machine: string
  readonly port: number
  readonly user?: { readonly name: string; readonly password: string }
  readonly from: string
  readonly to: readonly string[]
  readonly message: Buffer
}

/** `login`: the password was not taken. `refused`: the mail was not. `unreachable`: no server answered. */
export type Handed =
  | { readonly outcome: 'taken'; readonly queueId: string }
  | { readonly outcome: 'login' | 'refused' | 'unreachable'; readonly text: string }

export async function hand(mail: Handing): Promise<Handed> {
  const connection = new SMTPConnection({
    host: '127.0.0.1',
    port: mail.port,
    localAddress: mail.machine,
    name: 'home.invalid',
    ignoreTLS: mail.user === undefined,
    requireTLS: mail.user !== undefined,
    // The certificate is the one Cordon made for itself a minute ago.
    tls: { rejectUnauthorized: false },
    connectionTimeout: 5000,
    greetingTimeout: 5000,
    socketTimeout: 15_000,
  })
  const broken = new Promise<never>((_, reject) => connection.on('error', reject))
  broken.catch(() => undefined)
  const until = <T>(work: Promise<T>) => Promise.race([work, broken])
  let stage: 'unreachable' | 'login' | 'refused' = 'unreachable'
  try {
    await until(
      new Promise<void>((resolve, reject) => connection.connect(e => (e ? reject(e) : resolve()))),
    )
    const { user } = mail
    if (user) {
      stage = 'login'
      const auth = { credentials: { user: user.name, pass: user.password } }
      await until(
        new Promise<void>((resolve, reject) =>
          connection.login(auth, e => (e ? reject(e) : resolve())),
        ),
      )
    }
    stage = 'refused'
    const response = await until(
      new Promise<string>((resolve, reject) =>
        connection.send({ from: mail.from, to: [...mail.to] }, mail.message, (e, info) =>
          e ? reject(e) : resolve(info.response),
        ),
      ),
    )
    return { outcome: 'taken', queueId: /Ok: queued as (\S+)/.exec(response)?.[1] ?? '' }
  } catch (error) {
    const reply = error as Error & { response?: string }
    // Without a reply nothing was refused: the line was cut.
    return {
      outcome: reply.response === undefined ? 'unreachable' : stage,
      text: reply.response ?? reply.message,
    }
  } finally {
    connection.quit()
    connection.close()
  }
}
