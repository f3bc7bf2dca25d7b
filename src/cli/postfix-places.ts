// Where Cordon listens for Postfix and where it looks for the releaser: what the command line says, what cordon.yaml says, or what Cordon
// does by itself.

import { readConfiguration } from '../app/configured-files.ts'
import { episodesOf } from '../config/episodes-of.ts'
import type { Config } from '../config/schema.ts'
import { CONFIG_OF_THE_UNIT, foundConfig, usualData } from './usual-places.ts'
import type { Places } from './postfix-way.ts'

export type PlaceOptions = {
  readonly config?: string
  readonly policy?: string
  readonly milter?: string
  readonly releaser?: string
}

export type PlacesHere = Places & {
  /** Socket of the releaser; undefined: cordon.yaml has none. */
  readonly releaser: string | undefined
  /** `evidence.episodes` has the window in force. */
  readonly paces: boolean
  /** `policyService.countAt` is rcpt. */
  readonly countsAtRcpt: boolean
  /** `mailLog` is there. */
  readonly readsLog?: boolean
  /** Data folder of Cordon; it need not be there. */
  readonly data: string
  /** Nothing was read: these are the defaults. */
  readonly unread?: string
}

const DEFAULTS = {
  policy: 'inet:127.0.0.1:10031',
  milter: 'inet:127.0.0.1:10032',
  releaser: '/run/cordon-releaser.sock',
} as const

/** Rejects with ConfigError where the file cannot be used. */
export async function placesOf({
  config,
  policy,
  milter,
  releaser,
}: PlaceOptions): Promise<PlacesHere> {
  const file = config ?? foundConfig()
  const found: PlacesHere =
    file === undefined
      ? {
          ...DEFAULTS,
          paces: false,
          countsAtRcpt: false,
          data: await usualData(),
          unread: `no ${CONFIG_OF_THE_UNIT} here: the ports are Cordon's defaults (--config)`,
        }
      : configured(readConfiguration(file))
  return {
    ...found,
    policy: policy ?? found.policy,
    milter: milter ?? found.milter,
    releaser: releaser ?? found.releaser,
  }
}

const configured = (config: Config): PlacesHere => {
  const { policyService, milter, releaser, dataFolder } = config
  const episodes = episodesOf(config)
  return {
    policy: policyService && written(policyService),
    milter: milter && written(milter),
    own: { milter: ownOf(milter), policyService: ownOf(policyService) },
    releaser: releaser?.socket,
    paces: episodes === 'pace' || episodes === 'decide',
    countsAtRcpt: policyService?.countAt === 'rcpt',
    readsLog: config.mailLog !== undefined,
    data: dataFolder,
    observes: config.evidence.mode === 'observe',
  }
}

const ownOf = (
  door: { readonly listener: string; readonly mynetworks: readonly string[] } | undefined,
): readonly string[] | undefined => (door?.listener === 'inbound' ? door.mynetworks : undefined)

type Listens = {
  readonly address: string
  readonly port: number
  readonly socket?: string | undefined
}

const written = ({ address, port, socket }: Listens): string =>
  socket === undefined
    ? `inet:${address.includes(':') ? `[${address}]` : address}:${port}`
    : `unix:${socket}`
