import { render } from 'preact'
import { useEffect, useRef } from 'preact/hooks'
import { FormView } from '../../form/form.jsx'
import { Chip } from '../../ui/chip.jsx'
import { Empty } from '../../ui/empty.jsx'
import { Icon } from '../../ui/icon.jsx'
import { s } from '../../words/studio.js'
import { intl } from '../../words/words.js'
import { dress } from '../stylesheet.js'
import { Phone } from '../phone.jsx'
import { records } from './samples.js'

/**
 * One of the two phones: its network, what waits, and its form of the record.
 * @param {{
 *   device: import('./device.js').Device, other: string, form: import('../../form/state.js').Form, title: string,
 *   active: boolean, onConnect: (online: boolean) => void, onClock: (skew: number) => void
 * }} props
 */
export function Handset ({ device, other, form, title, active, onConnect, onClock }) {
  const { name, online, pending } = device
  const waiting = pending.length
  const aside = (
    <span class="mark-of" title={s('waitingLong', { n: waiting })}>
      {waiting ? <Chip tone="warn" icon="up">{s('waiting', { n: waiting })}</Chip> : <Chip tone="good" icon="check">{s('sent')}</Chip>}
    </span>
  )
  return (
    <div class={'handset' + (active ? ' active' : '') + (online ? '' : ' cut')}>
      <Phone
        title={<><span class="who" aria-hidden="true">{name[0]}</span>{name}</>} label={s('phoneOf', { name })} screen={title} aside={aside}
        head={<><Switch name={name} online={online} onConnect={onConnect} /><Watch device={device} onClock={onClock} /></>}
      >
        {device.view.exists()
          ? <Inside><FormView form={form} others={others(name)} whose={name} /></Inside>
          : <Empty icon="cloud" title={s('noRecord')}><p>{s('noRecordMore', { name: other })}</p></Empty>}
      </Phone>
    </div>
  )
}

/** The network of a phone, on or off. @param {{name: string, online: boolean, onConnect: (online: boolean) => void}} props */
function Switch ({ name, online, onConnect }) {
  return (
    <button type="button" class="network" role="switch" aria-checked={online} aria-label={s('networkOf', { name })} onClick={() => onConnect(!online)}>
      <Icon name={online ? 'cloud' : 'offline'} /><span class="grow">{s(online ? 'online' : 'offline')}</span><span class="track" aria-hidden="true" />
    </button>
  )
}

/** What a clock can be wrong by, ms. @type {[number, import('../../words/studio.js').StudioKey][]} */
const skews = [[0, 'clockRight'], [3_600_000, 'clockAhead'], [-86_400_000, 'clockBehind']]

/** The clock of a phone, right or wrong. @param {{device: import('./device.js').Device, onClock: (skew: number) => void}} props */
function Watch ({ device: { name, skew, time }, onClock }) {
  return (
    <div class={skew ? 'watch wrong-clock' : 'watch'}>
      <Icon name="clock" />
      <select aria-label={s('clockOf', { name })} value={String(skew)} onChange={(event) => onClock(Number(event.currentTarget.value))}>
        {skews.map(([ms, key]) => <option key={ms} value={String(ms)}>{s(key)}</option>)}
      </select>
      {skew !== 0 && <time>{intl('DateTimeFormat', { weekday: 'short', hour: '2-digit', minute: '2-digit' }).format(time)}</time>}
    </div>
  )
}

/**
 * A tree of its own: both phones have fields of the same ids.
 * @param {{children: import('preact').ComponentChild}} props
 */
function Inside ({ children }) {
  const host = useRef(/** @type {HTMLDivElement | null} */ (null))
  const box = useRef(/** @type {HTMLElement | null} */ (null))
  useEffect(() => {
    const root = /** @type {HTMLDivElement} */ (host.current).attachShadow({ mode: 'open' })
    const inside = box.current = document.createElement('div')
    inside.className = 'island'
    root.append(inside)
    dress(root, inside)
    return () => render(null, inside)
  }, [])
  useEffect(() => {
    const root = host.current?.shadowRoot
    if (root && box.current) render(rooted(children, root), box.current)
  }, [children])
  return <div class="inside" ref={host} />
}

/**
 * The form, told what it stands in.
 * @param {any} form
 * @param {ShadowRoot} root
 */
const rooted = (form, root) => <form.type {...form.props} root={root} />

/** Made-up records to refer to. @param {string} me @returns {import('../../form/context.js').Others} */
function others (me) {
  const all = Object.entries(records).map(([id, name]) => ({ id, label: s('sampleRecord', { name }) }))
  return known[me] ??= {
    me: me.toLowerCase(),
    has: () => true,
    find: async (_, text) => all.filter(({ label }) => label.toLowerCase().includes(text.toLowerCase())),
    named: async (_, id) => all.find((one) => one.id === id) ?? null,
    known: async () => ['anna', 'ben', 'olga']
  }
}

/** @type {{[me: string]: import('../../form/context.js').Others}} */
const known = {}
