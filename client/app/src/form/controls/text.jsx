import { useEffect, useState } from 'preact/hooks'
import { Button, LinkButton } from '../../ui/button.jsx'
import { t } from '../../words/words.js'
import { useField, useShared } from '../context.js'
import { Frame, inputProps } from '../frame.jsx'
import { ReadOnly } from './readonly.jsx'

/**
 * What each kind asks of the keyboard, as attributes of its input.
 * @type {{[kind: string]: {inputMode?: 'email' | 'url', autoCapitalize?: 'none', autoComplete?: string, spellcheck?: boolean, placeholder?: string}}}
 */
const keyboards = {
  email: { inputMode: 'email', autoCapitalize: 'none', autoComplete: 'off', spellcheck: false },
  phone: { autoComplete: 'off' },
  link: { inputMode: 'url', autoCapitalize: 'none', autoComplete: 'off', spellcheck: false, placeholder: 'https://' },
  person: { autoComplete: 'off', autoCapitalize: 'none', spellcheck: false }
}

/**
 * Texts of one line or of several, and what is written like one: an address for mail, a
 * phone number, a link, a person.
 * @param {import('../context.js').ControlProps} props
 */
export function Text ({ control, path }) {
  const field = useField(control, path)
  if (field.readOnly) return <ReadOnly control={control} path={path} />
  const common = {
    ...inputProps(control, path, field),
    value: field.value ?? '',
    onInput: (/** @type {any} */ event) => field.type({ value: event.currentTarget.value }),
    onBlur: field.leave
  }
  if (control.kind === 'long') {
    return <Frame control={control} path={path}><textarea rows={3} {...common} /></Frame>
  }
  const offers = path.length === 1 && (control.kind === 'person' || (control.kind === 'text' && control.indexed))
  const more = keyboards[control.kind]
  return (
    <Frame control={control} path={path}>
      <div class="beside">
        <input type={control.kind === 'phone' ? 'tel' : 'text'} {...more} {...common} list={offers ? common.id + '-known' : undefined} />
        {control.kind === 'person' ? <Me field={field} /> : <Go control={control} value={field.value} />}
      </div>
      {offers && <Known id={common.id + '-known'} control={control} />}
    </Frame>
  )
}

/** @param {{field: ReturnType<typeof useField>}} props */
function Me ({ field }) {
  const { others: { me } } = useShared()
  if (!me || field.value === me) return null
  return <Button icon="person" onClick={() => field.choose(me)}>{t('formMe')}</Button>
}

/**
 * What other records have here, to choose from while typing.
 * @param {{id: string, control: import('../model.js').Control}} props
 */
function Known ({ id, control }) {
  const { others } = useShared()
  const [names, setNames] = useState(/** @type {string[]} */ ([]))
  useEffect(() => {
    let there = true
    others.known(control).then((found) => { if (there) setNames(found) }, () => {})
    return () => { there = false }
  }, [])
  return <datalist id={id}>{names.map((name) => <option key={name} value={name} />)}</datalist>
}

/**
 * Goes where a value points: writes a mail, calls, opens a page.
 * @param {{control: import('../model.js').Control, value: unknown}} props
 */
export function Go ({ control, value }) {
  if (typeof value !== 'string' || !value) return null
  if (control.kind === 'email' && value.includes('@')) return <LinkButton icon="mail" href={'mailto:' + encodeURIComponent(value).replace('%40', '@')} label={t('formWriteTo', { to: value })} />
  if (control.kind === 'phone' && /\d{3}/.test(value)) return <LinkButton icon="phone" href={'tel:' + value.replace(/[^\d+*#]/g, '')} label={t('formCall', { to: value })} />
  if (control.kind === 'link' && /^https?:\/\/./i.test(value)) return <LinkButton icon="link" href={value} target="_blank" rel="noreferrer noopener" label={t('formOpenLink', { to: value })} />
  return null
}
