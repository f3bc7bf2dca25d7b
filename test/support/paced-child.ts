// `paced-child.ts FOLDER N`: the story of paced-story.ts, killed at its Nth step; without one it says how many there are.

import { type PacedStory, pacedStory } from './paced-story.ts'

const [folder = '', n = '0'] = process.argv.slice(2)
let steps = 0
const step = () => {
  if (++steps === Number(n)) process.kill(process.pid, 'SIGKILL')
}
const left = await pacedStory(folder, { sends: true, step })
process.stdout.write(JSON.stringify({ steps, left } satisfies PacedStory))
