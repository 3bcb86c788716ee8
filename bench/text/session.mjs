// A session of several writers, played as it happened.
import { script } from './script.mjs'

export class Session {
  #replicas
  #transactions
  #steps

  /** @param Replica the engine's @param {import('./trace.mjs').Trace} trace */
  constructor (Replica, trace) {
    this.#transactions = trace.transactions
    this.#steps = script(trace)
    this.#replicas = Array.from({ length: trace.agents }, (_, agent) => new Replica(agent))
    for (const r of this.#replicas) r.keepUnsent()
  }

  /**
   * Plays it to the end. What a replica types between two messages is written at once:
   * measured, the quickest for every engine.
   */
  play () {
    const replicas = this.#replicas
    const typed = replicas.map(() => [])
    const messages = []
    for (const step of this.#steps) {
      if (step.does === 'edit') {
        typed[step.who].push(...this.#transactions[step.transaction].patches)
        continue
      }
      if (typed[step.who].length > 0) replicas[step.who].write(typed[step.who])
      typed[step.who] = []
      if (step.does === 'send') messages.push(replicas[step.who].send())
      else replicas[step.who].receive(messages[step.message])
    }
  }

  texts () { return this.#replicas.map(r => r.text()) }
  save () { return this.#replicas[0].save() }
  saveState () { return this.#replicas[0].saveState?.() }
  free () { for (const r of this.#replicas) r.free() }
}
