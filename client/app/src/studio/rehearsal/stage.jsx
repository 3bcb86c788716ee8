import { useEffect, useReducer } from 'preact/hooks'
import { Button } from '../../ui/button.jsx'
import { Empty, Notice } from '../../ui/empty.jsx'
import { Icon } from '../../ui/icon.jsx'
import { s } from '../../words/studio.js'
import { Handset } from './handset.jsx'
import { mergeOf, tellOf, whyOf } from './telling.js'
import { ServerStrip } from './strip.jsx'

/** @typedef {import('./rehearsal.js').Rehearsal} Rehearsal */

/**
 * All of a rehearsal: what is rehearsed, the story, the phones with the server between
 * them, and what is told.
 * @param {{rehearsal: Rehearsal}} props
 */
export function Stage ({ rehearsal }) {
  const [, again] = useReducer((/** @type {number} */ n) => n + 1, 0)
  useEffect(() => rehearsal.subscribe(() => again(0)), [rehearsal])
  const { world, forms, step } = rehearsal
  if (!rehearsal.choices.length) return <Empty icon="edit" title={s('noFields')}><p>{s('noFieldsRehearse')}</p></Empty>
  const phone = (/** @type {number} */ i) => (
    <Handset
      device={world.devices[i]} other={world.devices[1 - i].name} form={forms[i]} title={rehearsal.read.title} active={!!step?.who.includes(i)}
      onConnect={(online) => world.connect(i, online)} onClock={(skew) => rehearsal.setClock(i, skew)}
    />
  )
  return (
    <section class="stage" aria-label={s('rehearsal')}>
      <Choose rehearsal={rehearsal} />
      <Story rehearsal={rehearsal} />
      <div class="scene">
        {phone(0)}
        <ServerStrip rehearsal={rehearsal} />
        {phone(1)}
      </div>
      <Told rehearsal={rehearsal} />
    </section>
  )
}

/** Which field, and how it merges. @param {{rehearsal: Rehearsal}} props */
function Choose ({ rehearsal }) {
  const { control, choices, focus, read } = rehearsal
  const field = read.type.fields?.find(({ path }) => path.length === 1 && path[0] === focus)
  return (
    <div class="choose">
      <div class="field">
        <label for="focus">{s('rehearseField')}</label>
        <select id="focus" value={focus} onChange={(event) => rehearsal.choose(event.currentTarget.value)}>
          {choices.map((one) => <option key={one.key} value={one.key}>{one.label} · {mergeOf(one)}</option>)}
          <option value="">{s('wholeForm')}</option>
        </select>
      </div>
      {control && <p class="hint">{whyOf({ why: field?.why, strategy: control.strategy })}</p>}
    </div>
  )
}

/** The prepared story: its button, and while it plays the step that it is at. @param {{rehearsal: Rehearsal}} props */
function Story ({ rehearsal }) {
  const { story, control, step, at, playing, ended, world, forms } = rehearsal
  const last = world.tales.findLast(({ what }) => what !== 'arrived')
  const begin = <Button kind="quiet" icon="restore" onClick={() => rehearsal.begin()}>{s('begin')}</Button>
  if (!story) return <div class="story"><p class="muted grow">{s('noStory')}</p>{begin}</div>
  if (!step) {
    const label = control ? s(story.apart ? 'bothMake' : 'bothEdit', { label: s('quoted', { value: control.label }) }) : s('bothEditAll')
    return <div class="story"><Button kind="primary" icon="play" onClick={() => rehearsal.play()}>{label}</Button>{begin}</div>
  }
  return (
    <div class="story on">
      <p class="grow" role="status"><span class="hint">{s('step', { at: at + 1, n: story.steps.length })}</span>{step.say}{last && <span class="came">{tellOf(last, (path) => forms[0].controlAt(path))}</span>}</p>
      <div class="row">
        {!ended && rehearsal.moves && (playing
          ? <Button icon="pause" label={s('pause')} onClick={() => rehearsal.pause()} />
          : <Button icon="play" label={s('play')} onClick={() => rehearsal.goOn()} />)}
        {!ended && <Button icon="chevron" onClick={() => rehearsal.next()}>{s('next')}</Button>}
        {ended && begin}
        <Button kind="quiet" icon="close" label={s('stop')} onClick={() => rehearsal.stop()} />
      </div>
    </div>
  )
}

/** What met, and what came of it, the latest first. @param {{rehearsal: Rehearsal}} props */
function Told ({ rehearsal }) {
  const { world, forms, problems } = rehearsal
  const told = world.tales.map((tale) => ({ tale, text: tellOf(tale, (path) => forms[0].controlAt(path)) })).reverse()
  return (
    <section class="told-all" aria-label={s('whatMerged')}>
      <h2>{s('whatMerged')}</h2>
      {problems.length > 0 && <Notice tone="warn" icon="alert">{s('attention', { message: problems[0].message })}</Notice>}
      {!told.length && <p class="muted">{s('nothingMerged')}</p>}
      <ol>
        {told.slice(0, 12).map(({ tale, text }, i) => (
          <li key={told.length - i} class={tale.what}><Icon name={icons[tale.what] ?? 'check'} /><span>{text}</span></li>
        ))}
      </ol>
      <p class="out" role="status">{told[0]?.text ?? ''}</p>
    </section>
  )
}

/** @type {{[what: string]: keyof typeof import('../../ui/icons.js').icons}} */
const icons = { arrived: 'up', apart: 'check', met: 'merge', row: 'merge', picked: 'check', numbered: 'star', ahead: 'clock', behind: 'clock' }
