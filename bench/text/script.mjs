// The steps that play a session as it happened, as script.go does for the Go side.
//
// Before a replica types, it receives what its transaction's history holds of the
// others, and nothing more. A message is what a replica typed since its message before;
// it is sent at each place where the trace shows that somebody had come to. In the end
// everybody has everything.

/** @typedef {{does: 'edit', who: number, transaction: number}} Edit */
/** @typedef {{does: 'send', who: number}} Send the next message: they count 0, 1, 2 over all replicas */
/** @typedef {{does: 'receive', who: number, message: number}} Receive */
/** @typedef {Edit | Send | Receive} Step */

/** @param {import('./trace.mjs').Trace} trace @returns {Step[]} */
export function script ({ agents, transactions }) {
  const needs = needsOf(agents, transactions)
  const ends = messageEnds(agents, transactions, needs)
  const steps = []
  const typed = zeros(agents)
  const inboxes = Array.from(typed, () => [])
  let sent = 0
  const receive = (who, need) => {
    const waits = m => m.end > need[m.from]
    for (const m of inboxes[who]) if (!waits(m)) steps.push({ does: 'receive', who, message: m.message })
    inboxes[who] = inboxes[who].filter(waits)
  }
  transactions.forEach(({ agent: who }, transaction) => {
    if (needs[transaction].grown) receive(who, needs[transaction].upTo)
    steps.push({ does: 'edit', who, transaction })
    typed[who]++
    if (!ends[who].has(typed[who])) return
    steps.push({ does: 'send', who })
    inboxes.forEach((inbox, other) => other === who || inbox.push({ message: sent, from: who, end: typed[who] }))
    sent++
  })
  typed.forEach((_, who) => receive(who, typed))
  return steps
}

/**
 * What each transaction's history holds: how many transactions of each replica (upTo),
 * and whether that is more than the replica had (grown).
 */
function needsOf (agents, transactions) {
  const after = [] // each transaction's history with itself
  const last = Array.from(zeros(agents), () => zeros(agents))
  return transactions.map(({ agent, parents }, i) => {
    const upTo = zeros(agents)
    for (const p of parents) after[p].forEach((n, a) => { upTo[a] = Math.max(upTo[a], n) })
    if (upTo.some((n, a) => n < last[agent][a])) {
      throw new Error(`transaction ${i} does not know of all that its replica had`)
    }
    const grown = upTo.some((n, a) => n > last[agent][a])
    after[i] = last[agent] = upTo.with(agent, upTo[agent] + 1)
    return { upTo, grown }
  })
}

/** Where each replica's messages end, in transactions of its own. */
function messageEnds (agents, transactions, needs) {
  const ends = Array.from(zeros(agents), () => new Set())
  const typed = zeros(agents)
  transactions.forEach(({ agent }, i) => {
    typed[agent]++
    needs[i].upTo.forEach((n, a) => a === agent || ends[a].add(n))
  })
  typed.forEach((n, a) => ends[a].add(n))
  return ends
}

const zeros = n => Array(n).fill(0)
