// Measures one engine on one trace: `node --expose-gc measure.mjs <engine> <group> <trace>
// <file>` in a process of its own, so that neither memory nor compiled code is somebody
// else's. It prints one line of JSON for each figure. The group replay leaves the
// document's bytes in the file; load and memory read them from there. A text that is not
// the trace's in the end is an error.
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { Session } from './session.mjs'
import { editsOf, readTrace } from './trace.mjs'
import { randomEdits } from './random.mjs'

const runs = 5
const patience = 10_000 // ms: no further run after so long
const tooLongToWarmUp = 5_000 // ms: a first run that took longer counts
const localEdits = 20_000

const [engine, group, path, file] = process.argv.slice(2)
const { Replica } = await import(`./${engine}.mjs`)

const groups = { replay, updates, load, memory, flat }
if (!Object.hasOwn(groups, group)) throw new Error(`there is no group ${group}`)
groups[group](readTrace(path))

function replay (trace) {
  let last
  print('replay', best(() => {
    last?.free()
    last = trace.concurrent ? new Session(Replica, trace) : new Replica()
    const start = performance.now()
    trace.concurrent ? last.play() : last.replay(editsOf(trace))
    const took = performance.now() - start
    for (const text of trace.concurrent ? last.texts() : [last.text()]) check(text, trace.end)
    return took
  }), 'ms')
  const bytes = last.save()
  writeFileSync(file, bytes)
  print('bytes', bytes.length, 'B')
  const state = last.saveState?.()
  if (state === undefined) return
  writeFileSync(stateOf(file), state)
  print('bytes-state', state.length, 'B')
}

function updates (trace) {
  if (trace.concurrent) return // its replay sends what it types as it is
  const edits = editsOf(trace)
  let bytes
  print('replay-updates', best(() => {
    const r = new Replica()
    const start = performance.now()
    bytes = r.replayUpdates(edits)
    const took = performance.now() - start
    check(r.text(), trace.end)
    r.free()
    return took
  }), 'ms')
  print('update-bytes', bytes, 'B')
}

/** From bytes to a text that was read and an edit that was made. */
function load (trace) {
  for (const [metric, name] of [['load', file], ['load-state', stateOf(file)]]) {
    if (!existsSync(name)) continue
    const bytes = new Uint8Array(readFileSync(name))
    print(metric, best(() => {
      const start = performance.now()
      const r = Replica.load(bytes)
      const text = r.text()
      r.edit([[text.length, 0, 'x']])
      const took = performance.now() - start
      check(text, trace.end)
      check(r.text(), trace.end + 'x')
      r.free()
      return took
    }), 'ms')
  }
}

/** What one loaded document adds to JavaScript's heap with what hangs on it, and to the process. */
function memory (trace) {
  const bytes = new Uint8Array(readFileSync(file))
  const small = new Replica() // brings in what the engine needs once
  small.edit([[0, 0, 'x']])
  Replica.load(small.save()).text()
  const before = used()
  const r = Replica.load(bytes)
  check(r.text(), trace.end)
  const after = used()
  r.edit([[0, 0, 'x']]) // after the measurement, so that it is alive during it
  print('memory', after.heap - before.heap, 'B')
  print('memory-rss', after.rss - before.rss, 'B')
}

/** What an edit at a random place costs in the trace's document, and in ten of it end to end. */
function flat (trace) {
  if (trace.concurrent || engine === 'automerge') return // which would fill ten documents in minutes
  const cost = times => {
    const r = new Replica()
    for (let i = 0; i < times; i++) {
      r.replay(editsOf(trace).map(([at, deleted, inserted]) => [at + i * trace.end.length, deleted, inserted]))
    }
    let length = times * trace.end.length
    check(String(r.text().length), String(length))
    let seed = 0
    const least = best(() => {
      const edits = randomEdits(length, localEdits, seed++)
      const start = performance.now()
      for (const e of edits) r.edit([e])
      const took = performance.now() - start
      for (const [, deleted, inserted] of edits) length += inserted.length - deleted
      return took
    })
    check(String(r.text().length), String(length))
    r.free()
    return least / localEdits * 1e6
  }
  const [one, ten] = [cost(1), cost(10)]
  print('edit-1x', one, 'ns')
  print('edit-10x', ten, 'ns')
  print('edit-flat', ten / one, 'x')
}

/** The least of some runs after a first that does not count, if it was short. */
function best (run) {
  const start = performance.now()
  const first = run()
  let least = first > tooLongToWarmUp ? first : Infinity
  for (let i = 0; i < runs && (least === Infinity || performance.now() - start < patience); i++) {
    global.gc()
    least = Math.min(least, run())
  }
  return least
}

function used () {
  global.gc()
  global.gc()
  const { heapUsed, external, rss } = process.memoryUsage()
  return { heap: heapUsed + external, rss }
}

function check (got, want) {
  if (got !== want) throw new Error(`${engine} ${group}: the text is not what it must be: ${got.length} characters against ${want.length}`)
}

function stateOf (file) { return file + '.state' }

function print (metric, value, unit) {
  console.log(JSON.stringify({ metric, value, unit }))
}
