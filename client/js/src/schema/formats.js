// The formats that a type may use, by the RFCs that JSON Schema names, written out here as
// in Go; schema/testdata/formats.json has the cases that decide.

/** @param {RegExp} form */
const is = form => (/** @type {string} */ s) => form.test(s)

const octet = '(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)'
const ipv4 = new RegExp(`^${octet}(?:\\.${octet}){3}$`)
const atom = "[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
const mailbox = new RegExp(`^(?:${atom}(?:\\.${atom})*|"(?:[\\x20-\\x21\\x23-\\x5b\\x5d-\\x7e]|\\\\[\\x20-\\x7e])*")$`)

// RFC 3339 and its appendix A.
const time = /^([01]\d|2[0-3]):([0-5]\d):([0-5]\d|60)(?:\.\d+)?(?:[Zz]|([+-])([01]\d|2[0-3]):([0-5]\d))$/
const clock = 'T(?:\\d+H(?:\\d+M(?:\\d+S)?)?|\\d+M(?:\\d+S)?|\\d+S)'
const duration = new RegExp(`^P(?:\\d+W|(?:\\d+Y(?:\\d+M(?:\\d+D)?)?|\\d+M(?:\\d+D)?|\\d+D)(?:${clock})?|${clock})$`)

const name = '[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?'
const host = new RegExp(`^${name}(?:\\.${name})*$`)

// RFC 3986, appendix A, said with the five parts of appendix B.
const signs = "A-Za-z0-9._~!$&'()*+,;="
const parts = /^(?:([^:/?#]+):)?(?:\/\/([^/?#]*))?([^?#]*)(?:\?([^#]*))?(?:#(.*))?$/
const scheme = /^[A-Za-z][A-Za-z0-9+.-]*$/
const path = new RegExp(`^(?:[${signs}:@/-]|%[0-9A-Fa-f]{2})*$`)
const query = new RegExp(`^(?:[${signs}:@/?-]|%[0-9A-Fa-f]{2})*$`)
const authority = new RegExp(`^(?:(?:[${signs}:-]|%[0-9A-Fa-f]{2})*@)?(\\[[^\\[\\]]*\\]|(?:[${signs}-]|%[0-9A-Fa-f]{2})*)(?::\\d*)?$`)
const future = new RegExp(`^[Vv][0-9A-Fa-f]+\\.[${signs}:-]+$`)

/**
 * The formats by name: whether a text has the form.
 * @type {Readonly<Record<string, (s: string) => boolean>>}
 */
export const formats = {
  date: isDate,
  time: isTime,
  'date-time': s => /^[Tt]$/.test(s[10] ?? '') && isDate(s.slice(0, 10)) && isTime(s.slice(11)),
  duration: is(duration),
  email: isEmail,
  hostname: isHost,
  ipv4: is(ipv4),
  ipv6: isIPv6,
  uri: s => parts.exec(s)?.[1] !== undefined && isReference(s),
  'uri-reference': isReference,
  uuid: is(/^[\dA-Fa-f]{8}(?:-[\dA-Fa-f]{4}){3}-[\dA-Fa-f]{12}$/),
  'json-pointer': is(/^(?:\/(?:[^~/]|~[01])*)*$/)
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
  const [all, hour, minute, second, sign, ...zone] = time.exec(s) ?? []
  if (second !== '60') return !!all
  const offset = sign ? Number(sign + 1) * (60 * +zone[0] + +zone[1]) : 0
  return (60 * +hour + +minute - offset + 1441) % 1440 === 0
}

/** @param {string} s */
function isHost (s) { return s.length < 254 && host.test(s) }

/**
 * Mailbox of RFC 5321 in ASCII.
 * @param {string} s
 */
function isEmail (s) {
  const at = s.lastIndexOf('@')
  if (at < 0 || at > 64 || !mailbox.test(s.slice(0, at))) return false
  const place = s.slice(at + 1)
  const address = /^\[(.*)\]$/.exec(place)?.[1]
  if (address === undefined) return isHost(place)
  return /^IPv6:./i.test(address) ? isIPv6(address.slice(5)) : ipv4.test(address)
}

/**
 * RFC 4291, section 2.2, with no zone: at most one "::", which stands for at least one
 * group; the last two groups may be an IPv4 address.
 * @param {string} s
 */
function isIPv6 (s) {
  const halves = s.split('::')
  let groups = 0
  for (const [i, half] of halves.entries()) {
    const list = half === '' ? [] : half.split(':')
    for (const [j, group] of list.entries()) {
      const last = i === halves.length - 1 && j === list.length - 1
      if (/^[0-9A-Fa-f]{1,4}$/.test(group)) groups++
      else if (last && ipv4.test(group)) groups += 2
      else return false
    }
  }
  return halves.length === 1 ? groups === 8 : halves.length === 2 && groups < 8
}

/**
 * URI-reference of RFC 3986.
 * @param {string} s
 */
function isReference (s) {
  const found = parts.exec(s)
  if (!found || /[\n\r]/.test(s)) return false
  const [, name, where = '', way, asked = '', fragment = ''] = found
  if (name === undefined ? s.startsWith(':') : !scheme.test(name)) return false
  return isAuthority(where) && path.test(way) && query.test(asked) && query.test(fragment)
}

/** @param {string} s */
function isAuthority (s) {
  const place = authority.exec(s)?.[1]
  if (place === undefined) return false
  return place[0] !== '[' || isIPv6(place.slice(1, -1)) || future.test(place.slice(1, -1))
}
