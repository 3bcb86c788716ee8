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

/** @typedef {(f: Facts) => string} Sentence */

/** @type {Sentence} */
const shown = f => f.shown ?? 'what it holds'

/** @type {Sentence} */
const kinds = ({ types: list }) => {
  if (list.length === 0) return 'nothing that can be'
  if (list.length === 6 && !list.includes('integer')) return 'anything at all'
  const words = list.map(t => types[t])
  return words.length < 2 ? words[0] : `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`
}

/** @type {(rest: string) => Sentence} */
const says = rest => f => `${f.label} ${rest}.`

/** @type {(words: string) => Sentence} */
const bound = words => f => `${f.label} must be ${words} ${f.limit}; it is ${shown(f)}.`

/** @type {(what: Sentence) => Sentence} */
const unlike = what => f => `${f.label} must be ${what(f)}; ${shown(f)} is not.`

/** @type {(words: string, one: string, many?: string) => Sentence} */
const count = (words, one, many = one + 's') => f => `${f.label} ${words} ${f.limit} ${f.limit === 1 ? one : many}; it has ${f.count}.`

const few = 'needs at least'
const many = 'takes at most'

const choice = unlike(f => (f.values.length + f.more > 1 ? 'one of ' : '') + f.values.join(', ') + (f.more ? ` and ${f.more} more` : ''))

/** @type {Sentence} */
const key = f => JSON.stringify(f.key)

/** @type {Sentence} */
const unknown = f => `There is no field ${key(f)}.`
const tooMany = says('is one too many')
const lacks = says('lacks an entry of the kind it must hold')

/** @type {Sentence} */
const forms = f => `${f.label} must be ${kinds(f)}, in one of the forms that the type allows.`

/**
 * The sentences, by what they are about: a keyword, or a name of ours.
 * @type {Record<string, Sentence>}
 */
export const sentences = {
  required: says('is required'),
  dependentRequired: f => `${f.label} is required when ${f.text} is filled in.`,
  type: f => `${f.label} must be ${kinds(f)}, not ${f.got === 'null' ? f.got : f.got === 'number' ? shown(f) : types[f.got]}.`,
  enum: choice,
  const: choice,
  format: unlike(f => formats[String(f.limit)]),
  pattern: f => `${f.label} does not have the form asked for${f.hint && ` (${f.hint})`}; ${shown(f)} does not fit.`,
  minimum: bound('at least'),
  maximum: bound('at most'),
  exclusiveMinimum: bound('more than'),
  exclusiveMaximum: bound('less than'),
  multipleOf: unlike(f => `a multiple of ${f.limit}`),
  minLength: f => (f.count ? count(few, 'character') : says('must not be empty'))(f),
  maxLength: count(many, 'character'),
  minItems: count(few, 'entry', 'entries'),
  maxItems: count(many, 'entry', 'entries'),
  minProperties: count(few, 'field'),
  maxProperties: count(many, 'field'),
  uniqueItems: says('has an entry twice'),
  contains: lacks,
  minContains: lacks,
  maxContains: says('holds too many entries of one kind'),
  not: says('has a value that is not allowed here'),
  anyOf: forms,
  oneOf: forms,
  severalOf: says('fits more than one of the forms it may have; it must fit exactly one'),
  additionalProperties: unknown,
  unevaluatedProperties: unknown,
  items: tooMany,
  unevaluatedItems: tooMany,
  false: says('may not be filled in'),
  unchecked: says('can not be checked'),

  emptyKey: () => 'A field\'s key is empty.',
  longKey: f => `The key ${JSON.stringify([...f.key].slice(0, 32).join('') + '…')} is longer than 128 bytes.`,
  protoKey: () => 'The key "__proto__" means something else to JavaScript.',
  controlKey: f => `The key ${key(f)} has a control character.`,
  noField: f => `${f.label} has no field ${key(f)}.`,
  noKey: f => `${key(f)} can be no key of ${f.label}: ${f.text}`,

  whole: says('can not be written as a whole; name a field'),
  parts: says('changes as a whole, not in parts'),
  serial: says('is numbered by the server, so nobody else can change it'),
  operation: f => `${f.label} merges as "${f.limit}", which has no operation "${f.text}".`,
  amount: says('takes a number to add'),
  wholeAmount: says('takes a whole number to add')
}
