// The notices in German.

import { MAX_HOLD_HOURS } from '../../model/decision.ts'
import { type NoticeFacts, type PacedFacts, QUIET_HOURS, type Words } from '../notice-words.ts'

const list = (seen: readonly string[]) => seen.map(line => `  - ${line}`).join('\n')
const reference = ({ caseCode, customer }: NoticeFacts) =>
  caseCode === undefined
    ? `${customer.includes('@') ? 'Ihr Mail-Konto' : 'Ihre Kundennummer'}: ${customer}`
    : `Ihr Fall: ${caseCode}`
const signed = (facts: NoticeFacts) => `${facts.provider}, ${reference(facts)}

Diese Nachricht enthält absichtlich keinen Link.${facts.passwordsAt === undefined ? ` Öffnen Sie ${facts.portal} so wie immer.` : ''}
`

/** Neben einem anderen Server gibt es vielleicht kein Portal: Der Kundendienst wird gefragt. */
const whenFixed = ({ portal, passwordsAt }: NoticeFacts) =>
  passwordsAt === undefined
    ? `  2. Öffnen Sie dann ${portal}, melden Sie sich mit Kundennummer und
     Portal-Passwort an und drücken Sie "Es ist behoben". Die Einschränkung endet sofort.`
    : `  2. Rufen Sie dann unseren Kundendienst an und nennen Sie den Fall unten: Die
     Einschränkung endet sofort.`

/** Wo ein anderer Server die Passwörter kennt, sagt uns niemand, dass eines neu ist. */
const newPassword = ({ portal, passwordsAt }: NoticeFacts) =>
  passwordsAt === undefined
    ? `  1. Öffnen Sie ${portal}, melden Sie sich mit Kundennummer und Portal-Passwort
     an und vergeben Sie ein neues Mail-Passwort. Senden geht dann sofort wieder.
  2. Tragen Sie das neue Passwort in Ihre Mailprogramme ein.`
    : `  1. Vergeben Sie ein neues Mail-Passwort in ${passwordsAt}.
  2. Tragen Sie das neue Passwort in Ihre Mailprogramme ein.
  3. Rufen Sie unseren Kundendienst an und nennen Sie den Fall unten: Senden geht dann
     sofort wieder.`

const kept = ({ portal, passwordsAt }: NoticeFacts) =>
  passwordsAt === undefined
    ? `Zurückgehaltene Nachrichten, die verdächtig aussehen, warten in ${portal} auf
Sie: Dort können Sie sie senden oder löschen. Was liegen bleibt, wird nach ${MAX_HOLD_HOURS} Stunden
gelöscht, und Sie erfahren es.`
    : 'Was aus zurückgehaltenen Nachrichten wurde, weiß unser Kundendienst: Rufen Sie bitte an.'

/** Where another server keeps the mail, its customers may have no portal. */
const decideThere = ({ portal, passwordsAt }: NoticeFacts) =>
  passwordsAt === undefined
    ? `  1. Öffnen Sie ${portal}, und senden oder löschen Sie dort jede Nachricht.`
    : `  1. Rufen Sie unseren Kundendienst an, und nennen Sie den Fall unten: er sendet oder
     löscht, was wartet.`

const count = (n: number) => (n === 1 ? 'eine Nachricht' : `${n} Nachrichten`)
const NOTHING: PacedFacts = { toNew: 0, toKnown: 0, judgedSpam: 0 }
const all = ({ toNew, toKnown, judgedSpam }: PacedFacts) => toNew + toKnown + judgedSpam
const pacedList = ({ toNew, toKnown, judgedSpam }: PacedFacts) =>
  list([
    ...(toNew > 0 ? [`${count(toNew)} an Menschen, denen Sie noch nie geschrieben haben`] : []),
    ...(judgedSpam > 0 ? [`${count(judgedSpam)}, die ein Filter für Spam hält`] : []),
    ...(toKnown > 0 ? [`${count(toKnown)} an Bekannte, mit den anderen verschickt`] : []),
  ])
/** Nicht, worauf wartet, was für Spam gehalten wird: Vielleicht liest es ein Dieb. */
const pacedEnd = ({ lastLeaves, judgedSpam }: PacedFacts) =>
  [
    ...(lastLeaves === undefined
      ? []
      : [`Das geht von selbst hinaus, das Letzte gegen ${lastLeaves}.`]),
    ...(judgedSpam > 0
      ? [
          'Was für Spam gehalten wird und nach fünf Tagen noch da ist, kommt in Ihr Postfach zurück.',
        ]
      : []),
  ].join(' ')

const isMine = ({ portal, passwordsAt }: NoticeFacts) =>
  passwordsAt === undefined
    ? `Soll es gleich hinaus, öffnen
     Sie ${portal} und drücken Sie "Das war ich", mit dem Code Ihres zweiten Faktors;
     oder rufen Sie unseren Kundendienst an.`
    : 'Soll es gleich hinaus, rufen Sie unseren Kundendienst an.'

const isNotMine = ({ portal, passwordsAt, login }: NoticeFacts) => {
  const check =
    login === undefined
      ? 'prüfen Sie jedes Gerät im Haushalt mit einem aktuellen Virenscanner, und '
      : 'und '
  return passwordsAt === undefined
    ? `drücken Sie in ${portal} "Das war ich nicht", löschen Sie dort,
     was wartet, ${check}ändern Sie Ihr Mail-Passwort.`
    : `rufen Sie unseren Kundendienst an, ${check}ändern Sie Ihr Mail-Passwort in
     ${passwordsAt}.`
}

export const GERMAN_LETTERS: Words = {
  isolated: facts => ({
    subject: `${facts.spam ? 'Ihr Anschluss verschickt Spam' : 'Ein Gerät an Ihrem Anschluss scheint befallen'} (Fall ${facts.caseCode})`,
    text: `Guten Tag,

ein Computer oder ein anderes Gerät an Ihrem Anschluss ${facts.spam ? 'verschickt' : 'verhält sich'} seit
${facts.since} ${facts.spam ? 'Spam' : 'so, wie es befallene Geräte tun'}. Wahrscheinlich ist es ohne Ihr Wissen von einem Virus befallen.

Was wir gesehen haben:
${list(facts.seen)}

Was wir getan haben: ${facts.hereOnly ? 'Auf unserem Mailserver werden Nachrichten, die für einen Befall sprechen,' : 'Das direkte Senden an fremde Mailserver (Port 25) ist an Ihrem Anschluss geschlossen, und Nachrichten, die für einen Befall sprechen, werden'}
zurückgehalten; gewöhnliche an Menschen, denen Sie noch nie geschrieben haben, können
darunter sein, und alle, solange Sie ungewöhnlich viele senden. Andere Post an Bekannte,
das Lesen von Mails und das Surfen gehen weiter.

Was Sie tun können:
  1. Prüfen Sie jedes Gerät im Haushalt mit einem aktuellen Virenscanner.
${whenFixed(facts)}

Wird ${QUIET_HOURS} Stunden lang nichts mehr gesehen, ${facts.hereOnly ? 'endet das' : 'öffnet sich alles'} von selbst.

${signed(facts)}`,
  }),
  'login-stopped': facts => ({
    subject: `Jemand anderes benutzt Ihr Mail-Passwort (Fall ${facts.caseCode})`,
    text: `Guten Tag,

seit ${facts.since} ${facts.spam ? 'verschickt jemand Spam mit dem' : 'benutzt jemand das'} Mailkonto ${facts.login ?? ''},
von einem Ort, an dem Sie nicht sind.

Was wir gesehen haben:
${list(facts.seen)}

Was wir getan haben: Das Senden mit diesem Konto ist angehalten. Lesen können Sie
weiterhin. Ihr Anschluss ist nicht betroffen.

Was Sie tun können:
${newPassword(facts)}

${signed(facts)}`,
  }),
  'site-warned': facts => ({
    subject: `Ein Gerät in Ihrem Netz ${facts.spam ? 'verschickt Spam' : 'scheint befallen'} (Fall ${facts.caseCode})`,
    text: `Guten Tag,

seit ${facts.since} ${facts.spam ? 'verschickt ein Gerät in Ihrem Netz Spam' : 'verhält sich ein Gerät in Ihrem Netz so, wie es befallene tun'}. Weil viele Menschen Ihren
Anschluss teilen, haben wir nichts geschlossen; verdächtige Nachrichten werden
zurückgehalten.

Was wir gesehen haben:
${list(facts.seen)}

Bitte finden und säubern Sie das Gerät. Der Kundendienst hilft Ihnen mit Einzelheiten.

${signed(facts)}`,
  }),
  imposed: facts => ({
    subject: `${facts.hereOnly ? 'Post von Ihrem Anschluss wird zurückgehalten' : 'Direktes Senden ist an Ihrem Anschluss geschlossen'} (Fall ${facts.caseCode})`,
    text: `Guten Tag,

unser Kundendienst hat ${facts.hereOnly ? 'eingeschränkt, was unser Mailserver von Ihrem Anschluss annimmt.' : 'an Ihrem Anschluss das direkte Senden an fremde Mailserver (Port 25) geschlossen.'}
Nachrichten, die zu dem gehören können, was er gesehen hat, werden zurückgehalten;
gewöhnliche an Menschen, denen Sie noch nie geschrieben haben, können darunter sein, und
alle, solange Sie ungewöhnlich viele senden. Andere Post an Bekannte, das Lesen von Mails
und das Surfen gehen weiter.

Was Sie tun können:
  1. Rufen Sie unseren Kundendienst an und nennen Sie den Fall unten: Er sagt Ihnen, was
     er gesehen hat und was zu beheben ist.
${whenFixed(facts)}

Von selbst ${facts.hereOnly ? 'endet das' : 'öffnet es sich'} am ${facts.until ?? ''}.

${signed(facts)}`,
  }),
  'imposed-login': facts => ({
    subject: `Das Senden mit Ihrem Mailkonto ist angehalten (Fall ${facts.caseCode})`,
    text: `Guten Tag,

unser Kundendienst hat das Senden mit dem Mailkonto ${facts.login ?? ''} angehalten, weil
es offenbar jemand anderes benutzt. Lesen können Sie weiterhin. Ihr Anschluss ist nicht
betroffen.

Was Sie tun können:
${newPassword(facts)}

Sonst endet es von selbst am ${facts.until ?? ''}.

${signed(facts)}`,
  }),
  suspended: facts => ({
    subject: `Das Senden ist an Ihrem Anschluss gesperrt (Fall ${facts.caseCode})`,
    text: `Guten Tag,

unser Kundendienst hat das Senden von Ihrem Anschluss bis ${facts.until ?? ''} gesperrt. Nur
er kann das aufheben: Bitte rufen Sie an und nennen Sie den Fall, der unten steht. Das
Lesen von Mails und das Surfen gehen weiter${facts.passwordsAt === undefined ? `, und ${facts.portal} erreichen Sie wie immer` : ''}.

${signed(facts)}`,
  }),
  released: facts => ({
    subject: `Die Einschränkung ist aufgehoben (Fall ${facts.caseCode})`,
    text: `Guten Tag,

danke: Die Einschränkung ist aufgehoben. Mail, die noch ungewöhnlich aussieht, wartet
vielleicht weiter, bis sie an der Reihe ist. Zwei Wochen lang sehen wir etwas genauer
hin; kommt die Störung wieder, bemerken wir sie früher.

${kept(facts)}

${signed(facts)}`,
  }),
  'over-limit': facts => ({
    subject: 'Ein Teil Ihrer Mail wartet',
    text: `Guten Tag,

Sie haben mehr Mail verschickt, als auf einmal gesendet wird; ein Teil davon wartet und
wird dann von selbst gesendet${facts.passwordsAt === undefined ? `, wann, steht in ${facts.portal}` : ''}. Waren Sie das nicht, ändern
Sie bitte Ihr Mail-Passwort in ${facts.passwordsAt ?? facts.portal}.

Was wir gesehen haben:
${list(facts.seen)}

Eine einzelne Nachricht an sehr viele wartet länger: so lange, wie die Grenze für so viele
braucht. Sind das mehr als ${MAX_HOLD_HOURS} Stunden, wird sie dann gelöscht, und Sie erfahren es.
${facts.passwordsAt === undefined ? 'Im Portal können Sie sie vorher senden.' : 'Vorher senden kann sie unser Kundendienst.'}

${signed(facts)}`,
  }),
  'mail-waits': facts => ({
    subject: `Ein Teil Ihrer Mail wartet auf Sie (Fall ${facts.caseCode})`,
    text: `Guten Tag,

seit ${facts.since} ist über ${facts.login === undefined ? 'Ihren Anschluss' : `das Mail-Konto ${facts.login}`} Mail verschickt worden, wie es
befallene Geräte und gestohlene Passwörter tun. Vielleicht ist alles von Ihnen: gelesen
hat es niemand. Bis jemand das sagt, wartet es.

Was wir gesehen haben:
${list(facts.seen)}

Was Sie tun können:
${decideThere(facts)}
  2. Waren Sie das nicht, ${facts.login === undefined ? 'prüfen Sie jedes Gerät mit einem aktuellen Virenscanner' : `ändern Sie Ihr Mail-Passwort in ${facts.passwordsAt ?? facts.portal}`}.

Was liegen bleibt, wird nach ${MAX_HOLD_HOURS} Stunden gelöscht, und Sie erfahren es.

${signed(facts)}`,
  }),
  'was-it-you': ({ paced = NOTHING, ...facts }) => ({
    subject: `${all(paced) === 1 ? 'Eine Nachricht von Ihnen wartet' : `${all(paced)} Ihrer Nachrichten warten`}: Waren Sie das?`,
    text: `Guten Tag,

seit ${facts.since} ist über ${facts.login === undefined ? 'Ihren Anschluss oder Ihre Mail-Konten' : `das Mail-Konto ${facts.login}`} mehr Mail
verschickt worden, als auf einmal hinausgeht. Es wartet:
${pacedList(paced)}

${pacedEnd(paced)}

Was Sie tun können:
  1. Waren Sie das, ${paced.judgedSpam > 0 ? 'sagen Sie es: ein Teil kommt sonst vielleicht zurück' : 'brauchen Sie nichts zu tun'}. ${isMine(facts)}
  2. Waren Sie das nicht, ${isNotMine(facts)}

Eine Antwort auf diesen Brief ändert nichts: Schreiben könnte sie, wer Ihre Mail liest.

${signed(facts)}`,
  }),
  'opt-out-code': facts => ({
    subject: `Port 25: bitte bestätigen (${facts.caseCode})`,
    text: `Guten Tag,

jemand, der Ihr Portal-Passwort kennt, möchte Port 25 Ihres Anschlusses öffnen:
${list(facts.seen)}

Waren Sie das, geben Sie innerhalb eines Tages diesen Code in ${facts.portal} ein, von
Ihrem eigenen Anschluss aus:

    ${facts.proof ?? ''}

Waren Sie es nicht, tun Sie nichts, und ändern Sie Ihr Portal-Passwort.

${signed(facts)}`,
  }),
  'opt-out-open': facts => ({
    subject: `Port 25 Ihres Anschlusses ist offen (${facts.caseCode})`,
    text: `Guten Tag,

Port 25 Ihres Anschlusses ist jetzt offen:
${list(facts.seen)}

Bitte bestätigen Sie das vor dem ${facts.until ?? ''} noch einmal. Verschickt ein Gerät an Ihrem
Anschluss Spam, wird er sofort geschlossen. Sie können ihn in ${facts.portal} selbst
schließen.

${signed(facts)}`,
  }),
  'opt-out-ended': facts => ({
    subject: `Port 25 Ihres Anschlusses ist geschlossen (${facts.caseCode})`,
    text: `Guten Tag,

Port 25 Ihres Anschlusses ist wieder geschlossen:
${list(facts.seen)}

Mailprogramme brauchen Port 587 ihres Mailanbieters, und der ist offen wie immer. In
${facts.portal} können Sie Port 25 wieder beantragen.

${signed(facts)}`,
  }),
  'opt-out-reminder': facts => ({
    subject: `Port 25: brauchen Sie ihn noch? (${facts.caseCode})`,
    text: `Guten Tag,

Port 25 Ihres Anschlusses ist seit einem Jahr offen:
${list(facts.seen)}

Brauchen Sie ihn noch, bestätigen Sie das bitte in ${facts.portal} vor dem
${facts.until ?? ''}. Sonst tun Sie nichts: dann wird er geschlossen.

${signed(facts)}`,
  }),
  'port-25-closes': facts => ({
    subject: `Port 25 Ihres Anschlusses wird am ${facts.until ?? ''} geschlossen`,
    text: `Guten Tag,

ab dem ${facts.until ?? ''} können Anschlüsse wie Ihrer Mail nicht mehr direkt an fremde Server
schicken (Port 25). Viren tun das; Mailprogramme brauchen es nicht. Bei Ihnen haben wir
gesehen:
${list(facts.seen)}

Was zu tun ist, vor diesem Tag:
  1. Ein Mailprogramm: stellen Sie den Port des Postausgangsservers auf 587 (STARTTLS)
     oder 465 (TLS), mit Ihrem Mail-Passwort. Server und Passwort bleiben, wie sie sind.
  2. Ein eigener Mailserver, oder ein Server, der nur auf Port 25 hört: öffnen Sie
     ${facts.portal} und beantragen Sie dort Port 25. Für Sie bleibt er dann offen.

Mails lesen, Surfen und alles andere bleibt, wie es ist.

${signed(facts)}`,
  }),
}
