// The other half of the test TestRandomTypes_JavaScript in package schema: reads types with
// values as JSON lines from standard input, and answers each with the problems it finds.

import { readFileSync } from 'node:fs'
import { Schema } from '../src/schema/schema.js'

/** @param {import('../src/schema/message.js').Problem[]} problems as Go gives them */
const plain = problems => problems.map(({ path, field, rule, message }) => ({ path, field, rule, message }))

/** @param {string} line */
function answer (line) {
  const { schema, fields, values, places } = JSON.parse(line)
  const s = new Schema({ name: 't', version: 1, schema, fields })
  const found = [
    ...values.map((/** @type {unknown} */ v) => s.validate(v)),
    ...places.flatMap((/** @type {{path: string[], value: unknown}} */ { path, value }) => [
      s.validateField(path, value),
      ...['set', 'unset', 'assign', 'add', 'raise', 'include'].map(kind => s.checkOp(kind === 'unset' ? { kind, path } : { kind, path, value }))
    ])
  ]
  return JSON.stringify(found.map(plain)) + '\n'
}

process.stdout.write(readFileSync(0, 'utf8').split('\n').filter(Boolean).map(answer).join(''))
