import { Button } from '../../ui/button.jsx'
import { Icon } from '../../ui/icon.jsx'
import { formatMoment, t } from '../../words/words.js'
import { useShared } from '../context.js'
import { keyOf } from '../path.js'
import { Shown } from '../shown.js'

/**
 * Several values that were written at once and wait for somebody to pick one.
 * @param {import('../context.js').ControlProps} props
 */
export function Conflict ({ control, path }) {
  const { form } = useShared()
  const { source } = form
  if (!('document' in source)) return null
  const open = source.document.disagreements?.find((one) => keyOf(one.path) === keyOf(path))
  if (!open) return null
  return (
    <div class="disagreement">
      <p><Icon name="alert" /><span>{t('formSeveralValues', { n: open.values.length })}</span></p>
      <ul>
        {open.values.map((candidate, i) => (
          <li key={candidate.id ?? i}>
            <div class="grow"><strong><Shown control={control} value={candidate.absent ? undefined : candidate.value} /></strong><Written stamp={candidate.stamp} /></div>
            {!form.readOnly && !control.readOnly && (
              <Button onClick={() => form.write(control, path, () => source.pick(path, candidate.absent ? undefined : candidate.value))}>
                {t('formPick')}<span class="out"> <Shown control={control} value={candidate.absent ? undefined : candidate.value} /></span>
              </Button>
            )}
          </li>
        ))}
      </ul>
    </div>
  )
}

/**
 * When a value was written: the stamp begins with the time, 48 bits of ms in hex digits.
 * @param {{stamp: unknown}} props
 */
function Written ({ stamp }) {
  const text = typeof stamp === 'string' ? stamp : stamp && typeof stamp === 'object' && 'time' in stamp ? String(stamp.time) : ''
  const ms = parseInt(text.slice(0, 12), 16)
  return ms > 0 ? <span class="hint">{formatMoment(ms)}</span> : null
}
