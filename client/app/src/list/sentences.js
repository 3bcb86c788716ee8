// What a view of the server asks for, as sentences in the language of the app.

import { parseCondition, sentence } from '../../../js/src/schema/condition.js'
import { english } from '../../../js/src/schema/condition_sentence.js'
import { language, t } from '../words/words.js'
import { showValue } from './fields.js'

/** @typedef {import('../../../js/src/schema/condition_sentence.js').ConditionWords} ConditionWords */

/**
 * Shows a value as the list does; what somebody wrote stands in quotation marks.
 * @type {ConditionWords['show']}
 */
const show = (value, title, field) => {
  const text = title || (field ? showValue(field, value) : String(value))
  return text === value ? t('quoted', { text }) : text
}

/** @type {ConditionWords} */
const german = {
  always: 'immer',
  never: 'nie',
  and: ' und ',
  or: ' oder ',
  not: (inner) => `nicht (${inner})`,
  ops: {
    is: 'ist', not: 'ist nicht', has: 'hat', contains: 'enthält', starts: 'beginnt mit',
    above: 'ist größer als', below: 'ist kleiner als', from: 'ist mindestens', to: 'ist höchstens'
  },
  times: { above: 'ist nach', below: 'ist vor', from: 'ist nicht vor', to: 'ist nicht nach' },
  empty: 'ist leer',
  filled: 'ist ausgefüllt',
  noValue: 'hat keinen Wert',
  aValue: 'hat einen Wert',
  nothing: 'ist eines von nichts',
  oneOf: (list) => `ist ${list.slice(0, -1).join(', ')} oder ${list.at(-1)}`,
  more: (n) => `${n} weitere`,
  values: { '"$me"': 'ich', '"$now"': 'jetzt', '"$today"': 'heute', true: 'Ja', false: 'Nein', null: 'kein Wert' },
  whole: { 'is "$me"': 'bin ich', 'not "$me"': 'bin nicht ich', 'has "$me"': 'hat mich' },
  show
}

/**
 * What a view asks for, a sentence for each part of it, all of which hold.
 * @param {import('./shared.js').View} view
 * @param {import('../../../js/src/schema/condition.js').Fields} type
 * @returns {string[]}
 */
export function viewSentences ({ where, search, state }, type) {
  const words = language() === 'de' ? german : { ...english, show }
  const condition = where ? parseCondition(where) : undefined
  const parts = condition?.op === 'all' ? condition.subs : condition ? [condition] : []
  return [
    ...parts.map((part) => sentence(part, type, words)),
    ...(search ? [`${t('search')}: ${t('quoted', { text: search })}`] : []),
    ...(state === 'trash' ? [t('showTrash')] : [])
  ]
}
