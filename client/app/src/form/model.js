// What a form is made of: the fields of a type as sections of controls. Pure: from the
// type as the server sends it to plain data that the components draw.
//
// Annotations that only the form reads: "x-section" (the heading that a field and those
// after it stand under), "x-when" (a condition: the field shows only where it holds; in
// a row it speaks of the row's own fields), "x-input" (long, phone, person: how people
// enter a text) and "x-unit" (what a number counts in).

import { choiceWords, isPerson } from '../list/fields.js'
import { below, branches, fits, isObject, requiring, rootSpot, say } from './schemas.js'

/**
 * @typedef {import('./schemas.js').Spot} Spot
 *
 * How a value is entered.
 * @typedef {'text' | 'long' | 'notes' | 'number' | 'counter' | 'meter' | 'yesno' | 'choice' | 'choices' | 'tags' | 'date' | 'time' |
 *   'datetime' | 'email' | 'phone' | 'link' | 'person' | 'place' | 'group' | 'rows' | 'list' | 'keys' | 'reference' |
 *   'references' | 'serial' | 'const' | 'other'} Kind
 *
 * @typedef {{value: unknown, label: string}} Option
 *
 * What a control's being there, or being required, hangs on: a condition, or a schema
 * that is fitted or not, by what stands depth steps down the control's path.
 * @typedef {{condition: unknown, depth: number} | import('./schemas.js').Branch} Test
 *
 * One field of the form.
 * @typedef {object} Control
 * @property {string[]} path `*` for a row and for any key
 * @property {string} key
 * @property {Kind} kind
 * @property {string} strategy as the plan has it; '' inside what changes as a whole
 * @property {string} label
 * @property {string} help
 * @property {boolean} required
 * @property {boolean} readOnly
 * @property {boolean} deprecated shown only where it is filled in
 * @property {boolean} indexed people often ask by it, so what others wrote is worth offering
 * @property {boolean} conflict two values can wait for a pick
 * @property {boolean} whole what is below changes as one value
 * @property {boolean} nullable empty is written as null where the field is required
 * @property {Option[]} options of choice and choices
 * @property {Limits} limits
 * @property {string} unit
 * @property {string} type of the value, or of each element of a set: string, number, integer, …
 * @property {string} refers the type that a reference names
 * @property {boolean} markdown
 * @property {unknown} preset what a new record starts with; undefined: nothing
 * @property {Test[]} when all must hold for the control to show
 * @property {Test[]} requires any makes it required
 * @property {Control[]} controls of a group, and of each row of rows
 * @property {Control | null} row of list and keys: what one element is entered with
 *
 * @typedef {{minimum?: number, maximum?: number, minLength?: number, maxLength?: number, multipleOf?: number, minItems?: number, maxItems?: number}} Limits
 *
 * @typedef {{title: string, controls: Control[]}} Section
 *
 * A type on the device, as the SDK lists it.
 * @typedef {object} Type
 * @property {string} name
 * @property {string} [title]
 * @property {number} [version]
 * @property {any} schema
 * @property {Field[]} fields
 * @property {{create?: boolean, readOnly?: string[]} | null} [grant]
 *
 * A field of the plan, as the server sends it.
 * @typedef {object} Field
 * @property {string[]} path
 * @property {string} title
 * @property {string} [description]
 * @property {string} strategy
 * @property {string} [why]
 * @property {string} type
 * @property {string} [format]
 * @property {unknown[]} [enum]
 * @property {boolean} [required]
 * @property {boolean} [unique]
 * @property {boolean} [index]
 * @property {string} [serial]
 * @property {string} [reference]
 * @property {unknown} [default]
 * @property {boolean} [deprecated]
 */

/**
 * The sections of a type's form, in order.
 * @param {Type} type
 * @returns {Section[]}
 */
export function sectionsOf (type) {
  const reader = new Reader(type)
  const titles = reader.sectionTitles()
  /** @type {Section[]} */
  const sections = []
  reader.controls([], rootSpot(type.schema)).forEach((control, i) => {
    let section = sections.find(({ title }) => title === titles[i])
    if (!section) sections.push(section = { title: titles[i], controls: [] })
    section.controls.push(control)
  })
  return sections
}

/** Reads controls from one type. */
class Reader {
  /** @param {Type} type */
  constructor (type) {
    this.type = type
    /** @type {Map<string, Field[]>} */
    this.below = new Map()
    for (const field of type.fields) {
      const parent = field.path.slice(0, -1).join('\0')
      const list = this.below.get(parent)
      if (list) list.push(field)
      else this.below.set(parent, [field])
    }
  }

  /** The section of each field of the record: its own, else that of the field before it. */
  sectionTitles () {
    const root = rootSpot(this.type.schema)
    let title = ''
    return this.fieldsAt([]).map(({ path }) => {
      const own = say(below(this.type.schema, root, path[0]), 'x-section')
      return title = typeof own === 'string' ? own : title
    })
  }

  /** @param {string[]} path */
  fieldsAt (path) {
    return this.below.get(path.join('\0')) ?? []
  }

  /**
   * The controls of an object's own fields.
   * @param {string[]} path
   * @param {Spot} spot
   * @returns {Control[]}
   */
  controls (path, spot) {
    return this.fieldsAt(path).filter(({ path: p }) => p.at(-1) !== '*').map((field) => this.control(field, spot))
  }

  /**
   * @param {Field} field
   * @param {Spot} parent the place of the object or list that holds it
   * @returns {Control}
   */
  control (field, parent) {
    const key = field.path[field.path.length - 1]
    const spot = below(this.type.schema, parent, key)
    const control = plain(field.path, spot, field)
    const condition = say(spot, 'x-when')
    if (condition !== undefined) control.when.push({ condition, depth: field.path.lastIndexOf('*', field.path.length - 2) + 1 })
    control.when.push(...branches(parent, key))
    control.requires = requiring(parent, key)
    control.readOnly ||= this.type.grant?.readOnly?.includes(field.path[0]) ?? false
    this.fill(control, field, spot)
    return control
  }

  /**
   * Adds to a control what is below it.
   * @param {Control} control
   * @param {Field} field
   * @param {Spot} spot
   */
  fill (control, field, spot) {
    const rest = this.fieldsAt(field.path).find(({ path }) => path.at(-1) === '*')
    switch (field.strategy) {
      case 'map':
        control.controls = this.controls(field.path, spot)
        if (rest) control.row = this.control(rest, spot)
        control.kind = control.controls.length ? 'group' : control.row && simple(control.row) ? 'keys' : 'other'
        break
      case 'list':
        if (rest) control.row = this.control(rest, spot)
        fillList(control)
        break
      case 'set':
        fillSet(control, below(this.type.schema, spot, '*'))
        break
      case 'register':
        if (field.type === 'object') fillWhole(control, this.type.schema, spot)
    }
    if (control.readOnly || control.kind === 'other') markReadOnly(control)
  }
}

/** @param {Control} control */
function fillList (control) {
  const row = control.row
  if (row?.kind === 'group') {
    control.kind = 'rows'
    control.controls = row.controls
    control.whole = row.whole
  } else control.kind = row && simple(row) ? 'list' : 'other'
}

/** @param {Control} control @param {Spot} items */
function fillSet (control, items) {
  control.options = optionsOf(items, undefined)
  control.type = typeOf(items)
  control.refers = text(items, 'x-ref')
  control.row = plain([...control.path, '*'], items, undefined)
  control.kind = control.options.length ? 'choices' : control.refers ? 'references' : ['string', 'number', 'integer'].includes(control.type) ? 'tags' : 'other'
}

/**
 * An object whose parts change together: a place on the map, or a group of plain values.
 * @param {Control} control
 * @param {unknown} root
 * @param {Spot} spot
 */
function fillWhole (control, root, spot) {
  control.whole = true
  const properties = spot.must.flatMap((node) => isObject(node.properties) ? Object.keys(node.properties) : [])
  control.controls = [...new Set(properties)].map((key) => {
    const at = below(root, spot, key)
    const required = spot.must.some((node) => Array.isArray(node.required) && node.required.includes(key))
    return { ...plain([...control.path, key], at, undefined), required, strategy: '' }
  })
  const parts = control.controls
  if (parts.length && parts.every(simple)) control.kind = placeKeys(control) ? 'place' : 'group'
  else control.kind = 'other'
}

/**
 * What nobody may write, nor anything below it.
 * @param {Control} control
 */
function markReadOnly (control) {
  control.readOnly = true
  for (const one of [...control.controls, ...control.row ? [control.row] : []]) markReadOnly(one)
}

/** Kinds that hold one plain value. */
const simple = (/** @type {Control} */ { kind }) => !['group', 'rows', 'list', 'keys', 'tags', 'choices', 'references', 'place', 'other', 'notes', 'counter'].includes(kind)

/**
 * The keys of latitude and longitude of a place, undefined when it is none.
 * @param {Control} control
 * @returns {[string, string] | undefined}
 */
export function placeKeys ({ controls }) {
  const number = (/** @type {RegExp} */ name) => controls.find(({ key, kind }) => kind === 'number' && name.test(key))?.key
  const lat = number(/^lat(itude)?$/i)
  const long = number(/^(lon|lng|long|longitude)$/i)
  return lat && long && controls.length === 2 ? [lat, long] : undefined
}

/**
 * The control of a place by itself, without what is below it.
 * @param {string[]} path
 * @param {Spot} spot
 * @param {Field | undefined} field undefined for parts of a whole and elements of a set
 * @returns {Control}
 */
function plain (path, spot, field) {
  const key = path[path.length - 1]
  const strategy = field?.strategy ?? 'register'
  const type = typeOf(spot, field)
  const constant = say(spot, 'const')
  const options = optionsOf(spot, field)
  const kind = kindOf(strategy, type, spot, field, options)
  return {
    path, key, kind, strategy, type, options,
    label: field?.title ?? (text(spot, 'title') || inWords(key)),
    help: field?.description ?? text(spot, 'description'),
    required: field?.required ?? false,
    readOnly: strategy === 'serial' || kind === 'const' || say(spot, 'readOnly') === true,
    deprecated: field?.deprecated ?? say(spot, 'deprecated') === true,
    indexed: field?.index ?? false,
    conflict: strategy === 'conflict',
    whole: false,
    nullable: [say(spot, 'type')].flat().includes('null'),
    limits: limitsOf(spot),
    unit: text(spot, 'x-unit'),
    refers: field?.reference ?? text(spot, 'x-ref'),
    markdown: say(spot, 'contentMediaType') === 'text/markdown',
    preset: field?.default ?? (kind === 'const' ? constant : say(spot, 'default')),
    when: [], requires: [], controls: [], row: null
  }
}

/**
 * @param {string} strategy
 * @param {string} type
 * @param {Spot} spot
 * @param {Field | undefined} field
 * @param {Option[]} options
 * @returns {Kind}
 */
function kindOf (strategy, type, spot, field, options) {
  if (strategy === 'serial') return 'serial'
  if (type === 'boolean') return 'yesno'
  if (options.length === 1 && spot.must.some((node) => 'const' in node)) return 'const'
  if (options.length) return 'choice'
  if (type === 'number' || type === 'integer') {
    if (strategy === 'counter') return 'counter'
    return strategy === 'max' || strategy === 'min' ? 'meter' : 'number'
  }
  if (type !== 'string') return 'other'
  return textKind(strategy, spot, field)
}

/** @type {{[format: string]: Kind}} */
const formats = { date: 'date', time: 'time', 'date-time': 'datetime', email: 'email', uri: 'link', 'uri-reference': 'link' }

/** @type {{[input: string]: Kind}} */
const inputs = { long: 'long', phone: 'phone', person: 'person' }

/**
 * @param {string} strategy
 * @param {Spot} spot
 * @param {Field | undefined} field
 * @returns {Kind}
 */
function textKind (strategy, spot, field) {
  const key = field?.path.at(-1) ?? ''
  if (strategy === 'text') return 'notes'
  if (text(spot, 'x-ref')) return 'reference'
  const asked = inputs[text(spot, 'x-input')] ?? formats[field?.format ?? text(spot, 'format')]
  if (asked) return asked
  if (field && isPerson(/** @type {any} */ (field))) return 'person'
  if (/phone|mobile|telefon|handy/i.test(key)) return 'phone'
  return say(spot, 'maxLength') > 200 ? 'long' : 'text'
}

/** @param {Spot} spot @param {Field} [field] */
function typeOf (spot, field) {
  const types = [say(spot, 'type') ?? []].flat().filter((type) => type !== 'null')
  if (types.length === 1) return types[0]
  if (field && field.type !== 'any' && field.type !== 'null') return field.type
  const constant = say(spot, 'const') ?? say(spot, 'enum')?.[0]
  return types.length ? 'any' : constant === undefined ? 'any' : typeof constant
}

/**
 * The choices of a place. Choices written as oneOf or anyOf of const can have titles.
 * @param {Spot} spot
 * @param {Field | undefined} field
 * @returns {Option[]}
 */
function optionsOf (spot, field) {
  const titled = spot.must.flatMap((node) => node.oneOf ?? node.anyOf ?? [])
  if (titled.length && titled.every((one) => isObject(one) && 'const' in one)) {
    return titled.map((one) => ({ value: one.const, label: one.title ?? choiceWords(one.const) }))
  }
  const constants = spot.must.filter((node) => 'const' in node).map((node) => node.const)
  const values = field?.enum ?? spot.must.find((node) => Array.isArray(node.enum))?.enum ?? constants
  return values.filter((/** @type {unknown} */ value) => value !== null).map((/** @type {unknown} */ value) => ({ value, label: choiceWords(value) }))
}

/** @param {Spot} spot @returns {Limits} */
function limitsOf (spot) {
  /** @type {Limits} */
  const limits = {}
  for (const word of /** @type {const} */ (['minimum', 'maximum', 'minLength', 'maxLength', 'multipleOf', 'minItems', 'maxItems'])) {
    const bound = say(spot, word)
    if (typeof bound === 'number') limits[word] = bound
  }
  return limits
}

/** @param {Spot} spot @param {string} word */
function text (spot, word) {
  const said = say(spot, word)
  return typeof said === 'string' ? said : ''
}

/**
 * A key in words: contact_email and contactEmail are "Contact email".
 * @param {string} key
 */
export function inWords (key) {
  const words = key.replace(/([a-z0-9])([A-Z])/g, '$1 $2').replace(/[_-]+/g, ' ').trim().toLowerCase()
  return words ? words[0].toUpperCase() + words.slice(1) : key
}

/**
 * Whether a test holds.
 * @param {Test} test
 * @param {unknown} value what stands test.depth steps down the control's path: the record, or a row
 * @param {(condition: unknown, value: unknown) => boolean} matches
 * @param {boolean} [unknown] what is said of a test that cannot be made here
 */
export function holds (test, value, matches, unknown = true) {
  if ('condition' in test) return matches(test.condition, value)
  const answer = fits(test.schema, value ?? {})
  return answer === undefined ? unknown : answer === test.is
}

/**
 * What a new record starts with: the defaults of its fields.
 * @param {Control[]} controls
 * @returns {{[key: string]: unknown}}
 */
export function presets (controls) {
  /** @type {{[key: string]: unknown}} */
  const value = {}
  for (const control of controls) {
    const own = control.preset ?? (control.kind === 'group' && !control.whole ? presets(control.controls) : undefined)
    if (own !== undefined && !(isObject(own) && !Object.keys(own).length)) value[control.key] = own
  }
  return value
}
