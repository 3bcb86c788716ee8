import { useShared } from './context.js'
import { Choice } from './controls/choice.jsx'
import { Choices } from './controls/choices.jsx'
import { Counter } from './controls/counter.jsx'
import { Group } from './controls/group.jsx'
import { Keys } from './controls/keys.jsx'
import { List } from './controls/list.jsx'
import { Moment } from './controls/moment.jsx'
import { Notes } from './controls/notes.jsx'
import { NumberInput } from './controls/number.jsx'
import { Place } from './controls/place.jsx'
import { ReadOnly } from './controls/readonly.jsx'
import { Reference, References } from './controls/reference.jsx'
import { Rows } from './controls/rows.jsx'
import { Tags } from './controls/tags.jsx'
import { Text } from './controls/text.jsx'
import { YesNo } from './controls/yesno.jsx'

/** @type {{[kind in import('./model.js').Kind]: import('preact').FunctionComponent<import('./context.js').ControlProps>}} */
const kinds = {
  text: Text,
  long: Text,
  email: Text,
  phone: Text,
  link: Text,
  person: Text,
  notes: Notes,
  number: NumberInput,
  meter: NumberInput,
  counter: Counter,
  yesno: YesNo,
  choice: Choice,
  choices: Choices,
  tags: Tags,
  date: Moment,
  time: Moment,
  datetime: Moment,
  place: Place,
  group: Group,
  rows: Rows,
  list: List,
  keys: Keys,
  reference: Reference,
  references: References,
  serial: ReadOnly,
  const: ReadOnly,
  other: ReadOnly
}

/** Kinds that show themselves what nobody may write. */
const showsItself = new Set(['group', 'rows', 'notes', 'link', 'reference', 'references', 'place'])

/**
 * One field of the form, by its kind; nothing while its conditions do not hold.
 * @param {import('./context.js').ControlProps} props
 */
export function Field ({ control, path }) {
  const { form } = useShared()
  if (!form.visible(control, path)) return null
  const readOnly = control.readOnly || form.readOnly
  const Kind = readOnly && !showsItself.has(control.kind) ? ReadOnly : kinds[control.kind]
  return <Kind control={control} path={path} />
}

/**
 * The fields of an object, in order.
 * @param {{controls: import('./model.js').Control[], path: import('./path.js').Path}} props
 */
export function Fields ({ controls, path }) {
  return <>{controls.map((control) => <Field key={control.key} control={control} path={[...path, control.key]} />)}</>
}
