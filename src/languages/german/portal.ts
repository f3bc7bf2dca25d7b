// The portal in German.

import { MAX_HOLD_HOURS } from '../../model/decision.ts'
import type { PortalWords } from '../english/portal.ts'

const LEFT = `Was liegen bleibt, wird nach ${MAX_HOLD_HOURS} Stunden gelöscht, und Sie erfahren es.`
const AGAIN =
  'Jede wird zu der Zeit, die daneben steht, noch einmal geprüft und dann gesendet, wenn nichts mehr gesehen wurde.'
const left = (mine: boolean) => (mine ? LEFT : AGAIN)
const YOURS = 'Senden Sie, was Sie geschrieben haben, löschen Sie das andere.'

export const GERMAN_PORTAL: PortalWords = {
  title: 'Kundenportal',
  login: {
    customer: 'Kundennummer',
    password: 'Portal-Passwort',
    factor: 'Code Ihres zweiten Faktors, falls Sie einen haben',
    which: 'Das Portal-Passwort ist das aus Ihrem Vertrag, nicht das Ihrer Mail.',
    enter: 'Anmelden',
    leave: 'Abmelden',
    busy: 'Gerade melden sich sehr viele an. Bitte versuchen Sie es in einigen Sekunden noch einmal.',
    codes: 'Zu viele falsche Codes. Bitte warten Sie eine Viertelstunde.',
    wrong: 'Kundennummer, Portal-Passwort oder der Code Ihres zweiten Faktors stimmt nicht.',
    tooMany: minutes =>
      `Zu viele falsche Versuche von hier oder mit dieser Kundennummer. Bitte warten Sie ${minutes === 1 ? 'eine Minute' : `${minutes} Minuten`}, oder melden Sie sich von Ihrem eigenen Anschluss an.`,
  },
  home: {
    customer: id => `Kunde ${id}`,
    once: 'Das wird nur einmal gezeigt:',
    inOrder: 'Alles ist in Ordnung: Ihr Anschluss ist offen, und Ihre Mail geht hinaus.',
    mailWaits:
      'Ihr Anschluss ist offen. Einige Ihrer Nachrichten warten: Unten steht, warum und bis wann.',
    mailPassword: 'Mail-Passwort',
    newPassword: 'Neues Mail-Passwort',
    newPasswordFor: login => `Neues Mail-Passwort für ${login}`,
    change: 'Ändern',
    factor: 'Code Ihres zweiten Faktors',
    oldForm: 'Dieses Formular ist zu alt. Gehen Sie zurück und laden Sie die Seite neu.',
    notHere: 'Das kann diese Seite nicht.',
  },
  cases: {
    over: code => `Fall ${code}: vorbei`,
    overWords:
      'Die Einschränkung ist aufgehoben. Zwei Wochen lang sehen wir etwas genauer hin; welche Mail noch wartet, steht auf dieser Seite.',
    held: code => `Fall ${code}: ein Teil Ihrer Mail wartet`,
    heldWords:
      'Was wir gesehen haben, kann von einem Virus kommen oder nur ungewöhnlich sein. Nachrichten, die dazu gehören können, warten, bis eine halbe Stunde lang nichts mehr gesehen wurde; alle anderen gehen hinaus.',
    login: code => `Fall ${code}: jemand anderes benutzt Ihr Mail-Passwort`,
    loginWords:
      'Das Senden mit diesem Mailkonto ist angehalten. Vergeben Sie unten ein neues Mail-Passwort: Das beendet es sofort. Lesen können Sie inzwischen.',
    spam: code => `Fall ${code}: Ihr Anschluss verschickt Spam`,
    infected: code => `Fall ${code}: ein Gerät an Ihrem Anschluss scheint befallen`,
    infectedWords:
      'Ein Gerät in Ihrem Haushalt ist wahrscheinlich befallen. Verdächtige Nachrichten werden zurückgehalten, und das direkte Senden an fremde Mailserver kann geschlossen sein; alles andere geht weiter.',
    seen: 'Was wir gesehen haben:',
    check: 'Prüfen Sie jedes Gerät mit einem aktuellen Virenscanner. Dann:',
    fixed: 'Es ist behoben',
  },
  programs: {
    title: 'Passwörter für einzelne Programme',
    words:
      'Eines für jedes Gerät oder Programm: Es kann nur, was Sie erlauben, und geht das Gerät verloren, entfernen Sie nur dieses. Ein neues Mail-Passwort entfernt alle.',
    may: (login, send, read) =>
      `${login}, darf Mail ${[...(send ? ['senden'] : []), ...(read ? ['lesen'] : [])].join(' und ')}`,
    neverUsed: 'nie benutzt',
    lastUsed: day => `zuletzt benutzt ${day}`,
    remove: 'Entfernen',
    account: 'Mailkonto',
    purpose: 'Für',
    example: 'Drucker im Flur',
    maySend: 'darf Mail senden',
    mayRead: 'darf Mail lesen',
    make: 'Passwort erzeugen',
  },
  held: {
    turnTitle: (count, more) =>
      `Nachrichten, die warten, bis sie an der Reihe sind (${count}${more ? ', und dahinter noch mehr' : ''})`,
    title: (count, more) =>
      `Wartende Nachrichten (${count}${more ? ' oder mehr: senden oder löschen Sie diese, um die anderen zu sehen' : ''})`,
    turn: () =>
      'Sie haben mehr Mail an Menschen verschickt, denen Sie noch nie geschrieben haben, als auf einmal gesendet wird. Diese Nachrichten warten, bis sie an der Reihe sind: Jede wird von selbst etwa zu der Zeit gesendet, die daneben steht. Sie brauchen nichts zu tun, und Ihre andere Mail geht wie immer hinaus.',
    'turn-spam': () =>
      'Ein Filter hält diese Nachrichten für Spam, oder vieles, was Sie mit ihnen verschickt haben; darum werden nur wenige auf einmal gesendet. Löschen Sie die, die Sie nicht geschrieben haben. Was liegen bleibt, wird von selbst gesendet oder kommt in Ihr Postfach zurück: Es steht daneben.',
    limit: mine =>
      `Sie haben mehr Mail verschickt, als auf einmal gesendet wird. Mit diesen Nachrichten ist alles in Ordnung${mine ? `, aber solange Ihr Fall offen ist, warten sie auf Sie. ${YOURS}` : ': Sie brauchen nichts zu tun.'}`,
    spam: mine => `Diese Nachrichten wurden für Spam gehalten. ${YOURS} ${left(mine)}`,
    evidence: mine =>
      `Was wir gesehen haben, kann von einem Virus kommen, und diese Nachrichten können dazu gehören; eine gewöhnliche Nachricht an jemanden, dem Sie noch nie geschrieben haben, kann darunter sein. ${YOURS} ${left(mine)}`,
    staff: mine =>
      `Unser Kundendienst hat entschieden, dass Mail wartet, die von einem Virus kommen kann. ${YOURS} ${left(mine)}`,
    postmaster: () =>
      'Diese Nachrichten warten, bis unser Postmaster sie angesehen hat, und nicht länger als bis zu der Zeit, die daneben steht: Dann werden sie gesendet.',
    again: () =>
      'Diese Nachrichten werden zu der Zeit, die daneben steht, noch einmal geprüft und dann gesendet.',
    noSubject: '(kein Betreff)',
    to: recipients => `an ${recipients}`,
    send: 'Senden',
    delete: 'Löschen',
    sendAll: count => `Alle ${count} senden`,
    deleteAll: count => `Alle ${count} löschen`,
    sureDelete: 'Ja, alle: Sie lassen sich nicht zurückholen',
    code: 'Code',
    codeToSend: 'Code Ihres zweiten Faktors, um sie zu senden',
    returns: time =>
      `wird von selbst gesendet, sobald eine Weile nichts mehr von der Art kommt, oder kommt gegen ${time} zu Ihnen zurück`,
    leaves: time => `wird von selbst gegen ${time} gesendet`,
    latest: time => `wird spätestens um ${time} gesendet`,
    at: time => `wird von selbst um ${time} gesendet`,
    yours: 'wartet auf Sie',
    lookedAt: time => `wird um ${time} noch einmal geprüft`,
  },
  question: {
    title: 'Waren Sie das?',
    line: 'Ihren Anschluss',
    login: login => `das Mailkonto ${login}`,
    waits: told =>
      `Seit ${told.since} ${told.messages === 1 ? 'wartet eine Nachricht' : `warten ${told.messages}${told.more ? ' oder mehr' : ''} Nachrichten`}, verschickt über ${told.whose}, an ${told.recipients === 1 ? 'einen Empfänger' : `${told.recipients} Empfänger`}: ${told.domains}.`,
    at: (count, domain) => `${count} bei ${domain}`,
    others: count => `, und ${count} ${count === 1 ? 'andere Domain' : 'andere Domains'}`,
    leaves: time => `Das geht von selbst hinaus, das Letzte gegen ${time}.`,
    returns: time =>
      `Was ein Filter für Spam hält, geht hinaus, sobald eine Weile nichts mehr von der Art kommt, oder kommt in Ihr Postfach zurück, das Letzte gegen ${time}.`,
    noFactor: mayReturn =>
      `Waren Sie das, ${mayReturn ? 'sagen Sie es: ein Teil kommt sonst vielleicht zurück' : 'brauchen Sie nichts zu tun'}. Soll es gleich hinaus, richten Sie unten von Ihrem eigenen Anschluss aus einen zweiten Faktor ein und sagen Sie es dann hier; oder rufen Sie unseren Kundendienst an. Ein Dieb, der nur Ihr Passwort hat, kann es nicht für Sie sagen.`,
    wasMe: 'Das war ich',
    notMe: 'Das war ich nicht',
  },
  mailing: {
    title: 'Eine Sendung an viele Menschen',
    words:
      'Mail an viele Menschen, denen Sie noch nie geschrieben haben, wartet, bis sie an der Reihe ist, wenn Sie sie nicht ankündigen.',
    with: 'Gesendet mit',
    line: 'einem Programm an Ihrem eigenen Anschluss',
    login: login => `${login}, von anderswo`,
    people: 'An wie viele Menschen',
    hours: 'Innerhalb von wie vielen Stunden',
    announce: 'Ankündigen',
  },
  port25: {
    expert: 'Offen: Das gehört zu Ihrem Vertrag.',
    closed:
      'Geschlossen, wie für alle: Mailprogramme benutzen Port 587 oder 465, und die sind immer offen. Nur wer einen Mailserver betreibt oder den eines anderen Anbieters auf Port 25 benutzen muss, braucht ihn.',
    factorFirst: 'Um ihn zu öffnen, richten Sie unten zuerst einen zweiten Faktor ein.',
    ownServer: server => `Offen für Ihren Mailserver ${server}.`,
    reverseDns: ' Wir sind gebeten, seiner Adresse diesen Namen zu geben.',
    destinations: all => `Offen zu ${all}, und zu niemandem sonst.`,
    confirm: day =>
      `Bestätigen Sie das vor dem ${day}, sonst endet es. Verschickt ein Gerät von Ihnen Spam, endet es sofort.`,
    renew: 'Ich brauche ihn noch',
    close: 'Schließen',
    letter: code =>
      `Wir haben Ihnen einen Brief geschrieben (${code}). Geben Sie von Ihrem eigenen Anschluss aus den Code ein, der darin steht:`,
    letterCode: 'Code aus dem Brief',
    open: 'Port 25 öffnen',
    forget: 'Doch nicht',
    server: 'Ich betreibe einen Mailserver.',
    serverWords:
      'Wir prüfen, ob er Mail für Fremde weiterleitet, und geben seiner Adresse ihren Namen.',
    serverName: 'Sein voller Name',
    other: 'Ich benutze auf Port 25 den Server eines anderen Anbieters.',
    otherWords: most => `Bis zu ${most}, mit Namen oder Adresse, durch Leerzeichen getrennt.`,
    servers: 'Server',
    ask: 'Beantragen',
  },
  factor: {
    title: 'Zweiter Faktor',
    there:
      'Eingerichtet: Beim Anmelden fragen wir nach seinem Code. Geht er verloren, rufen Sie uns bitte an.',
    words:
      'Ein Programm auf Ihrem Telefon, das jede halbe Minute einen neuen Code zeigt (jedes für zeitbasierte Codes). Wer nur Ihr Passwort kennt, kann sich dann nicht anmelden.',
    show: 'Schlüssel anzeigen',
    first: 'Der erste Code, den es zeigt',
    setUp: 'Einrichten',
  },
  outcome: {
    done: 'Erledigt.',
    sent: done =>
      done === 1 ? 'Eine Nachricht ist unterwegs.' : `${done} Nachrichten sind unterwegs.`,
    deleted: done =>
      done === 1 ? 'Eine Nachricht ist gelöscht.' : `${done} Nachrichten sind gelöscht.`,
    turn: turn =>
      turn === 1
        ? 'Eine Nachricht wartet jetzt, bis sie an der Reihe ist, und wird dann von selbst gesendet.'
        : `${turn} Nachrichten warten jetzt, bis sie an der Reihe sind, und werden dann von selbst gesendet.`,
    gone: gone =>
      gone === 1
        ? 'Eine Nachricht war schon gesendet oder gelöscht.'
        : `${gone} Nachrichten waren schon gesendet oder gelöscht.`,
    left: left =>
      `Bei ${left === 1 ? 'einer' : left} ging es nicht: Sehen Sie unten nach, oder rufen Sie unseren Kundendienst an.`,
    refused:
      'Das ging nicht. Bitte prüfen Sie, was Sie eingegeben haben, oder rufen Sie unseren Kundendienst an.',
    key: 'Geben Sie diesen Schlüssel in Ihr Programm für Codes ein (zeitbasiert, sechs Ziffern), und tippen Sie den ersten Code ein, den es zeigt.',
    password: 'Das Mail-Passwort ist geändert. Tragen Sie es in Ihre Mailprogramme ein.',
    released:
      'Danke: Die Einschränkung ist aufgehoben. Welche Mail noch wartet, steht auf Ihrer Seite.',
  },
  why: {
    'no-factor':
      'Bitte richten Sie zuerst von Ihrem eigenen Anschluss aus einen zweiten Faktor ein: Wer nur Ihr Passwort kennt, darf das nicht für Sie tun.',
    'no-code': 'Bitte geben Sie den Code Ihres zweiten Faktors mit ein.',
    'wrong-code':
      'Der Code Ihres zweiten Faktors stimmt nicht oder wurde schon benutzt. Warten Sie auf den nächsten.',
    'codes-wait': 'Zu viele falsche Codes. Bitte warten Sie eine Viertelstunde.',
    'first-code':
      'Das ist nicht der Code, den Ihr Programm jetzt zeigen müsste. Prüfen Sie seine Uhr und versuchen Sie es noch einmal.',
    'has-factor':
      'Sie haben schon einen zweiten Faktor. Haben Sie ihn verloren, rufen Sie uns bitte an.',
    elsewhere:
      'Bitte tun Sie das von Ihrem eigenen Anschluss aus. Schalten Sie ein VPN oder Mobilfunk für diesen Schritt aus.',
    'no-login': 'Ein solches Mailkonto haben Sie nicht.',
    'enough-passwords':
      'Es gibt schon so viele Passwörter, wie es geben darf. Bitte entfernen Sie zuerst einige.',
    'not-held': 'Diese Nachricht wartet nicht mehr: Sie war schon gesendet oder gelöscht.',
    'not-now':
      'Das geht im Augenblick nicht. Bitte versuchen Sie es in einigen Minuten noch einmal.',
    'too-often':
      'Das wurde heute schon so oft gesagt, wie es zählt. Bitte rufen Sie unseren Kundendienst an.',
    'letter-code': 'Das ist nicht der Code aus unserem Brief. Sehen Sie im neuesten nach.',
    'ask-again': 'Es gibt nichts mehr zu bestätigen. Bitte fragen Sie neu an.',
    'no-contact':
      'Wir haben keine Mailadresse von Ihnen, an die wir schreiben können. Bitte rufen Sie uns an.',
    'server-name':
      'Der Name Ihres Servers führt nicht zu Ihrem Anschluss. Tragen Sie seine Adresse in Ihrer Domain ein, warten Sie, bis das bekannt ist, und bestätigen Sie noch einmal.',
    'server-open':
      'Ihr Server leitet Mail für Fremde weiter: Spammer finden das binnen Stunden. Lassen Sie ihn nur Mail für Ihre eigenen Domains annehmen, und bestätigen Sie noch einmal.',
    'server-silent':
      'Ihr Server hat abgebrochen, als wir ihn angesehen haben. Bitte bestätigen Sie noch einmal, wenn er antwortet.',
    'no-such-name': 'Einen Server dieses Namens gibt es nicht. Ist er richtig geschrieben?',
    infected:
      'Inzwischen hat ein Gerät an Ihrem Anschluss Spam verschickt. Bitte fragen Sie neu an, wenn eine Woche lang nichts mehr kam.',
  },
}
