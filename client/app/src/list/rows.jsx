import { Component } from 'preact'
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks'
import { Chip } from '../ui/chip.jsx'
import { Icon } from '../ui/icon.jsx'
import { language, t } from '../words/words.js'
import { isChoice, isDay, keyOf, nameOf, showValue, tellingFields } from './fields.js'

/**
 * @typedef {import('../app/types.js').Document} Document
 * @typedef {import('../app/types.js').Type} Type
 */

/** Records that are drawn, or not drawn, together. */
const chunk = 25

/** How far beyond the edge of the screen rows are drawn. */
const near = '1200px 0px'

/** What a row is high before it was drawn, in px. */
const guess = 84

/** @type {Map<string, {limit?: number, top?: number, heights: Map<number, number>}>} */
const memories = new Map()

/**
 * What is kept of a list while another page is shown, so that "back" comes back to where
 * one was: how far it reached, where it stood, how high its parts are.
 * @param {string} place
 */
export function memory (place) {
  const at = place.replace(/\?$/, '')
  let known = memories.get(at)
  if (!known) memories.set(at, known = { heights: new Map() })
  return known
}

/**
 * The rows of a list. Only what is near the screen is in the page: the rest is empty
 * space of the right height, so that ten thousand records scroll as a hundred do.
 * @param {{place: string, type: Type, documents: Document[], onMore: () => void}} props
 */
export function Rows ({ place, type, documents, onMore }) {
  const end = useRef(/** @type {HTMLDivElement | null} */ (null))
  const more = useRef(onMore)
  more.current = onMore
  const kept = memory(place)
  useLayoutEffect(() => {
    scrollTo(0, kept.top ?? 0)
    const remember = () => { kept.top = scrollY }
    addEventListener('scroll', remember, { passive: true })
    return () => removeEventListener('scroll', remember)
  }, [])
  useEffect(() => {
    const observer = new IntersectionObserver(([entry]) => entry.isIntersecting && more.current(), { rootMargin: '2400px 0px' })
    observer.observe(/** @type {HTMLDivElement} */ (end.current))
    return () => observer.disconnect()
  }, [documents.length])
  const chunks = []
  for (let i = 0; i < documents.length; i += chunk) {
    chunks.push(<Chunk key={i} at={i} type={type} documents={documents.slice(i, i + chunk)} heights={kept.heights} language={language()} first={!kept.top && i === 0} />)
  }
  return <div class="rows" role="list">{chunks}<div ref={end} class="end" /></div>
}

/**
 * Some rows that are there together or not at all.
 * @extends {Component<{at: number, type: Type, documents: Document[], heights: Map<number, number>, language: string, first: boolean}, {shown: boolean}>}
 */
class Chunk extends Component {
  /** @type {HTMLDivElement | null} */
  element = null
  /** @type {IntersectionObserver | null} */
  observer = null

  /** @param {any} props */
  constructor (props) {
    super(props)
    this.state = { shown: props.first }
  }

  /**
   * Documents that did not move are the same objects as before, so this is a quick look.
   * @param {Chunk['props']} next
   * @param {{shown: boolean}} state
   */
  shouldComponentUpdate (next, state) {
    const { documents } = this.props
    return state.shown !== this.state.shown || next.type !== this.props.type || next.language !== this.props.language ||
      next.documents.length !== documents.length || (state.shown && next.documents.some((d, i) => d !== documents[i]))
  }

  componentDidMount () {
    this.observer = new IntersectionObserver((entries) => this.setState({ shown: entries[entries.length - 1].isIntersecting }), { rootMargin: near })
    if (this.element) this.observer.observe(this.element)
    this.measure()
  }

  componentDidUpdate () {
    this.measure()
  }

  componentWillUnmount () {
    this.observer?.disconnect()
  }

  measure () {
    const { at, documents, heights } = this.props
    if (this.state.shown && this.element) heights.set(at, this.element.offsetHeight * chunk / documents.length)
  }

  render () {
    const { at, type, documents, heights } = this.props
    const { shown } = this.state
    const high = (heights.get(at) ?? guess * chunk) * documents.length / chunk
    return (
      <div class="chunk" role="presentation" ref={(element) => { this.element = element }} style={shown ? { height: '' } : { height: high + 'px' }}>
        {shown && documents.map((d) => <Row key={d.id} type={type} document={d} />)}
      </div>
    )
  }
}

/** @param {{type: Type, document: Document}} props */
function Row ({ type, document: { id, value, pending, deleted, problems } }) {
  const told = tellingFields(type).map((field) => ({ field, text: showValue(field, value[keyOf(field)]) })).filter(({ text }) => text)
  return (
    <div role="listitem" class="record-row">
      <a href={`#/${type.name}/${id}`}>{nameOf(type, value)}</a>
      <div class="told-line">
        {told.map(({ field, text }) => isChoice(field)
          ? <Chip key={field.title}>{text}</Chip>
          : <span key={field.title} class="fact"><span class="out">{field.title}: </span>{isDay(field) && <Icon name="calendar" />}{text}</span>)}
      </div>
      {(pending || deleted || problems?.length > 0) && (
        <div class="chips">
          {pending && <Chip icon="clock" tone="warn">{t('markPending')}</Chip>}
          {problems?.length > 0 && <Chip icon="alert" tone="bad">{t('markAttention')}</Chip>}
          {deleted && <Chip icon="trash">{t('markTrash')}</Chip>}
        </div>
      )}
    </div>
  )
}
