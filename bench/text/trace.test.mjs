import assert from 'node:assert/strict'
import { test } from 'node:test'
import { script } from './script.mjs'
import { editsOf, parseTrace } from './trace.mjs'
import { randomEdits } from './random.mjs'

// Two writers: 1 types twice, of which 0 hears first the one and then the other.
const apart = JSON.stringify({
  kind: 'concurrent',
  numAgents: 2,
  endContent: 'ab12c',
  txns: [
    { agent: 0, parents: [], patches: [[0, 0, 'ab']] },
    { agent: 1, parents: [0], patches: [[2, 0, '1']] },
    { agent: 1, parents: [1], patches: [[3, 0, '3'], [3, 1, '2']] },
    { agent: 0, parents: [0, 1], patches: [[0, 0, 'x']] },
    { agent: 0, parents: [2, 3], patches: [[0, 1, '']] },
    { agent: 1, parents: [4], patches: [[4, 0, 'c']] }
  ]
})

test('a sequential trace is one writer, each edit on the one before', () => {
  const t = parseTrace('{"startContent":"s","endContent":"sä","txns":[{"patches":[[1,0,"ä"]]},{"patches":[]}]}')
  assert.equal(t.concurrent, false)
  assert.deepEqual(editsOf(t), [[0, 0, 's'], [1, 0, 'ä']])
  assert.deepEqual(t.transactions.map(x => x.parents), [[], [0]])
})

test('positions that the peers count otherwise are refused', () => {
  assert.throws(() => parseTrace('{"endContent":"","txns":[{"patches":[[0,0,"😀"]]}]}'), /UTF-16/)
})

test('a replica receives what the history holds, and no more', () => {
  const short = script(parseTrace(apart)).map(s => s.does + s.who + (s.transaction ?? s.message ?? ''))
  assert.deepEqual(short, [
    'edit00', 'send0', 'receive10', 'edit11', 'send1', 'edit12', 'send1',
    'receive01', 'edit03', 'receive02', 'edit04', 'send0', 'receive13', 'edit15', 'send1', 'receive04'
  ])
})

test('a transaction that knows less than its replica is refused', () => {
  const t = parseTrace(apart)
  t.transactions[4].parents = [1]
  assert.throws(() => script(t), /transaction 4/)
})

test('random edits are those of the Go side', () => {
  assert.deepEqual(randomEdits(1000, 4, 7), [[238, 0, 'x'], [914, 0, 'x'], [613, 1, ''], [927, 0, 'x']])
})
