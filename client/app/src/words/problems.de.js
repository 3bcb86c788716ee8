// German: what is wrong with a value. The same names as messages.js of the SDK, which
// says in English what is missing here.

/** @typedef {import('../../../js/src/schema/messages.js').Facts} Facts */

export const record = 'Der Datensatz'

/** @param {number} n @param {string} of */
export const row = (n, of) => `Zeile${n ? ' ' + n : ''} von ${of}`

/** @param {string} label @param {number} n @param {string} of */
export const inRow = (label, n, of) => `${label} in Zeile${n ? ' ' + n : ''} von ${of}`

/** @param {number} n @param {string} of */
export const entry = (n, of) => `Eintrag ${n} von ${of}`

/** @type {Record<string, string>} */
const types = {
  array: 'eine Liste', boolean: 'ja oder nein', integer: 'eine ganze Zahl', null: 'leer', number: 'eine Zahl', object: 'ein Objekt', string: 'Text'
}

/** @type {Record<string, string>} */
const formats = {
  date: 'ein Datum sein', time: 'eine Uhrzeit sein', 'date-time': 'ein Datum mit Uhrzeit sein', duration: 'eine Dauer wie PT1H30M sein', email: 'eine E-Mail-Adresse sein',
  hostname: 'ein Rechnername wie example.org sein', ipv4: 'eine IPv4-Adresse sein', ipv6: 'eine IPv6-Adresse sein',
  uri: 'eine Webadresse wie https://example.org sein', 'uri-reference': 'eine Webadresse oder ein Teil davon sein', uuid: 'eine UUID sein', 'json-pointer': 'ein JSON Pointer sein'
}

/** @param {Facts} f */
const is = (f) => f.shown ? `; es ist ${number(f.shown)}.` : '.'

/** A number within a sentence. @param {unknown} n */
const number = (n) => typeof n === 'number' || /^-?\d+\.\d+$/.test(String(n)) ? String(n).replace('.', ',') : String(n)

/** @param {string[]} list */
const describe = (list) => {
  const words = list.map((type) => types[type])
  return words.length < 2 ? words[0] ?? 'nichts' : `${words.slice(0, -1).join(', ')} oder ${words.at(-1)}`
}

/** @type {(word: string, one: string, many: string, had: string) => (f: Facts) => string} */
const counted = (word, one, many, had) => (f) => `${f.label} ${word} ${f.limit} ${f.limit === 1 ? one : many}; ${had} ${f.count}.`

/** @param {Facts} f */
const choice = (f) => `${f.label} muss ${f.values.length + f.more > 1 ? 'eines davon sein: ' : ''}${f.values.join(', ')}${f.more ? ` und ${f.more} weitere` : ''}${f.values.length + f.more > 1 ? '' : ' sein'}.`

/** @param {Facts} f */
const unknown = (f) => `Ein Feld ${JSON.stringify(f.key)} gibt es nicht.`

/** @param {Facts} f */
const forms = (f) => `${f.label} muss ${describe(f.types)} sein, in einer der Formen, die erlaubt sind.`

/** @type {Record<string, (f: Facts) => string>} */
export const sentences = {
  required: (f) => `${f.label} ist erforderlich.`,
  dependentRequired: (f) => `${f.label} ist erforderlich, wenn ${f.text} ausgefüllt ist.`,
  type: (f) => `${f.label} muss ${describe(f.types)} sein.`,
  enum: choice,
  const: choice,
  format: (f) => `${f.label} muss ${formats[String(f.limit)]}.`,
  pattern: (f) => `${f.label} hat nicht die verlangte Form${f.hint && ` (${f.hint})`}.`,
  minimum: (f) => `${f.label} muss mindestens ${number(f.limit)} sein${is(f)}`,
  maximum: (f) => `${f.label} darf höchstens ${number(f.limit)} sein${is(f)}`,
  exclusiveMinimum: (f) => `${f.label} muss mehr als ${number(f.limit)} sein${is(f)}`,
  exclusiveMaximum: (f) => `${f.label} muss weniger als ${number(f.limit)} sein${is(f)}`,
  multipleOf: (f) => `${f.label} muss ein Vielfaches von ${number(f.limit)} sein.`,
  minLength: (f) => f.count ? counted('braucht mindestens', 'Zeichen', 'Zeichen', 'es sind')(f) : `${f.label} darf nicht leer sein.`,
  maxLength: counted('fasst höchstens', 'Zeichen', 'Zeichen', 'es sind'),
  minItems: counted('braucht mindestens', 'Eintrag', 'Einträge', 'es sind'),
  maxItems: counted('fasst höchstens', 'Eintrag', 'Einträge', 'es sind'),
  minProperties: counted('braucht mindestens', 'Feld', 'Felder', 'es sind'),
  maxProperties: counted('fasst höchstens', 'Feld', 'Felder', 'es sind'),
  uniqueItems: (f) => `${f.label} hat einen Eintrag zweimal.`,
  not: (f) => `${f.label} hat einen Wert, der hier nicht erlaubt ist.`,
  anyOf: forms,
  oneOf: forms,
  additionalProperties: unknown,
  unevaluatedProperties: unknown,
  items: (f) => `${f.label} ist einer zu viel.`,
  unevaluatedItems: (f) => `${f.label} ist einer zu viel.`,
  false: (f) => `${f.label} darf nicht ausgefüllt werden.`,
  unchecked: (f) => `${f.label} kann nicht geprüft werden.`,
  serial: (f) => `${f.label} vergibt der Server, sonst kann es niemand ändern.`,
  amount: (f) => `${f.label} braucht eine Zahl zum Hinzufügen.`,
  wholeAmount: (f) => `${f.label} braucht eine ganze Zahl zum Hinzufügen.`
}
