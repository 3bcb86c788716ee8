import { useShared } from '../context.js'
import { Fields } from '../field.jsx'
import { Frame } from '../frame.jsx'
import { Keys } from './keys.jsx'
import { inside } from './rows.jsx'

/**
 * Several fields that belong together, such as an address.
 * @param {import('../context.js').ControlProps} props
 */
export function Group ({ control, path }) {
  return (
    <Frame control={control} path={path} group>
      <Whole control={control} path={path}>
        <div class="inner"><Fields controls={control.controls} path={path} /></div>
      </Whole>
      {control.row && <Keys control={control} path={path} bare />}
    </Frame>
  )
}

/**
 * Writes parts that change together when the focus leaves all of them.
 * @param {import('../context.js').ControlProps & {children: import('preact').ComponentChildren}} props
 */
export function Whole ({ control, path, children }) {
  const { form } = useShared()
  if (!control.whole) return <>{children}</>
  return <div onFocusOut={(event) => { if (!inside(event)) form.leaveWhole(control, path) }}>{children}</div>
}
