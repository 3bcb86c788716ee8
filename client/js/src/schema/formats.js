// The formats that a type may use, by the RFCs that JSON Schema names, written out here as
// in Go; schema/testdata/formats.json has the cases that decide.

/**
 * A form in ASCII, in either letter case.
 * @param {string} source
 */
const form = source => new RegExp(`^(?:${source})$`, 'i')

/** @param {string} source */
const is = source => {
  const whole = form(source)
  return (/** @type {string} */ s) => whole.test(s)
}

// RFC 3339 and its appendix A.
const time = form('([01]\\d|2[0-3]):([0-5]\\d):([0-5]\\d|60)(?:\\.\\d+)?(?:Z|([+-])([01]\\d|2[0-3]):([0-5]\\d))')
const clock = 'T(?:\\d+H(?:\\d+M(?:\\d+S)?)?|\\d+M(?:\\d+S)?|\\d+S)'
const duration = new RegExp(`^P(?:\\d+W|(?:\\d+Y(?:\\d+M(?:\\d+D)?)?|\\d+M(?:\\d+D)?|\\d+D)(?:${clock})?|${clock})$`)

const octet = '(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)'
const ipv4 = `${octet}(?:\\.${octet}){3}`
const name = '[a-z\\d](?:[a-z\\d-]{0,61}[a-z\\d])?'
const host = `${name}(?:\\.${name})*`
const isName = is(host)

// Mailbox of RFC 5321.
const atom = "[a-z\\d!#$%&'*+/=?^_`{|}~-]+"
const mailbox = form(`(${atom}(?:\\.${atom})*|"(?:[ !#-[\\]-~]|\\\\[ -~])*")@(?:\\[(?:IPv6:([^\\]]+)|${ipv4})\\]|(${host}))`)

// RFC 3986, appendix A.
const signs = "a-z\\d._~!$&'()*+,;="
/** @param {string} more */
const text = more => `(?:[${signs}${more}-]|%[\\da-f]{2})*`
const address = `(?:${text(':')}@)?(?:\\[(?:v[\\da-f]+\\.[${signs}:-]+|([^\\]]*))\\]|${text('')})(?::\\d*)?`
const reference = form(`(?:([a-z][a-z\\d+.-]*):|(?![^/?#]*:))(?://${address}(?=[/?#]|$)|(?!//))${text(':@/')}(?:\\?${text(':@/?')})?(?:#${text(':@/?')})?`)

/**
 * The formats by name: whether a text has the form.
 * @type {Readonly<Record<string, (s: string) => boolean>>}
 */
export const formats = {
  date: isDate,
  time: isTime,
  'date-time': s => /^T$/i.test(s[10]) && isDate(s.slice(0, 10)) && isTime(s.slice(11)),
  duration: s => duration.test(s),
  email: isEmail,
  hostname: isHost,
  ipv4: is(ipv4),
  ipv6: isIPv6,
  uri: s => isReference(s, true),
  'uri-reference': s => isReference(s),
  uuid: is('[\\da-f]{8}(?:-[\\da-f]{4}){3}-[\\da-f]{12}'),
  'json-pointer': is('(?:/(?:[^~/]|~[01])*)*')
}

/**
 * full-date: a day there was or will be.
 * @param {string} s
 */
function isDate (s) {
  const day = new Date(s)
  return /^\d{4}-\d\d-\d\d$/.test(s) && !isNaN(+day) && day.toISOString().startsWith(s)
}

/**
 * full-time: a leap second is only ever the last of a UTC day.
 * @param {string} s
 */
function isTime (s) {
  const [all, hour, minute, second, sign, hours, minutes] = time.exec(s) ?? []
  if (second !== '60') return !!all
  const offset = sign ? Number(sign + 1) * (60 * +hours + +minutes) : 0
  return (60 * +hour + +minute - offset + 1441) % 1440 === 0
}

/** @param {string} s */
function isHost (s) { return s.length < 254 && isName(s) }

/** @param {string} s */
function isEmail (s) {
  const [all, person, ip, place = ''] = mailbox.exec(s) ?? []
  return !!all && person.length < 65 && place.length < 254 && (ip === undefined || isIPv6(ip))
}

/**
 * RFC 4291, section 2.2, with no zone, which is how every URL is read.
 * @param {string} s
 */
function isIPv6 (s) {
  try {
    return /^[\da-f:.]+$/i.test(s) && !!new URL(`http://[${s}]`)
  } catch {
    return false
  }
}

/**
 * @param {string} s
 * @param {boolean} [whole] with a scheme
 */
function isReference (s, whole) {
  const found = reference.exec(s)
  return !!found && !(whole && found[1] === undefined) && (found[2] === undefined || isIPv6(found[2]))
}
