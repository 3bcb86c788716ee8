import { Icon } from '../../ui/icon.jsx'
import { same } from '../../form/path.js'
import { s } from '../../words/studio.js'
import { linesOf, shortOf, shown } from './telling.js'

/** So many entries of the history are shown. */
const most = 6

/** Strategies of which one value stays, so that each that was written either stands or does not. */
const single = new Set(['register', 'max', 'min', 'conflict'])

/**
 * The server: what it holds, and its history, where the values stay that lost.
 * @param {{rehearsal: import('./rehearsal.js').Rehearsal}} props
 */
export function ServerStrip ({ rehearsal }) {
  const { world: { server }, control, forms } = rehearsal
  const value = server.doc.value()
  const open = server.doc.disagreements().find(({ path }) => path.length === 1 && path[0] === control?.key)
  const entries = server.log.filter(({ change }) => !control || change.ops.some((op) => op.path?.[0] === control.key))
  /** @param {import('./server.js').Entry} entry */
  const stands = ({ change }) => {
    if (!control || !single.has(control.strategy)) return undefined
    const op = change.ops.findLast((op) => op.path?.[0] === control.key)
    const wrote = op && 'value' in op ? op.value : undefined
    return open ? open.values.some((one) => same(one.value, wrote)) : same(value[control.key], wrote)
  }
  return (
    <section class="server" aria-label={s('server')}>
      <h2><Icon name="server" />{s('server')}</h2>
      {!server.doc.exists() && <p class="muted">{s('serverNothing')}</p>}
      {server.doc.exists() && control && <>
        <p class="hint">{s('serverHolds')}</p>
        {(open ? open.values.map((one) => shown(control, one.value)) : linesOf(control, value[control.key])).map((line, i) => <p key={i} class="holds">{line}</p>)}
      </>}
      {entries.length > 0 && <>
        <p class="hint">{s('serverLog')}</p>
        <ol class="log">
          {entries.slice(-most).reverse().map((entry) => {
            const is = stands(entry)
            return (
              <li key={entry.change.stamp} class={is === false ? 'gone' : undefined}>
                <strong>{entry === server.log[0] ? s('atFirst') : entry.by || s('server')}</strong> <span>{shortOf(entry.change.ops, control?.key, (path) => forms[0].controlAt(path))}</span>
                {is !== undefined && <small>{s(is ? 'stands' : 'lost')}</small>}
              </li>
            )
          })}
        </ol>
        {entries.length > most && <p class="hint">{s('serverMore', { n: entries.length - most })}</p>}
      </>}
    </section>
  )
}
