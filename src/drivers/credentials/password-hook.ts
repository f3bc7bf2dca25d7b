// Asks another service: POST {"login", "password"} as JSON; 200 says yes, 401 or 403 no, 404 that the login is
// unknown there. Anything else, or silence, means that it cannot be told just now: the client is told to come back.

import type { PasswordSource } from './ledger-credentials.ts'

export type HookSettings = {
  readonly url: string
  /** ms for an answer: `passwords.hook.timeout`, 2s by default, 100ms to 10m. */
  readonly timeout: number
}

export function passwordHook(
  settings: HookSettings,
  trouble: (error: unknown, about: string) => void,
): PasswordSource {
  return {
    check: async (login, password) => {
      try {
        const answer = await fetch(settings.url, {
          method: 'POST',
          headers: { 'Content-Type': 'application/json' },
          body: JSON.stringify({ login, password }),
          // A password goes where we were told to send it and nowhere else.
          redirect: 'error',
          signal: AbortSignal.timeout(settings.timeout),
        })
        await answer.body?.cancel()
        if (answer.status === 200) return true
        if (answer.status === 401 || answer.status === 403) return false
        if (answer.status === 404) return undefined
        throw new Error(`answered ${answer.status}`)
      } catch (error) {
        trouble(error, 'asking the password hook')
        return 'busy'
      }
    },
  }
}
