import { t } from '../../words/words.js'
import { useField } from '../context.js'
import { Frame } from '../frame.jsx'
import { isObject } from '../schemas.js'
import { textOf } from '../shown.js'
import { Go } from './text.jsx'

/**
 * What nobody may write here: a number that the server gives, what is always the same,
 * what the grant or the type keeps as it is, and values of kinds that have no control.
 * @param {import('../context.js').ControlProps} props
 */
export function ReadOnly ({ control, path }) {
  const { value } = useField(control, path)
  return (
    <Frame control={{ ...control, readOnly: true }} path={path}>
      <div class="beside">
        <div class="fixed"><Value control={control} value={value} /></div>
        <Go control={control} value={value} />
      </div>
    </Frame>
  )
}

/** @param {{control: import('../model.js').Control, value: unknown}} props */
function Value ({ control, value }) {
  if (value === undefined || value === null) return <span class="muted">{control.kind === 'serial' ? t('formNoNumber') : t('formNothing')}</span>
  if (control.kind === 'other' && (isObject(value) || Array.isArray(value))) return <pre>{JSON.stringify(value, null, 2)}</pre>
  return <>{textOf(control, value)}</>
}
