// The sentences about what is wrong with a value, in English. They are word for word those
// of Go (schema/testdata/problems.json holds both to it). Another language is a module with
// the same names; a sentence that is missing there is said in English.

/**
 * What a sentence may speak of. Which of these are there depends on the rule.
 * @typedef {object} Facts
 * @property {string} label what the value is called, to begin a sentence with
 * @property {unknown} value what was given
 * @property {string} [shown] the same as it can stand in a sentence; none for lists and objects
 * @property {unknown} [limit] what the keyword says
 * @property {number} count how many characters, entries or fields there are
 * @property {string[]} types JSON types that are allowed
 * @property {string} got the JSON type of what was given
 * @property {string[]} values what may be chosen, the first twenty
 * @property {number} more how many more there are
 * @property {string} hint what the type says about the form, or ''
 * @property {string} key of a field
 * @property {string} text a sentence or a label that stands inside this one
 */

/**
 * What a record is called whose type has no title.
 * @type {string}
 */
export const record = 'The record'

/**
 * A row of a list; n is 0 where it has no number.
 * @param {number} n
 * @param {string} of
 */
export const row = (n, of) => `Row${n ? ' ' + n : ''} of ${of}`

/**
 * A field of a row.
 * @param {string} label
 * @param {number} n
 * @param {string} of
 */
export const inRow = (label, n, of) => `${label} in row${n ? ' ' + n : ''} of ${of}`

/**
 * An entry of something that has no rows of its own.
 * @param {number} n
 * @param {string} of
 */
export const entry = (n, of) => `Entry ${n} of ${of}`

/** @type {Record<string, string>} */
const types = {
  array: 'a list', boolean: 'true or false', integer: 'a whole number', null: 'nothing', number: 'a number', object: 'an object', string: 'text'
}

/** @type {Record<string, string>} */
const formats = {
  date: 'a date such as 2026-03-09',
  time: 'a time such as 14:30:00Z',
  'date-time': 'a date and time such as 2026-03-09T14:30:00Z',
  duration: 'a duration such as PT1H30M',
  email: 'an email address',
  hostname: 'a host name such as example.org',
  ipv4: 'an IPv4 address',
  ipv6: 'an IPv6 address',
  uri: 'a web address such as https://example.org',
  'uri-reference': 'a web address or a part of one',
  uuid: 'a UUID',
  'json-pointer': 'a JSON Pointer'
}

/** @param {Facts} f */
const shown = f => f.shown ?? 'what it holds'

/** @param {Facts} f */
const unlike = f => `; ${shown(f)} is not.`

/** @param {Facts} f */
const is = f => `; it is ${shown(f)}.`

/** @param {string[]} list */
const describe = list => {
  if (list.length === 0) return 'nothing that can be'
  if (list.length === 6 && !list.includes('integer')) return 'anything at all'
  const words = list.map(t => types[t])
  return words.length < 2 ? words[0] : `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`
}

/** @type {(one: string, many?: string) => (f: Facts) => string} */
const least = (one, many = one + 's') => f => `${f.label} needs at least ${f.limit} ${f.limit === 1 ? one : many}; it has ${f.count}.`

/** @type {(one: string, many?: string) => (f: Facts) => string} */
const most = (one, many = one + 's') => f => `${f.label} takes at most ${f.limit} ${f.limit === 1 ? one : many}; it has ${f.count}.`

/** @param {Facts} f */
const choice = f => `${f.label} must be ${f.values.length + f.more > 1 ? 'one of ' : ''}${f.values.join(', ')}${f.more ? ` and ${f.more} more` : ''}${unlike(f)}`

/** @param {Facts} f */
const unknown = f => `There is no field ${JSON.stringify(f.key)}.`

/** @param {Facts} f */
const tooMany = f => `${f.label} is one too many.`

/** @param {Facts} f */
const lacks = f => `${f.label} lacks an entry of the kind it must hold.`

/** @param {Facts} f */
const forms = f => `${f.label} must be ${describe(f.types)}, in one of the forms that the type allows.`

/**
 * The sentences, by what they are about: a keyword, or a name of ours.
 * @type {Record<string, (f: Facts) => string>}
 */
export const sentences = {
  required: f => `${f.label} is required.`,
  dependentRequired: f => `${f.label} is required when ${f.text} is filled in.`,
  type: f => `${f.label} must be ${describe(f.types)}, not ${f.got === 'null' ? 'null' : f.got === 'number' ? shown(f) : types[f.got]}.`,
  enum: choice,
  const: choice,
  format: f => `${f.label} must be ${formats[String(f.limit)]}${unlike(f)}`,
  pattern: f => `${f.label} does not have the form asked for${f.hint && ` (${f.hint})`}; ${shown(f)} does not fit.`,
  minimum: f => `${f.label} must be at least ${f.limit}${is(f)}`,
  maximum: f => `${f.label} must be at most ${f.limit}${is(f)}`,
  exclusiveMinimum: f => `${f.label} must be more than ${f.limit}${is(f)}`,
  exclusiveMaximum: f => `${f.label} must be less than ${f.limit}${is(f)}`,
  multipleOf: f => `${f.label} must be a multiple of ${f.limit}${unlike(f)}`,
  minLength: f => f.count ? least('character')(f) : `${f.label} must not be empty.`,
  maxLength: most('character'),
  minItems: least('entry', 'entries'),
  maxItems: most('entry', 'entries'),
  minProperties: least('field'),
  maxProperties: most('field'),
  uniqueItems: f => `${f.label} has an entry twice.`,
  contains: lacks,
  minContains: lacks,
  maxContains: f => `${f.label} holds too many entries of one kind.`,
  not: f => `${f.label} has a value that is not allowed here.`,
  anyOf: forms,
  oneOf: forms,
  severalOf: f => `${f.label} fits more than one of the forms it may have; it must fit exactly one.`,
  additionalProperties: unknown,
  unevaluatedProperties: unknown,
  items: tooMany,
  unevaluatedItems: tooMany,
  false: f => `${f.label} may not be filled in.`,
  unchecked: f => `${f.label} can not be checked.`,

  emptyKey: () => 'A field\'s key is empty.',
  longKey: f => `The key ${JSON.stringify([...f.key].slice(0, 32).join('') + '…')} is longer than 128 bytes.`,
  protoKey: () => 'The key "__proto__" means something else to JavaScript.',
  controlKey: f => `The key ${JSON.stringify(f.key)} has a control character.`,
  noField: f => `${f.label} has no field ${JSON.stringify(f.key)}.`,
  noKey: f => `${JSON.stringify(f.key)} can be no key of ${f.label}: ${f.text}`,

  whole: f => `${f.label} can not be written as a whole; name a field.`,
  parts: f => `${f.label} changes as a whole, not in parts.`,
  serial: f => `${f.label} is numbered by the server, so nobody else can change it.`,
  operation: f => `${f.label} merges as "${f.limit}", which has no operation "${f.text}".`,
  amount: f => `${f.label} takes a number to add.`,
  wholeAmount: f => `${f.label} takes a whole number to add.`
}
