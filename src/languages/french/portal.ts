// The portal in French.

import { MAX_HOLD_HOURS } from '../../model/decision.ts'
import type { PortalWords } from '../english/portal.ts'

const LEFT = `Ce que vous laissez est supprimé après ${MAX_HOLD_HOURS} heures, et vous en êtes informé.`
const AGAIN =
  'Chacun est revu à l’heure indiquée à côté, et envoyé alors si rien d’autre n’a été vu.'
const left = (mine: boolean) => (mine ? LEFT : AGAIN)
const YOURS = 'Envoyez ceux que vous avez écrits, supprimez les autres.'

export const FRENCH_PORTAL: PortalWords = {
  title: 'espace client',
  login: {
    customer: 'Numéro de client',
    password: 'Mot de passe client',
    factor: 'Code de votre second facteur, si vous en avez un',
    which: 'Le mot de passe client est celui de votre contrat, pas celui de votre messagerie.',
    enter: 'Se connecter',
    leave: 'Se déconnecter',
    busy: 'Beaucoup de personnes se connectent en ce moment. Réessayez dans quelques secondes.',
    codes: 'Trop de codes erronés. Attendez un quart d’heure.',
    wrong:
      'Le numéro de client, le mot de passe client ou le code de votre second facteur est erroné.',
    tooMany: minutes =>
      `Trop d’essais erronés d’ici ou avec ce numéro de client. Attendez ${minutes === 1 ? 'une minute' : `${minutes} minutes`}, ou connectez-vous depuis votre propre ligne.`,
  },
  home: {
    customer: id => `Client ${id}`,
    once: 'Ceci n’est affiché qu’une fois :',
    inOrder: 'Tout est en ordre : votre ligne est ouverte et votre courrier part.',
    mailWaits:
      'Votre ligne est ouverte. Certains de vos messages attendent : plus bas, pourquoi et jusqu’à quand.',
    mailPassword: 'Mot de passe de messagerie',
    newPassword: 'Nouveau mot de passe de messagerie',
    newPasswordFor: login => `Nouveau mot de passe de messagerie pour ${login}`,
    change: 'Changer',
    factor: 'Code de votre second facteur',
    oldForm: 'Ce formulaire est trop ancien. Revenez en arrière et rechargez la page.',
    notHere: 'Cette page ne peut pas le faire.',
  },
  cases: {
    over: code => `Dossier ${code} : terminé`,
    overWords:
      'La restriction est levée. Pendant deux semaines, nous regardons de plus près ; le courrier qui attend encore figure sur cette page.',
    held: code => `Dossier ${code} : une partie du courrier attend`,
    heldWords:
      'Ce que nous avons vu peut venir d’un virus, ou être seulement inhabituel. Les messages qui peuvent en faire partie attendent que rien d’autre n’ait été vu pendant une demi-heure ; tous les autres partent.',
    login: code => `Dossier ${code} : quelqu’un d’autre utilise votre mot de passe de messagerie`,
    loginWords:
      'L’envoi avec ce compte de messagerie est arrêté. Choisissez ci-dessous un nouveau mot de passe de messagerie : cela y met fin aussitôt. Vous pouvez lire votre courrier entre-temps.',
    spam: code => `Dossier ${code} : votre ligne envoie du spam`,
    infected: code => `Dossier ${code} : un appareil derrière votre ligne semble infecté`,
    infectedWords:
      'Un appareil de votre foyer est probablement infecté. Les messages suspects sont retenus, et l’envoi direct à d’autres serveurs de messagerie peut être fermé ; tout le reste continue.',
    seen: 'Ce que nous avons vu :',
    check: 'Vérifiez chaque appareil avec un antivirus à jour. Ensuite :',
    fixed: 'C’est réparé',
  },
  programs: {
    title: 'Mots de passe pour un seul logiciel',
    words:
      'Un pour chaque appareil ou logiciel : il ne peut faire que ce que vous permettez, et si l’appareil est perdu vous ne retirez que celui-là. Un nouveau mot de passe de messagerie les retire tous.',
    may: (login, send, read) =>
      `${login}, peut ${[...(send ? ['envoyer'] : []), ...(read ? ['lire'] : [])].join(' et ')} du courrier`,
    neverUsed: 'jamais utilisé',
    lastUsed: day => `utilisé le ${day}`,
    remove: 'Retirer',
    account: 'Compte de messagerie',
    purpose: 'Pour',
    example: 'Imprimante du couloir',
    maySend: 'peut envoyer du courrier',
    mayRead: 'peut lire le courrier',
    make: 'Créer un mot de passe',
  },
  held: {
    turnTitle: (count, more) =>
      `Messages qui attendent leur tour (${count}${more ? ', et d’autres derrière eux' : ''})`,
    title: (count, more) =>
      `Messages en attente (${count}${more ? ' ou plus : envoyez ou supprimez ceux-ci pour voir les autres' : ''})`,
    turn: () =>
      'Vous avez envoyé plus de courrier à des personnes à qui vous n’aviez jamais écrit qu’il n’en part en une fois. Ces messages attendent leur tour : chacun part de soi-même vers l’heure indiquée à côté. Vous n’avez rien à faire, et le reste de votre courrier part comme toujours.',
    'turn-spam': () =>
      'Un filtre prend ces messages pour du spam, ou une bonne partie de ce que vous avez envoyé avec eux ; seuls quelques-uns partent donc à la fois. Supprimez ceux que vous n’avez pas écrits. Ce que vous laissez part de soi-même, ou revient dans votre boîte : voyez à côté.',
    limit: mine =>
      `Vous avez envoyé plus de courrier qu’il n’en part en une fois. Ces messages n’ont rien d’anormal${mine ? `, mais tant que votre dossier est ouvert, ils vous attendent. ${YOURS}` : ' : vous n’avez rien à faire.'}`,
    spam: mine => `Ces messages ont été pris pour du spam. ${YOURS} ${left(mine)}`,
    evidence: mine =>
      `Ce que nous avons vu peut venir d’un virus, et ces messages peuvent en faire partie ; un message ordinaire à une personne à qui vous n’aviez jamais écrit peut s’y trouver. ${YOURS} ${left(mine)}`,
    staff: mine =>
      `Notre service client a décidé que le courrier qui peut venir d’un virus attend. ${YOURS} ${left(mine)}`,
    postmaster: () =>
      'Ces messages attendent que notre responsable de messagerie les ait vus, et au plus tard l’heure indiquée à côté : ils partent alors.',
    again: () => 'Ces messages sont revus à l’heure indiquée à côté, puis envoyés.',
    noSubject: '(sans objet)',
    to: recipients => `à ${recipients}`,
    send: 'Envoyer',
    delete: 'Supprimer',
    sendAll: count => `Envoyer les ${count}`,
    deleteAll: count => `Supprimer les ${count}`,
    sureDelete: 'Oui, tous : ils ne peuvent pas être récupérés',
    code: 'Code',
    codeToSend: 'Code de votre second facteur, pour l’envoyer',
    returns: time =>
      `part de soi-même quand rien d’autre de ce genre ne vient pendant un moment, ou vous revient vers ${time}`,
    leaves: time => `part de soi-même vers ${time}`,
    latest: time => `part à ${time} au plus tard`,
    at: time => `part de soi-même à ${time}`,
    yours: 'vous attend',
    lookedAt: time => `revu à ${time}`,
  },
  question: {
    title: 'Était-ce vous ?',
    line: 'votre ligne',
    login: login => `le compte de messagerie ${login}`,
    waits: told =>
      `Depuis ${told.since}, ${told.messages === 1 ? 'un message attend, envoyé' : `${told.messages}${told.more ? ' messages ou plus' : ' messages'} attendent, envoyés`} avec ${told.whose}, à ${told.recipients === 1 ? 'un destinataire' : `${told.recipients} destinataires`} : ${told.domains}.`,
    at: (count, domain) => `${count} chez ${domain}`,
    others: count => `, et ${count} ${count === 1 ? 'autre domaine' : 'autres domaines'}`,
    leaves: time => `Tout part de soi-même, le dernier vers ${time}.`,
    returns: time =>
      `Ce qu’un filtre prend pour du spam part quand rien d’autre de ce genre ne vient pendant un moment, ou revient dans votre boîte, le dernier vers ${time}.`,
    noFactor: mayReturn =>
      `Si c’était vous, ${mayReturn ? 'dites-le : sinon une partie peut vous revenir' : 'vous n’avez rien à faire'}. Pour que tout parte aussitôt, configurez plus bas un second facteur, depuis votre propre ligne, et dites-le ensuite ici ; ou appelez notre service client. Un voleur qui n’a que votre mot de passe ne peut pas le dire à votre place.`,
    wasMe: 'C’était moi',
    notMe: 'Ce n’était pas moi',
  },
  mailing: {
    title: 'Un envoi à de nombreuses personnes',
    words:
      'Le courrier à de nombreuses personnes à qui vous n’aviez jamais écrit attend son tour, sauf si vous l’annoncez.',
    with: 'Envoyé avec',
    line: 'un logiciel sur votre propre ligne',
    login: login => `${login}, depuis un autre endroit`,
    people: 'À combien de personnes',
    hours: 'En combien d’heures',
    announce: 'Annoncer',
  },
  port25: {
    expert: 'Ouvert : cela fait partie de votre contrat.',
    closed:
      'Fermé, comme pour tous : les logiciels de messagerie utilisent le port 587 ou 465, toujours ouverts. Seul qui exploite un serveur de messagerie, ou doit utiliser celui d’un autre fournisseur sur le port 25, en a besoin.',
    factorFirst: 'Pour l’ouvrir, configurez d’abord un second facteur plus bas.',
    ownServer: server => `Ouvert pour votre serveur de messagerie ${server}.`,
    reverseDns: ' On nous a demandé de donner ce nom à son adresse.',
    destinations: all => `Ouvert vers ${all}, et vers personne d’autre.`,
    confirm: day =>
      `Confirmez-le avant le ${day}, sinon cela prend fin. Si un de vos appareils envoie du spam, cela prend fin aussitôt.`,
    renew: 'J’en ai encore besoin',
    close: 'Fermer',
    letter: code =>
      `Nous vous avons écrit une lettre (${code}). Depuis votre propre ligne, saisissez le code qui s’y trouve :`,
    letterCode: 'Code de la lettre',
    open: 'Ouvrir le port 25',
    forget: 'Renoncer',
    server: 'J’exploite un serveur de messagerie.',
    serverWords:
      'Nous regardons s’il relaie du courrier pour des inconnus, et donnons son nom à son adresse.',
    serverName: 'Son nom complet',
    other: 'J’utilise le serveur d’un autre fournisseur sur le port 25.',
    otherWords: most => `Jusqu’à ${most}, par nom ou adresse, séparés par des espaces.`,
    servers: 'Serveurs',
    ask: 'Demander',
  },
  factor: {
    title: 'Second facteur',
    there:
      'Configuré : nous demandons son code quand vous vous connectez. Si vous le perdez, appelez-nous.',
    words:
      'Un logiciel sur votre téléphone qui montre un nouveau code toutes les trente secondes (tout logiciel de codes temporels). Qui ne connaît que votre mot de passe ne peut alors plus se connecter.',
    show: 'Afficher une clé',
    first: 'Premier code affiché',
    setUp: 'Configurer',
  },
  outcome: {
    done: 'C’est fait.',
    sent: done => (done === 1 ? 'Un message est parti.' : `${done} messages sont partis.`),
    deleted: done => (done === 1 ? 'Un message est supprimé.' : `${done} messages sont supprimés.`),
    turn: turn =>
      turn === 1
        ? 'Un message attend maintenant son tour et partira de lui-même.'
        : `${turn} messages attendent maintenant leur tour et partiront d’eux-mêmes.`,
    gone: gone =>
      gone === 1
        ? 'Un message était déjà parti ou supprimé.'
        : `${gone} messages étaient déjà partis ou supprimés.`,
    left: left =>
      `Pour ${left === 1 ? 'un message' : `${left} messages`}, cela n’a pas marché : voyez plus bas, ou appelez notre service client.`,
    refused:
      'Cela n’a pas marché. Vérifiez ce que vous avez saisi, ou appelez notre service client.',
    key: 'Saisissez cette clé dans votre logiciel de codes (temporels, six chiffres), puis le premier code affiché.',
    password:
      'Le mot de passe de messagerie est changé. Saisissez-le dans vos logiciels de messagerie.',
    released:
      'Merci : la restriction est levée. Le courrier qui attend encore figure sur votre page.',
  },
  why: {
    'no-factor':
      'Configurez d’abord un second facteur depuis votre propre ligne : quiconque connaît seulement votre mot de passe ne doit pas pouvoir le faire à votre place.',
    'no-code': 'Saisissez aussi le code de votre second facteur.',
    'wrong-code':
      'Le code de votre second facteur n’est pas le bon, ou a déjà servi. Attendez le suivant.',
    'codes-wait': 'Trop de codes erronés. Attendez un quart d’heure.',
    'first-code':
      'Ce n’est pas le code que votre logiciel devrait afficher maintenant. Vérifiez son horloge et réessayez.',
    'has-factor': 'Vous avez déjà un second facteur. Si vous l’avez perdu, appelez-nous.',
    elsewhere:
      'Faites-le depuis votre propre ligne. Désactivez un VPN ou le réseau mobile pour cette étape.',
    'no-login': 'Vous n’avez pas de compte de messagerie de ce nom.',
    'enough-passwords':
      'Il y a déjà autant de mots de passe qu’il peut y en avoir. Supprimez-en d’abord.',
    'not-held': 'Ce message n’attend plus : il était déjà parti ou supprimé.',
    'not-now': 'Ce n’est pas possible pour le moment. Réessayez dans quelques minutes.',
    'too-often':
      'Cela a déjà été dit aujourd’hui autant de fois que cela compte. Appelez notre service client.',
    'letter-code': 'Ce n’est pas le code de notre courrier. Regardez dans le plus récent.',
    'ask-again': 'Il n’y a plus rien à confirmer. Refaites une demande.',
    'no-contact': 'Nous n’avons pas d’adresse électronique à laquelle vous écrire. Appelez-nous.',
    'server-name':
      'Le nom de votre serveur ne mène pas à votre ligne. Inscrivez son adresse dans votre domaine, attendez qu’elle soit connue, puis confirmez de nouveau.',
    'server-open':
      'Votre serveur relaie le courrier d’inconnus : les spammeurs le découvrent en quelques heures. N’acceptez que le courrier de vos propres domaines, puis confirmez de nouveau.',
    'server-silent':
      'Votre serveur a rompu la connexion quand nous l’avons examiné. Confirmez de nouveau quand il répond.',
    'no-such-name': 'Il n’y a pas de serveur de ce nom. Est-il bien écrit ?',
    infected:
      'Entre-temps, un appareil de votre ligne a envoyé du spam. Refaites une demande après une semaine sans rien de tel.',
  },
}
