// The oracle beside random sequences that are played in milliseconds: from accounting packets to the sets of a router and to CoA, with sessions
// that move, overlap, use numbers again and come late by hours, prefixes in one another, two clients of one access server, and kills.

import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { owning, folderOf } from '../support/owned.ts'
import { SwiftPlayer } from '../support/swift-player.ts'

const FIRST = Number(process.env['CORDON_ORACLE_FIRST'] ?? 1)
const SEEDS = Number(process.env['CORDON_ORACLE_SEEDS'] ?? 6)
const STEPS = Number(process.env['CORDON_ORACLE_STEPS'] ?? 300)

test(`of ${SEEDS} networks that are played fast, no innocent line is closed, no contained one open`, async () => {
  for (let seed = FIRST; seed < FIRST + SEEDS; seed++)
    await owning(async owner => {
      const player = new SwiftPlayer(seed, join(folderOf(owner), 'coa.json'))
      const wrong = await player.play(STEPS)
      assert.ok(wrong.length === 0, [`seed ${seed}`, ...wrong].join('\n'))
    })
})
