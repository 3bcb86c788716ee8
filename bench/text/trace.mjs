// Reads editing traces, as trace.go does for the Go side.
import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'

/** @typedef {[at: number, deleted: number, inserted: string]} Patch positions count code points */
/** @typedef {{agent: number, parents: number[], patches: Patch[]}} Transaction */
/** @typedef {{end: string, agents: number, concurrent: boolean, transactions: Transaction[]}} Trace */

/** @param {string} path of a gzipped trace @returns {Trace} */
export function readTrace (path) {
  return parseTrace(gunzipSync(readFileSync(path)).toString())
}

/** @param {string} text @returns {Trace} */
export function parseTrace (text) {
  const raw = JSON.parse(text)
  const concurrent = raw.kind === 'concurrent'
  const transactions = raw.txns.map((t, i) => ({
    agent: t.agent ?? 0,
    parents: t.parents ?? (i > 0 ? [i - 1] : []),
    patches: t.patches
  }))
  if (raw.startContent) transactions[0].patches.unshift([0, 0, raw.startContent])
  for (const t of transactions) {
    for (const [,, inserted] of t.patches) {
      if (/[\u{10000}-\u{10ffff}]/u.test(inserted)) {
        throw new Error('the trace has characters that are two in UTF-16, so its positions are not those of the peers')
      }
    }
  }
  return { end: raw.endContent, agents: concurrent ? raw.numAgents : 1, concurrent, transactions }
}

/** The edits of a trace in its order. @param {Trace} trace @returns {Patch[]} */
export function editsOf (trace) {
  return trace.transactions.flatMap(t => t.patches)
}
