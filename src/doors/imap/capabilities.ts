// What the back end can do, as its client may hear it: without what a gateway cannot follow, or has done already, and with what Cordon
// adds. Pure.

/**
 * COMPRESS would hide the commands; the others are ways to put a message together or to replace one that a gateway does not read; what is
 * about logging in is over; UNAUTHENTICATE would log in another user unseen.
 */
const NOT_OFFERED =
  /^(?:COMPRESS=.*|CATENATE|URLAUTH.*|URL-PARTIAL|MULTIAPPEND|REPLACE|STARTTLS|LOGINDISABLED|AUTH=.*|SASL-IR|LOGIN-REFERRALS|UNAUTHENTICATE|X-MULTIPLEX.*|JMAPACCESS)$/i

/** Verbs of these, and others that may not come after the login; they are refused whatever the back end says. */
export const REFUSED_VERBS: ReadonlySet<string> = new Set([
  'COMPRESS',
  'STARTTLS',
  'AUTHENTICATE',
  'LOGIN',
  'UNAUTHENTICATE',
  'REPLACE',
  'UID REPLACE',
  'GENURLAUTH',
  'URLFETCH',
  'RESETKEY',
])

/** Trojita's SENDMAIL (draft-kundrat-imap-submit-00) and SUBMIT (-02); both name a message by its UID. */
const SENDING = ['X-DRAFT-I01-SENDMAIL', 'SUBMIT']

export function offered(capabilities: readonly string[], { sends }: { sends: boolean }): string[] {
  const kept = capabilities.filter(one => !NOT_OFFERED.test(one))
  return sends ? [...kept, ...SENDING.filter(one => !kept.includes(one))] : kept
}

/**
 * RFC 9051 §7: the response itself, and the response code directly behind a status. The same words anywhere else are other people's: the
 * subject of a letter, the name of a folder.
 */
const SAID = /^(\* CAPABILITY |[^ ]+ (?:OK|NO|BAD|PREAUTH|BYE) \[CAPABILITY )([^\]\r\n]*)/i

/** A line of the back end, edited if it says what it can do. */
export function editedLine(line: string, how: { sends: boolean }): string {
  return line.replace(
    SAID,
    (_, before: string, all: string) => `${before}${offered(words(all), how).join(' ')}`,
  )
}

/** What a line of the back end says it can do; undefined when it says nothing of it. */
export function capabilitiesIn(line: string): readonly string[] | undefined {
  const all = SAID.exec(line)?.[2]
  return all === undefined ? undefined : words(all)
}

const words = (text: string): string[] => text.split(' ').filter(word => word !== '')

/** Before the login nothing is asked of the back end, so these are ours. */
export const beforeLogin = (isSecure: boolean, tokens: readonly string[]): string =>
  `IMAP4rev1 LITERAL+ SASL-IR ID ENABLE ${isSecure ? ['PLAIN', ...tokens].map(one => `AUTH=${one}`).join(' ') : 'STARTTLS LOGINDISABLED'}`
