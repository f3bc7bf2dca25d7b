// Port 0 stands for any free one: of use to tests, and a slip for 25 or 587 elsewhere, which no client would find.

import type { Config } from './schema.ts'
import { placesListened } from './cross-checks/listening-places.ts'
import { placeInWords } from './complaint.ts'

/** One line for each place. */
export const anyPort = (config: Config): readonly string[] =>
  placesListened(config).flatMap(place =>
    'port' in place && place.port === 0
      ? [
          `${placeInWords(place.path)} is 0: at each start any free port is taken, and no client knows which`,
        ]
      : [],
  )
