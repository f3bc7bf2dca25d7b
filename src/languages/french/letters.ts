// The notices in French.

import { MAX_HOLD_HOURS } from '../../model/decision.ts'
import { type NoticeFacts, type PacedFacts, QUIET_HOURS, type Words } from '../notice-words.ts'

const list = (seen: readonly string[]) => seen.map(line => `  - ${line}`).join('\n')
const reference = ({ caseCode, customer }: NoticeFacts) =>
  caseCode === undefined
    ? `votre ${customer.includes('@') ? 'compte de messagerie' : 'numéro de client'} : ${customer}`
    : `votre dossier : ${caseCode}`
const signed = (facts: NoticeFacts) => `${facts.provider}, ${reference(facts)}

Ce message ne contient volontairement aucun lien.${facts.passwordsAt === undefined ? ` Ouvrez ${facts.portal} comme d’habitude.` : ''}
`

/** Beside another server there may be no portal: the service desk is asked. */
const whenFixed = ({ portal, passwordsAt }: NoticeFacts, begin: string) =>
  passwordsAt === undefined
    ? `  2. ${begin} ouvrez ${portal}, connectez-vous avec votre numéro de client et votre
     mot de passe client, puis choisissez « C’est réparé ». La restriction prend fin
     aussitôt.`
    : `  2. ${begin} appelez notre service client en indiquant le dossier ci-dessous : la
     restriction prend fin aussitôt.`

/** Where another server knows the passwords, Cordon does not learn that one is new. */
const newPassword = ({ portal, passwordsAt }: NoticeFacts) =>
  passwordsAt === undefined
    ? `  1. Ouvrez ${portal}, connectez-vous avec votre numéro de client et votre mot de
     passe client, et choisissez un nouveau mot de passe de messagerie. L’envoi reprend
     aussitôt.
  2. Saisissez ce nouveau mot de passe dans vos logiciels de messagerie.`
    : `  1. Choisissez un nouveau mot de passe de messagerie dans ${passwordsAt}.
  2. Saisissez ce nouveau mot de passe dans vos logiciels de messagerie.
  3. Appelez notre service client en indiquant le dossier ci-dessous : l’envoi reprend
     alors aussitôt.`

const kept = ({ portal, passwordsAt }: NoticeFacts) =>
  passwordsAt === undefined
    ? `Les messages retenus qui paraissent suspects vous attendent dans ${portal} : vous
pouvez les y envoyer ou les supprimer. Ceux que vous laissez sont supprimés après
${MAX_HOLD_HOURS} heures, et vous en êtes informé.`
    : 'Notre service client sait ce que sont devenus les messages retenus : appelez-le.'

/** Where another server keeps the mail, its customers may have no portal. */
const decideThere = ({ portal, passwordsAt }: NoticeFacts) =>
  passwordsAt === undefined
    ? `  1. Ouvrez ${portal}, et envoyez ou supprimez-y chaque message.`
    : `  1. Appelez notre service client en indiquant le dossier ci-dessous : il envoie ou
     supprime ce qui attend.`

const count = (n: number) => (n === 1 ? 'un message' : `${n} messages`)
const NOTHING: PacedFacts = { toNew: 0, toKnown: 0, judgedSpam: 0 }
const all = ({ toNew, toKnown, judgedSpam }: PacedFacts) => toNew + toKnown + judgedSpam
const pacedList = ({ toNew, toKnown, judgedSpam }: PacedFacts) =>
  list([
    ...(toNew > 0 ? [`${count(toNew)} à des personnes à qui vous n’aviez jamais écrit`] : []),
    ...(judgedSpam > 0 ? [`${count(judgedSpam)} qu’un filtre prend pour du spam`] : []),
    ...(toKnown > 0 ? [`${count(toKnown)} à des personnes connues, avec les autres`] : []),
  ])
/** Not what mail that is taken for spam waits for: a thief may read this. */
const pacedEnd = ({ lastLeaves, judgedSpam }: PacedFacts) =>
  [
    ...(lastLeaves === undefined
      ? []
      : [`Ils partent d’eux-mêmes, le dernier vers ${lastLeaves}.`]),
    ...(judgedSpam > 0
      ? [
          'Ce qui est pris pour du spam et n’est pas parti après cinq jours revient dans votre boîte.',
        ]
      : []),
  ].join(' ')

const isMine = ({ portal, passwordsAt }: NoticeFacts) =>
  passwordsAt === undefined
    ? `Pour que tout parte aussitôt, ouvrez
     ${portal} et choisissez « C’était moi », avec le code de votre second facteur ; ou
     appelez notre service client.`
    : 'Pour que tout parte aussitôt, appelez notre service client.'

const isNotMine = ({ portal, passwordsAt, login }: NoticeFacts) => {
  const check =
    login === undefined
      ? 'vérifiez chaque appareil de votre foyer avec un antivirus à jour, et '
      : 'et '
  return passwordsAt === undefined
    ? `choisissez « Ce n’était pas moi » dans ${portal}, supprimez-y ce qui
     attend, ${check}changez votre mot de passe de messagerie.`
    : `appelez notre service client, ${check}changez votre mot de passe de
     messagerie dans ${passwordsAt}.`
}

export const FRENCH_LETTERS: Words = {
  isolated: facts => ({
    subject: `${facts.spam ? 'Votre ligne envoie du spam' : 'Un appareil derrière votre ligne semble infecté'} (dossier ${facts.caseCode})`,
    text: `Bonjour,

un ordinateur ou un autre appareil derrière votre ligne ${facts.spam ? 'envoie du spam' : 'se comporte comme un appareil infecté'} depuis
${facts.since}. Il est probablement infecté par un virus, à votre insu.

Ce que nous avons vu :
${list(facts.seen)}

Ce que nous avons fait : ${facts.hereOnly ? 'sur notre serveur de messagerie,' : 'l’envoi direct à d’autres serveurs de messagerie (port 25) est fermé sur votre ligne, et'}
les messages qui font penser à une infection sont retenus ; des messages ordinaires à des
personnes à qui vous n’aviez jamais écrit peuvent en faire partie, et tous tant que vous
en envoyez un nombre inhabituel. Le reste du courrier aux personnes connues, la lecture
du courrier et la navigation continuent.

Ce que vous pouvez faire :
  1. Vérifiez chaque appareil de votre foyer avec un antivirus à jour.
${whenFixed(facts, 'Ensuite,')}

Si rien d’autre n’est vu pendant ${QUIET_HOURS} heures, ${facts.hereOnly ? 'cela prend fin' : 'tout se rouvre'} de soi-même.

${signed(facts)}`,
  }),
  'login-stopped': facts => ({
    subject: `Quelqu’un d’autre utilise votre mot de passe de messagerie (dossier ${facts.caseCode})`,
    text: `Bonjour,

depuis ${facts.since}, quelqu’un ${facts.spam ? 'envoie du spam avec' : 'utilise'} le compte de messagerie ${facts.login ?? ''}
depuis un endroit où vous n’êtes pas.

Ce que nous avons vu :
${list(facts.seen)}

Ce que nous avons fait : l’envoi avec ce compte est arrêté. Vous pouvez toujours lire
votre courrier. Votre ligne n’est pas concernée.

Ce que vous pouvez faire :
${newPassword(facts)}

${signed(facts)}`,
  }),
  'site-warned': facts => ({
    subject: `Un appareil de votre réseau ${facts.spam ? 'envoie du spam' : 'semble infecté'} (dossier ${facts.caseCode})`,
    text: `Bonjour,

depuis ${facts.since}, un appareil de votre réseau ${facts.spam ? 'envoie du spam' : 'se comporte comme un appareil infecté'}. Comme de
nombreuses personnes partagent votre ligne, nous n’avons rien fermé ; les messages
suspects sont retenus.

Ce que nous avons vu :
${list(facts.seen)}

Merci de trouver cet appareil et de le nettoyer. Le service client vous aidera pour les
détails.

${signed(facts)}`,
  }),
  imposed: facts => ({
    subject: `${facts.hereOnly ? 'Le courrier de votre ligne est retenu' : 'L’envoi direct est fermé sur votre ligne'} (dossier ${facts.caseCode})`,
    text: `Bonjour,

notre service client a ${facts.hereOnly ? 'restreint ce que notre serveur de messagerie accepte de votre ligne' : 'fermé l’envoi direct à d’autres serveurs de messagerie (port 25) sur votre ligne'}.
Les messages qui peuvent faire partie de ce qu’il a vu sont retenus ; des messages
ordinaires à des personnes à qui vous n’aviez jamais écrit peuvent en faire partie, et
tous tant que vous en envoyez un nombre inhabituel. Le reste du courrier aux personnes
connues, la lecture du courrier et la navigation continuent.

Ce que vous pouvez faire :
  1. Appelez notre service client en indiquant le dossier ci-dessous : il vous dit ce
     qu’il a vu et ce qui est à corriger.
${whenFixed(facts, 'Une fois corrigé,')}

${facts.hereOnly ? 'Cela prend fin de soi-même' : 'Tout se rouvre de soi-même'} le ${facts.until ?? ''}.

${signed(facts)}`,
  }),
  'imposed-login': facts => ({
    subject: `L’envoi avec votre compte de messagerie est arrêté (dossier ${facts.caseCode})`,
    text: `Bonjour,

notre service client a arrêté l’envoi avec le compte de messagerie ${facts.login ?? ''}, car
quelqu’un d’autre semble l’utiliser. Vous pouvez toujours lire votre courrier, et votre
ligne n’est pas concernée.

Ce que vous pouvez faire :
${newPassword(facts)}

Sinon, cela prend fin de soi-même le ${facts.until ?? ''}.

${signed(facts)}`,
  }),
  suspended: facts => ({
    subject: `L’envoi est suspendu sur votre ligne (dossier ${facts.caseCode})`,
    text: `Bonjour,

notre service client a suspendu l’envoi depuis votre ligne jusqu’au ${facts.until ?? ''}. Lui
seul peut le rétablir : appelez-le en indiquant le dossier ci-dessous. La lecture du
courrier et la navigation continuent${facts.passwordsAt === undefined ? `, et vous accédez à ${facts.portal} comme d’habitude` : ''}.

${signed(facts)}`,
  }),
  released: facts => ({
    subject: `La restriction est levée (dossier ${facts.caseCode})`,
    text: `Bonjour,

merci : la restriction est levée. Le courrier qui paraît encore inhabituel attend
peut-être son tour. Pendant deux semaines, nous regardons de plus près ; si le
problème revient, nous le verrons plus tôt.

${kept(facts)}

${signed(facts)}`,
  }),
  'over-limit': facts => ({
    subject: 'Une partie de votre courrier attend',
    text: `Bonjour,

vous avez envoyé plus de courrier qu’il n’en part en une fois ; une partie attend donc et
part ensuite d’elle-même${facts.passwordsAt === undefined ? ` ; ${facts.portal} indique quand` : ''}. Si ce n’était pas vous, changez votre mot
de passe de messagerie dans ${facts.passwordsAt ?? facts.portal}.

Ce que nous avons vu :
${list(facts.seen)}

Un message à de très nombreuses personnes attend plus longtemps : aussi longtemps que la
limite le demande pour un tel nombre. Au-delà de ${MAX_HOLD_HOURS} heures, il est supprimé, et vous
en êtes informé.
${facts.passwordsAt === undefined ? `Vous pouvez l’envoyer avant, dans ${facts.portal}.` : 'Notre service client peut l’envoyer avant.'}

${signed(facts)}`,
  }),
  'mail-waits': facts => ({
    subject: `Une partie de votre courrier vous attend (dossier ${facts.caseCode})`,
    text: `Bonjour,

depuis ${facts.since}, ${facts.login === undefined ? 'votre ligne' : `le compte de messagerie ${facts.login}`} envoie du courrier comme le font les appareils
infectés et les mots de passe volés. Tout est peut-être de vous : personne ne l’a lu.
Tant que personne ne le confirme, il attend.

Ce que nous avons vu :
${list(facts.seen)}

Ce que vous pouvez faire :
${decideThere(facts)}
  2. Si ce n’était pas vous, ${facts.login === undefined ? 'vérifiez chaque appareil de votre foyer avec un antivirus à jour' : `changez votre mot de passe de messagerie dans ${facts.passwordsAt ?? facts.portal}`}.

Ce que vous laissez est supprimé après ${MAX_HOLD_HOURS} heures, et vous en êtes informé.

${signed(facts)}`,
  }),
  'was-it-you': ({ paced = NOTHING, ...facts }) => ({
    subject: `${all(paced) === 1 ? 'Un de vos messages attend' : `${all(paced)} de vos messages attendent`} : était-ce vous ?`,
    text: `Bonjour,

depuis ${facts.since}, ${facts.login === undefined ? 'votre ligne ou vos comptes de messagerie ont' : `le compte de messagerie ${facts.login} a`} envoyé plus de courrier qu’il
n’en part en une fois. Ce qui attend :
${pacedList(paced)}

${pacedEnd(paced)}

Ce que vous pouvez faire :
  1. Si c’était vous, ${paced.judgedSpam > 0 ? 'dites-le : sinon une partie peut vous revenir' : 'vous n’avez rien à faire'}. ${isMine(facts)}
  2. Si ce n’était pas vous, ${isNotMine(facts)}

Répondre à cette lettre ne change rien : qui lit votre courrier pourrait le faire.

${signed(facts)}`,
  }),
  'opt-out-code': facts => ({
    subject: `Port 25 : merci de confirmer (${facts.caseCode})`,
    text: `Bonjour,

quelqu’un qui connaît votre mot de passe client demande d’ouvrir le port 25 de votre
ligne :
${list(facts.seen)}

Si c’était vous, saisissez ce code dans ${facts.portal}, depuis votre propre ligne, dans
un délai d’un jour :

    ${facts.proof ?? ''}

Si ce n’était pas vous, ne faites rien, et changez votre mot de passe client.

${signed(facts)}`,
  }),
  'opt-out-open': facts => ({
    subject: `Le port 25 de votre ligne est ouvert (${facts.caseCode})`,
    text: `Bonjour,

le port 25 de votre ligne est maintenant ouvert :
${list(facts.seen)}

Merci de le confirmer de nouveau avant le ${facts.until ?? ''}. Si un appareil derrière votre
ligne envoie du spam, il est fermé aussitôt. Vous pouvez le fermer vous-même dans
${facts.portal}.

${signed(facts)}`,
  }),
  'opt-out-ended': facts => ({
    subject: `Le port 25 de votre ligne est fermé (${facts.caseCode})`,
    text: `Bonjour,

le port 25 de votre ligne est de nouveau fermé :
${list(facts.seen)}

Les logiciels de messagerie utilisent le port 587 de leur fournisseur, qui reste ouvert
comme toujours. Vous pouvez redemander le port 25 dans ${facts.portal}.

${signed(facts)}`,
  }),
  'opt-out-reminder': facts => ({
    subject: `Port 25 : en avez-vous encore besoin ? (${facts.caseCode})`,
    text: `Bonjour,

le port 25 de votre ligne est ouvert depuis un an :
${list(facts.seen)}

Si vous en avez encore besoin, confirmez-le dans ${facts.portal} avant le
${facts.until ?? ''}. Sinon, ne faites rien : il sera alors fermé.

${signed(facts)}`,
  }),
  'port-25-closes': facts => ({
    subject: `Le port 25 de votre ligne sera fermé le ${facts.until ?? ''}`,
    text: `Bonjour,

à partir du ${facts.until ?? ''}, les lignes comme la vôtre ne pourront plus envoyer de courrier
directement aux serveurs d’autrui (port 25). C’est ce que font les virus ; les logiciels
de messagerie n’en ont pas besoin. Sur votre ligne, nous avons vu :
${list(facts.seen)}

À faire avant cette date :
  1. Un logiciel de messagerie : réglez le port du serveur d’envoi sur 587 (STARTTLS) ou
     465 (TLS), avec votre mot de passe de messagerie. Le serveur et le mot de passe
     restent les mêmes.
  2. Un serveur de messagerie à vous, ou un serveur qui n’écoute que sur le port 25 :
     ouvrez ${facts.portal} et demandez-y le port 25. Il reste alors ouvert pour vous.

La lecture du courrier, la navigation et tout le reste ne changent pas.

${signed(facts)}`,
  }),
}
