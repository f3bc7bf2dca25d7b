// `paced-child.ts FOLDER N [there]`: the story of paced-story.ts, or of paced-there-story.ts, killed at its Nth step; with 0 it says how many
// there are.

import { type PacedStory, pacedStory } from './paced-story.ts'
import { pacedThereStory } from './paced-there-story.ts'

const [folder = '', n = '0', there] = process.argv.slice(2)
let steps = 0
const step = () => {
  if (++steps === Number(n)) process.kill(process.pid, 'SIGKILL')
}
const story = there ? pacedThereStory : pacedStory
const left = await story(folder, { sends: true, step })
process.stdout.write(JSON.stringify({ steps, left } satisfies PacedStory))
