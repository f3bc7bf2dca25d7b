// French.

import type { Sentences } from '../sentences.ts'
import { FRENCH_LETTERS } from './letters.ts'
import { FRENCH_PORTAL } from './portal.ts'

export const FRENCH: Sentences = {
  name: 'Français',
  locale: 'fr-FR',
  names: { provider: 'Votre fournisseur', portal: '« Espace client »' },
  letters: FRENCH_LETTERS,
  portal: FRENCH_PORTAL,
  seen: {
    evidence: {
      content: 'des messages qu’un filtre prend pour du spam',
      recipients: 'des messages à des personnes à qui vous n’aviez jamais écrit',
      results: 'des messages à des adresses qui n’existent pas',
      refusals: 'd’autres serveurs de messagerie ont refusé des messages comme spam',
      network: 'des connexions comme celles d’appareils infectés',
      authentication:
        'des connexions à votre compte depuis des réseaux où vous n’étiez jamais allé',
      volume: 'bien plus de messages que d’habitude',
      reports: 'des plaintes de destinataires',
      other: 'quelque chose d’inhabituel',
    },
    overLimit: 'plus de messages ou de destinataires qu’il n’en part en une fois',
    optOut: {
      ownServer: name => `votre propre serveur de messagerie ${name} peut envoyer à tous`,
      destinations: all => `vers ${all}, et vers personne d’autre`,
      ended: {
        owner: 'vous l’avez demandé',
        finding: 'un appareil derrière votre ligne a envoyé du spam',
        time: 'il n’a pas été confirmé pendant un an',
        staff: 'notre service client y a mis fin',
      },
    },
    port25: {
      advice: {
        'another-server':
          'un de vos logiciels de messagerie utilise le port 25 d’un autre fournisseur : réglez-y le port 587, avec votre mot de passe',
        'own-server':
          'vous semblez exploiter un serveur de messagerie : demandez le port 25 dans votre espace client avant cette date',
        'looks-infected':
          'autant de serveurs à la fois sont le plus souvent le fait d’un virus : vérifiez vos appareils',
      },
      server: address => `vu : ${address}`,
      others: 'et d’autres',
    },
  },
  page: {
    heading: {
      spam: 'Votre ligne est restreinte : un appareil envoie du spam',
      infected: 'Votre ligne est restreinte : un appareil semble infecté',
      imposed: 'Notre service client a restreint votre ligne',
      suspended: 'L’envoi est suspendu sur votre ligne',
      open: 'Votre ligne n’est pas restreinte',
      unknown: 'Votre ligne est-elle restreinte ?',
    },
    why: {
      evidence:
        'Un ordinateur ou un autre appareil derrière votre ligne est probablement infecté par un virus, à votre insu.',
      imposed: 'Notre service client en a décidé ainsi. Appelez-le : il vous dira ce qu’il a vu.',
      suspended:
        'Notre service client en a décidé ainsi, et lui seul peut y mettre fin. Appelez-le.',
      open: 'Tout est ouvert. Si vous avez été conduit ici, rechargez la page que vous vouliez.',
      unknown:
        'Cette page ne peut pas savoir de quelle ligne vous venez. Nos lettres portent un numéro de dossier : avec lui, notre service client vous aidera.',
    },
    seen: 'Ce que nous avons vu',
    since: 'Depuis',
    until: 'Prend fin de soi-même au plus tard',
    caseCode: 'Votre dossier',
    phone: 'Téléphone',
    stopped: 'Ce qui est arrêté',
    stops: {
      isolate:
        'L’envoi direct à d’autres serveurs de messagerie (port 25) est fermé, les messages suspects sont retenus, et les pages sans chiffrement (http) mènent ici. La lecture du courrier et les pages chiffrées (https) continuent.',
      suspend:
        'L’envoi de courrier depuis votre ligne est arrêté. La lecture du courrier et les pages chiffrées (https) continuent.',
    },
    todo: 'Que faire',
    check: 'Vérifiez chaque appareil de votre foyer avec un antivirus à jour.',
    release: portal =>
      `Ouvrez ensuite ${portal}, connectez-vous avec votre numéro de client et votre mot de passe client, puis choisissez « C’est réparé ». La restriction prend fin aussitôt.`,
    openPortal: 'Se connecter',
    call: 'Si vous avez besoin d’aide, appelez notre service client en indiquant votre dossier.',
    quiet: hours => `Si rien d’autre n’est vu pendant ${hours} heures, tout se rouvre de soi-même.`,
  },
  setup: {
    heading: 'Configurer votre logiciel de messagerie',
    address: 'Votre adresse électronique',
    show: 'Afficher les réglages',
    notOurs: 'Cette adresse n’est pas de chez nous. Vérifiez si elle est bien écrite.',
    itself:
      'La plupart des logiciels trouvent tout cela eux-mêmes : votre adresse et votre mot de passe suffisent.',
    servers: 'Si votre logiciel demande',
    read: 'Courrier entrant',
    send: 'Courrier sortant',
    server: 'Serveur',
    port: 'Port',
    security: 'Sécurité de la connexion',
    login: 'Nom d’utilisateur, le même pour les deux',
    password: 'Mot de passe, le même pour les deux',
    yourPassword: 'celui de votre boîte',
    apple: 'iPhone, iPad et Mac',
    profile:
      'Un profil configure l’app Mail. Il ne contient pas de mot de passe : votre appareil le demande quand vous l’installez.',
    install: 'Charger le profil',
    signed: 'Le profil est signé par nous : votre appareil affiche notre nom.',
    unsigned: 'Le profil n’est pas signé : votre appareil le dit avant de l’installer.',
    phone: 'Sur votre téléphone',
    scan: 'Pointez l’appareil photo de votre téléphone sur ce code pour y ouvrir cette page.',
    code: 'Code pour l’appareil photo, avec l’adresse de cette page',
  },
}
