// Asks a directory (LDAP, RFC 4511) by binding as the person: the password is right when the directory says so. The name
// of the entry is either written by a template or found by a search.

import { Client, InvalidCredentialsError, NoSuchObjectError } from 'ldapts'
import { parseMailAddress } from '../../model/mail-address.ts'
import type { PasswordSource } from './ledger-credentials.ts'
import { wholeFileNow } from '../../wire/whole-file.ts'

export type LdapSettings = {
  /** `ldaps://…`, or `ldap://…` with STARTTLS. */
  readonly url: string
  /** With `ldap://`: STARTTLS before anything is said: `passwords.ldap.startTls`, true by default; a server without it is not used. */
  readonly startTls: boolean
  /** PEM file of what is trusted instead of the system's authorities: `passwords.ldap.certificate`, none by default. */
  readonly certificate?: string | undefined
  /** ms for an answer: `passwords.ldap.timeout`, 2s by default, 100ms to 10m. */
  readonly timeout: number
  /** The entry's name, with {login} and {user} in it. */
  readonly dn?: string | undefined
  readonly search?:
    | {
        readonly base: string
        /** With {login} and {user} in it: `passwords.ldap.search.filter`, (mail={login}) by default, 1 to 1000 characters. */
        readonly filter: string
        readonly bindDn?: string | undefined
        readonly password?: string | undefined
      }
    | undefined
}

export function passwordLdap(
  settings: LdapSettings,
  trouble: (error: unknown, about: string) => void,
): PasswordSource {
  const { url, startTls, certificate, timeout } = settings
  const tlsOptions = {
    minVersion: 'TLSv1.2' as const,
    ...(certificate === undefined ? {} : { ca: wholeFileNow(certificate).bytes }),
  }
  const connected = async () => {
    const secure = url.startsWith('ldaps:')
    const client = new Client({
      url,
      timeout,
      connectTimeout: timeout,
      ...(secure ? { tlsOptions } : {}),
    })
    if (startTls && !secure) await client.startTLS(tlsOptions)
    return client
  }

  return {
    check: async (login, password) => {
      // RFC 4513 §5.1.2: a bind without a password succeeds, as an anonymous one.
      if (password === '') return false
      let client: Client | undefined
      try {
        client = await connected()
        const entry = await entryOf(client, settings, login)
        if (entry === undefined) return undefined
        await client.bind(entry, password)
        return true
      } catch (error) {
        if (error instanceof InvalidCredentialsError) return false
        if (error instanceof NoSuchObjectError) return undefined
        trouble(error, 'asking the directory for a password')
        return 'busy'
      } finally {
        await client?.unbind().catch(() => undefined)
      }
    },
  }
}

async function entryOf(
  client: Client,
  { dn, search }: LdapSettings,
  login: string,
): Promise<string | undefined> {
  if (!search) return filled(dn ?? '', login, escapeDn)
  if (search.bindDn !== undefined) {
    // That our own login is refused says nothing about any other login.
    await client.bind(search.bindDn, search.password ?? '').catch((error: unknown) => {
      throw new Error(`binding as ${search.bindDn}: ${String(error)}`, { cause: error })
    })
  }
  const { searchEntries } = await client.search(search.base, {
    scope: 'sub',
    filter: filled(search.filter, login, escapeFilter),
    attributes: ['1.1'],
    sizeLimit: 2,
  })
  // Two entries for one login: which of them the password is of cannot be told.
  if (searchEntries.length > 1) throw new Error(`${searchEntries.length} entries for one login`)
  return searchEntries[0]?.dn
}

/** {login} is the whole address, {user} the part before the @. */
function filled(template: string, login: string, escape: (text: string) => string): string {
  const user = parseMailAddress(login)?.local ?? login
  return template
    .replaceAll('{login}', () => escape(login))
    .replaceAll('{user}', () => escape(user))
}

/** RFC 4514 §2.4. */
export const escapeDn = (text: string): string =>
  text
    .replaceAll(/[\\",+<>;=\0]/g, hex)
    .replace(/^[ #]/, hex)
    .replace(/ $/, hex)

/** RFC 4515 §3. */
export const escapeFilter = (text: string): string => text.replaceAll(/[\\*()\0]/g, hex)

const hex = (character: string) =>
  `\\${(character.codePointAt(0) as number).toString(16).padStart(2, '0')}`
