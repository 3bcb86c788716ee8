// What the studio compiles conditions to is JSON Schema as everybody reads it: of the
// records of studio/testdata/compiled.json, a validator of others' making says the
// same as Go and as the SDK.

import Ajv from 'ajv/dist/2020.js'
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { Schema } from '../src/schema/schema.js'

/** @type {{condition: unknown, schema: any, records: {record: Record<string, unknown>, required: boolean}[]}[]} */
const cases = JSON.parse(readFileSync(new URL('../../../studio/testdata/compiled.json', import.meta.url), 'utf8'))

test('what conditions are compiled to, for Ajv', () => {
  const ajv = new Ajv.default({ allErrors: true, strict: false })
  for (const { condition, schema, records } of cases) {
    const validate = ajv.compile(schema)
    for (const { record, required } of records) {
      validate(record)
      const asked = (validate.errors ?? []).some((e) => e.keyword === 'required' && e.params.missingProperty === 'asked')
      assert.equal(asked, required, JSON.stringify([condition, record]))
    }
  }
})

test('what conditions are compiled to, for the SDK', () => {
  for (const { condition, schema, records } of cases) {
    const type = new Schema({ name: 't', version: 1, schema, fields: [] })
    for (const { record, required } of records) {
      const asked = type.validate(record).some((p) => p.path === '/asked')
      assert.equal(asked, required, JSON.stringify([condition, record]))
    }
  }
})
