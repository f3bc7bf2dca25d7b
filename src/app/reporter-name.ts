// What the operator is called in reports to other domains, whose readers put all reports of one name together.

import { ENGLISH } from '../languages/english/english.ts'

/** Where no name is configured: of the default there would be thousands. */
export const reporterName = (provider: string, domain: string): string =>
  provider === ENGLISH.names.provider ? domain : provider
