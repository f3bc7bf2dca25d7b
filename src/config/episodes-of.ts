// How far evidence by episodes is in force, where the operator leaves that to Cordon (`auto`).

import type { EpisodeMode } from '../model/episode.ts'
import type { Config } from './schema.ts'

type EpisodesAsked = Pick<Config, 'evidence' | 'policyService' | 'milter' | 'releaser'>

/**
 * It decides, where the window can keep what it is to keep. Beside another server that needs a releaser, and a message that is asked about at its
 * end: without them nothing would wait there, and nothing else would stop a bot's mail, so the sums of the table go on.
 */
export function episodesOf({
  evidence,
  policyService,
  milter,
  releaser,
}: EpisodesAsked): EpisodeMode {
  if (evidence.mode === 'observe') return evidence.episodes === 'off' ? 'off' : 'shadow'
  if (evidence.episodes !== 'auto') return evidence.episodes
  const isBeside = policyService !== undefined || milter !== undefined
  const canKeep = releaser !== undefined && policyService?.countAt !== 'rcpt'
  return isBeside && !canKeep ? 'shadow' : 'decide'
}
