// Counts the steps a function takes, without a clock and without a change to it: how often each block of our code (and of the
// parsers in node_modules) ran, by V8's precise coverage, and how much the built-ins looked at that do work in proportion to what
// they are given. The same input gives the same number, on any machine.
//
// What it does not see: what regular expressions go back and try again (regexes.test.ts proves that they do not), work inside V8 and
// Node that is not wrapped below (typed arrays filled with zeros, hashes, ropes made flat), and where text is cut by offset (V8
// copies nothing). Only code that waits for nothing from outside; not two measurements at once.

import { Session } from 'node:inspector'
import { StringDecoder } from 'node:string_decoder'
import { setFlagsFromString } from 'node:v8'

const COUNTED =
  /\/(?:src\/(?!.*\.test\.ts$)|test\/cost\/planted|node_modules\/(?:mailauth|nodemailer|tldts|tldts-core|yaml)\/)/

let looked = 0
let measuring = false

// Optimised code counts no calls that it has taken into itself. What counts is not counted: a quarter of the time is spent in it, and every function
// that V8 may optimise, by its name, is of this file.
for (const flag of ['--no-maglev', '--turbo-filter=meter*']) setFlagsFromString(flag)

// Begun with the program: what was compiled before is counted by calls alone. So this file is imported before what it measures.
const session = new Session()
session.connect()
post('Profiler.enable')
post('Profiler.startPreciseCoverage', { callCount: true, detailed: true })

/** Steps `run` takes. */
export function steps(run: () => unknown): number {
  const end = begin()
  try {
    run()
    return end()
  } finally {
    end()
  }
}

/** The same of work that waits for nothing but promises that are kept already: nothing else runs meanwhile. */
export async function stepsOfAsync(run: () => Promise<unknown>): Promise<number> {
  const end = begin()
  try {
    await run()
    return end()
  } finally {
    end()
  }
}

/** Begins a measurement. What it returns ends it and says the steps; once more, it says 0. */
function begin(): () => number {
  if (measuring) throw new Error('one measurement at a time')
  measuring = true
  let isOver = false
  const unwrap = wrapAll()
  // Counts what came before, and forgets it.
  post('Profiler.takePreciseCoverage')
  looked = 0
  return () => {
    if (isOver) return 0
    isOver = true
    try {
      const found = looked
      return found + blocks(post('Profiler.takePreciseCoverage'))
    } finally {
      unwrap()
      measuring = false
    }
  }
}

type Coverage = {
  readonly result?: readonly {
    readonly url: string
    readonly functions: readonly { readonly ranges: readonly { readonly count: number }[] }[]
  }[]
}

/** The inspector of one's own thread answers before it returns. */
function post(method: string, params: object = {}): Coverage {
  let answer: Coverage = {}
  session.post(method, params, (error: Error | null, result: object | undefined) => {
    if (error) throw error
    answer = result ?? {}
  })
  return answer
}

function blocks({ result = [] }: Coverage): number {
  let sum = 0
  for (const { url, functions } of result) {
    if (!COUNTED.test(url)) continue
    for (const { ranges } of functions) for (const { count } of ranges) sum += count
  }
  return sum
}

type Sized = { readonly length?: number; readonly size?: number }
/** How much of `self` and its arguments a call has looked at, once its result is known. */
type Looks = (self: unknown, args: readonly unknown[], result: unknown) => number

const meterSize = (value: unknown): number => {
  if (typeof value === 'string') return value.length
  if (typeof value !== 'object' || value === null) return 0
  const { length, size } = value as Sized
  return length ?? size ?? 0
}
const meterAll: Looks = self => meterSize(self)
const meterGiven: Looks = (_self, [first]) => meterSize(first)
const meterMade: Looks = (_self, _args, result) => meterSize(result)
/** A view of memory copies nothing. */
const meterCopied: Looks = (_self, [first], result) =>
  first instanceof ArrayBuffer ? 1 : meterSize(result)
const meterBoth: Looks = (self, _args, result) => meterSize(self) + meterSize(result)
/**
 * As far as it had to look; a needle found late was sought long. Short ones are sought in one pass, or nearly; for a long one the engine
 * goes back, at worst by all of it at each place.
 */
const SHORT = 72
const meterSeeking = (needle: unknown, looks: number): number =>
  meterSize(needle) + looks * Math.ceil(Math.max(1, meterSize(needle)) / SHORT)
const meterUpTo: Looks = (self, [needle, from], result) => {
  const start = typeof from === 'number' ? Math.max(0, from) : 0
  const end = typeof result === 'number' && result >= 0 ? result : meterSize(self)
  return meterSeeking(needle, Math.max(0, end - start))
}
const meterDownTo: Looks = (self, [needle], result) =>
  meterSeeking(needle, meterSize(self) - Math.max(0, result as number))
const meterOrAll: Looks = (self, [needle, from], result) =>
  result === true ? meterSize(needle) : meterUpTo(self, [needle, from], -1)

/** Marks are put in order by insertion: each run of them costs the square of its length, at worst a quarter of it at each place. */
function ordering(self: unknown, _args: readonly unknown[], result: unknown): number {
  let sum = meterBoth(self, [], result)
  let run = 0
  for (const sign of `${String(self)}.`) {
    if (apply(exec, MARK, [sign])) run++
    else {
      sum += Math.floor((run * run) / 4)
      run = 0
    }
  }
  return sum
}
const MARK = /[\p{M}\uff9e\uff9f]/u

const { apply } = Reflect
const { exec } = RegExp.prototype

const WRAPPED: readonly (readonly [object, Looks, readonly PropertyKey[]])[] = [
  [String.prototype, meterUpTo, ['indexOf']],
  [String.prototype, meterDownTo, ['lastIndexOf']],
  [String.prototype, meterOrAll, ['includes']],
  [String.prototype, meterGiven, ['startsWith', 'endsWith']],
  [String.prototype, meterBoth, ['replace', 'replaceAll']],
  [String.prototype, ordering, ['normalize']],
  [String.prototype, meterAll, ['toLowerCase', 'toUpperCase', 'split', 'localeCompare']],
  [
    String.prototype,
    (self, _args, result) => meterSize(self) - meterSize(result),
    ['trim', 'trimEnd', 'trimStart'],
  ],
  [String.prototype, meterMade, ['repeat', 'padStart', 'padEnd']],
  [Array.prototype, meterUpTo, ['indexOf']],
  [Array.prototype, meterOrAll, ['includes']],
  [
    Array.prototype,
    meterAll,
    [
      'join',
      'shift',
      'reverse',
      'sort',
      'toReversed',
      'toSorted',
      'splice',
      'fill',
      Symbol.iterator,
    ],
  ],
  [Array.prototype, meterBoth, ['concat', 'unshift', 'flat']],
  [Array.prototype, meterMade, ['slice']],
  [Map.prototype, meterAll, [Symbol.iterator]],
  [Set.prototype, meterAll, [Symbol.iterator]],
  [Uint8Array.prototype, meterUpTo, ['indexOf']],
  [
    Object.getPrototypeOf(Uint8Array.prototype) as object,
    meterAll,
    ['fill', 'toReversed', Symbol.iterator],
  ],
  [Object.getPrototypeOf(Uint8Array.prototype) as object, meterMade, ['slice']],
  [Object.getPrototypeOf(Uint8Array.prototype) as object, meterOrAll, ['includes']],
  [Object.getPrototypeOf(Uint8Array.prototype) as object, meterGiven, ['set']],
  [Buffer.prototype, meterUpTo, ['indexOf']],
  [Buffer.prototype, meterOrAll, ['includes']],
  [Buffer.prototype, meterMade, ['toString', 'slice']],
  [Buffer.prototype, meterGiven, ['equals', 'compare', 'copy']],
  [Buffer, meterMade, ['concat', 'alloc']],
  [Buffer, meterCopied, ['from']],
  [Array, meterMade, ['from']],
  [JSON, meterGiven, ['parse']],
  [JSON, meterMade, ['stringify']],
  [TextDecoder.prototype, meterGiven, ['decode']],
  [TextEncoder.prototype, meterGiven, ['encode']],
  [StringDecoder.prototype, meterGiven, ['write']],
]

function wrapAll(): () => void {
  const undo: (() => void)[] = []
  const put = (owner: object, key: PropertyKey, value: unknown) => {
    const before = Object.getOwnPropertyDescriptor(owner, key)
    if (!before) return
    Object.defineProperty(owner, key, { ...before, value })
    undo.push(() => void Object.defineProperty(owner, key, before))
  }
  for (const [owner, looks, names] of WRAPPED)
    for (const name of names) {
      const original: unknown = Object.getOwnPropertyDescriptor(owner, name)?.value
      if (typeof original === 'function')
        put(owner, name, wrapped(original as (...args: unknown[]) => unknown, looks))
    }
  // Everything that is asked of a regular expression asks this.
  put(RegExp.prototype, 'exec', meterExec)
  // The last one first: nothing is put back by what is still wrapped.
  return () => {
    for (let i = undo.length - 1; i >= 0; i--) undo[i]?.()
  }
}

function wrapped(original: (...args: unknown[]) => unknown, looks: Looks) {
  return function meterCall(this: unknown, ...args: unknown[]): unknown {
    const before = meterSize(this)
    const result = apply(original, this, args)
    const after = looks(this, args, result)
    // What a splice took away was moved, too.
    looked += Math.max(after, looks === meterAll ? before : 0)
    return result
  }
}

const { indexOf } = String.prototype

/** Where it gave up: at once, at the end of the line that it had to begin with, or at the end of all. */
function meterFailed({ sticky, multiline, source }: RegExp, text: string, from: number): number {
  if (sticky) return from + 1
  const newline = source.startsWith('^') && !multiline ? apply(indexOf, text, ['\n']) : -1
  return newline < 0 ? text.length : newline
}

/** What is found is made an array of, which takes as long as to look at so many signs. */
const FOUND = 8

/** One pass over the text: from where it began to the end of what was found, or of all. */
function meterExec(this: RegExp, text: unknown): RegExpExecArray | null {
  const from = this.global || this.sticky ? this.lastIndex : 0
  const found = apply(exec, this, [text])
  const end = found ? found.index + found[0].length : meterFailed(this, String(text), from)
  looked += Math.max(1, end - from) + (found ? FOUND : 0)
  return found
}
