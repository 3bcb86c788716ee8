import { useState } from 'preact/hooks'
import { Button, LinkButton } from '../../ui/button.jsx'
import { t } from '../../words/words.js'
import { useField } from '../context.js'
import { Fields } from '../field.jsx'
import { Frame } from '../frame.jsx'
import { placeKeys } from '../model.js'
import { Whole } from './group.jsx'

/** How long a device may look for where it is, in ms. */
const patience = 20000

/**
 * Where something is: two numbers, which the device can fill in.
 * @param {import('../context.js').ControlProps} props
 */
export function Place ({ control, path }) {
  const field = useField(control, path)
  const [looking, setLooking] = useState(false)
  const [fault, setFault] = useState('')
  const [lat, long] = placeKeys(control) ?? ['lat', 'long']

  const here = () => {
    setFault('')
    setLooking(true)
    navigator.geolocation.getCurrentPosition(({ coords }) => {
      setLooking(false)
      field.choose({ ...field.form.source.get(path), [lat]: digits(coords.latitude), [long]: digits(coords.longitude) })
    }, (error) => {
      setLooking(false)
      setFault(t(error.code === error.PERMISSION_DENIED ? 'formPlaceForbidden' : 'formPlaceUnknown'))
    }, { enableHighAccuracy: true, timeout: patience, maximumAge: 10000 })
  }
  const known = typeof field.value?.[lat] === 'number' && typeof field.value?.[long] === 'number'
  const map = known ? `https://www.openstreetmap.org/?mlat=${field.value[lat]}&mlon=${field.value[long]}#map=17/${field.value[lat]}/${field.value[long]}` : ''
  return (
    <Frame control={control} path={path} group error={fault || undefined}>
      <Whole control={control} path={path}><div class="inner"><Fields controls={control.controls} path={path} /></div></Whole>
      <div class="row">
        {!field.readOnly && 'geolocation' in navigator && <Button icon="place" busy={looking} onClick={here}>{t(looking ? 'formLooking' : 'formWhereIAm')}</Button>}
        {known && <LinkButton kind="quiet" href={map} target="_blank" rel="noreferrer noopener">{t('formMap')}</LinkButton>}
        {known && !field.readOnly && !field.required && <Button kind="quiet" onClick={() => field.choose(undefined)}>{t('formClear')}</Button>}
      </div>
    </Frame>
  )
}

/** A place to about ten centimetres, which is more than a phone knows. @param {number} degrees */
const digits = (degrees) => Number(degrees.toFixed(6))
