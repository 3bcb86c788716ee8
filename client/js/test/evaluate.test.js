// What a random comparison with Go hardly meets: how far a look at a value goes, and how
// numbers are read. What each keyword means is compared in Go (TestSuite_JavaScript,
// TestRandomTypes_JavaScript of package schema).

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { failures } from '../src/schema/evaluate.js'
import { readNodes } from '../src/schema/node.js'

/** @type {(schema: object|boolean, value: unknown) => string[]} */
const broken = (schema, value) => failures(readNodes(schema), [], value).map(({ word, path }) => word + path.map(key => ' ' + key).join(''))

test('evaluate: branches in branches are looked at once each, not twice at every level', () => {
  /** @type {object} */
  let schema = { type: 'string' }
  for (let i = 0; i < 30; i++) schema = { [i % 2 ? 'anyOf' : 'oneOf']: [schema, { type: 'null' }] }
  assert.deepEqual(broken(schema, 1), ['anyOf'])
  assert.deepEqual(broken(schema, 'a'), [])
})

test('evaluate: a value in a circle has an end', () => {
  const schema = { properties: { a: { $ref: '#' }, b: { $ref: '#' } } }
  /** @type {Record<string, unknown>} */
  const loop = {}
  loop.a = loop.b = loop
  assert.throws(() => broken(schema, loop), RangeError)
  assert.throws(() => broken({}, undefined), TypeError)
  assert.throws(() => broken({ items: {} }, [1n]), TypeError)
})

test('evaluate: a multiple is one in decimals', () => {
  for (const [value, of, fits] of /** @type {[number, number, boolean][]} */ ([
    [0.3, 0.1, true], [1.1, 0.01, true], [0.35, 0.1, false], [19.99, 0.01, true], [1e21, 7, false], [7e21, 7, true], [1e308, 1e-300, true],
    [5e-324, 1, false], [-4.5, 1.5, true], [-0, 3, true], [9007199254740993e3, 2, true], [0.0075, 0.0001, true]
  ])) assert.deepEqual(broken({ multipleOf: of }, value), fits ? [] : ['multipleOf'], `${value} of ${of}`)
})

test('evaluate: lengths count code points, equal means the same JSON', () => {
  assert.deepEqual(broken({ maxLength: 2 }, '😀😀'), [])
  assert.deepEqual(broken({ minLength: 2 }, '😀'), ['minLength'])
  assert.deepEqual(broken({ uniqueItems: true }, [{ a: 1, b: [0] }, { b: [-0], a: 1 }]), ['uniqueItems'])
  assert.deepEqual(broken({ uniqueItems: true }, [1, '1', true, 'true', null, 'null', [], {}, '[]']), [])
  assert.deepEqual(broken({ const: { a: [1], b: null } }, { b: null, a: [1] }), [])
})

test('evaluate: what is left over is known only where all else fits', () => {
  const schema = { $ref: '#/$defs/a', properties: { b: { type: 'string' } }, unevaluatedProperties: false, $defs: { a: { properties: { a: {} } } } }
  assert.deepEqual(broken(schema, { a: 1, b: 'x' }), [])
  assert.deepEqual(broken(schema, { a: 1, c: 1 }), ['false c'])
  assert.deepEqual(broken(schema, { b: 1, c: 1 }), ['type b'])
  assert.deepEqual(broken({ prefixItems: [{}], contains: { const: 2 }, unevaluatedItems: false }, [1, 2, 3]), ['false 2'])
  assert.deepEqual(broken({ allOf: [{ unevaluatedProperties: true }], unevaluatedProperties: false }, { x: 1 }), [])
})
