// German.

import type { Sentences } from '../sentences.ts'
import { GERMAN_LETTERS } from './letters.ts'
import { GERMAN_PORTAL } from './portal.ts'

export const GERMAN: Sentences = {
  name: 'Deutsch',
  locale: 'de-DE',
  names: { provider: 'Ihr Anbieter', portal: '„Kundenportal“' },
  letters: GERMAN_LETTERS,
  portal: GERMAN_PORTAL,
  seen: {
    evidence: {
      content: 'Nachrichten, die ein Filter für Spam hält',
      recipients: 'Nachrichten an Menschen, denen Sie noch nie geschrieben haben',
      results: 'Nachrichten an Adressen, die es nicht gibt',
      refusals: 'andere Mailserver haben Nachrichten als Spam abgelehnt',
      network: 'Verbindungen, wie befallene Geräte sie aufbauen',
      authentication: 'Anmeldungen aus Netzen, in denen Sie noch nie waren',
      volume: 'weit mehr Nachrichten als üblich',
      reports: 'Beschwerden von Empfängern',
      other: 'etwas Ungewöhnliches',
    },
    overLimit: 'mehr Nachrichten oder Empfänger, als auf einmal gesendet werden',
    optOut: {
      ownServer: name => `Ihr eigener Mailserver ${name} darf an alle senden`,
      destinations: all => `zu ${all}, und zu niemandem sonst`,
      ended: {
        owner: 'Sie haben darum gebeten',
        finding: 'ein Gerät an Ihrem Anschluss hat Spam verschickt',
        time: 'es wurde ein Jahr lang nicht bestätigt',
        staff: 'unser Kundendienst hat es beendet',
      },
    },
    port25: {
      advice: {
        'another-server':
          'ein Mailprogramm von Ihnen benutzt Port 25 eines anderen Anbieters: Stellen Sie dort Port 587 ein, mit Ihrem Passwort',
        'own-server':
          'es sieht so aus, als betrieben Sie einen Mailserver: Beantragen Sie Port 25 vor diesem Tag im Portal',
        'looks-infected':
          'so viele Server auf einmal sind meist das Werk eines Virus: Bitte prüfen Sie Ihre Geräte',
      },
      server: address => `gesehen: ${address}`,
      others: 'und andere',
    },
  },
  page: {
    heading: {
      spam: 'Ihr Anschluss ist eingeschränkt: Ein Gerät verschickt Spam',
      infected: 'Ihr Anschluss ist eingeschränkt: Ein Gerät scheint befallen',
      imposed: 'Unser Kundendienst hat Ihren Anschluss eingeschränkt',
      suspended: 'Das Senden ist an Ihrem Anschluss gesperrt',
      open: 'Ihr Anschluss ist nicht eingeschränkt',
      unknown: 'Ist Ihr Anschluss eingeschränkt?',
    },
    why: {
      evidence:
        'Ein Computer oder ein anderes Gerät an Ihrem Anschluss ist wahrscheinlich ohne Ihr Wissen von einem Virus befallen.',
      imposed:
        'Unser Kundendienst hat das entschieden. Bitte rufen Sie an: Er sagt Ihnen, was er gesehen hat.',
      suspended:
        'Unser Kundendienst hat das entschieden, und nur er kann es aufheben. Bitte rufen Sie an.',
      open: 'Alles ist offen. Wurden Sie auf diese Seite geleitet, laden Sie die gewünschte Seite noch einmal.',
      unknown:
        'Diese Seite erkennt nicht, von welchem Anschluss Sie kommen. In Briefen von uns steht ein Fall: Mit ihm hilft Ihnen unser Kundendienst.',
    },
    seen: 'Was wir gesehen haben',
    since: 'Seit',
    until: 'Endet von selbst spätestens',
    caseCode: 'Ihr Fall',
    phone: 'Telefon',
    stopped: 'Was angehalten ist',
    stops: {
      isolate:
        'Das direkte Senden an fremde Mailserver (Port 25) ist geschlossen, verdächtige Nachrichten werden zurückgehalten, und unverschlüsselte Seiten (http) führen hierher. Das Lesen von Mails und verschlüsselte Seiten (https) gehen weiter.',
      suspend:
        'Das Senden von Mail von Ihrem Anschluss ist angehalten. Das Lesen von Mails und verschlüsselte Seiten (https) gehen weiter.',
    },
    todo: 'Was zu tun ist',
    check: 'Prüfen Sie jedes Gerät im Haushalt mit einem aktuellen Virenscanner.',
    release: portal =>
      `Öffnen Sie dann ${portal}, melden Sie sich mit Kundennummer und Portal-Passwort an und drücken Sie „Es ist behoben“. Die Einschränkung endet sofort.`,
    openPortal: 'Anmelden',
    call: 'Brauchen Sie Hilfe, rufen Sie unseren Kundendienst an und nennen Sie Ihren Fall.',
    quiet: hours => `Wird ${hours} Stunden lang nichts mehr gesehen, öffnet sich alles von selbst.`,
  },
  setup: {
    heading: 'Mailprogramm einrichten',
    address: 'Ihre Mailadresse',
    show: 'Einstellungen zeigen',
    notOurs: 'Das ist keine Adresse von uns. Bitte sehen Sie nach, ob sie richtig geschrieben ist.',
    itself:
      'Die meisten Programme finden das alles selbst: Ihre Mailadresse und Ihr Passwort genügen.',
    servers: 'Wenn Ihr Programm fragt',
    read: 'Eingehende Post',
    send: 'Ausgehende Post',
    server: 'Server',
    port: 'Port',
    security: 'Sicherheit der Verbindung',
    login: 'Benutzername, für beide derselbe',
    password: 'Passwort, für beide dasselbe',
    yourPassword: 'das Ihres Postfachs',
    apple: 'iPhone, iPad und Mac',
    profile:
      'Ein Profil richtet die App Mail ein. Es enthält kein Passwort: Ihr Gerät fragt danach, wenn Sie es installieren.',
    install: 'Profil laden',
    signed: 'Das Profil ist von uns signiert: Ihr Gerät zeigt unseren Namen.',
    unsigned: 'Das Profil ist nicht signiert: Ihr Gerät sagt das vor der Installation.',
    phone: 'Auf dem Handy',
    scan: 'Richten Sie die Kamera Ihres Handys auf diesen Code, dann öffnet sich diese Seite dort.',
    code: 'Code für die Kamera, mit der Adresse dieser Seite',
  },
}
