import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { test } from 'node:test'
import { Draft } from '../src/form/draft.js'
import { Kept } from '../src/form/kept.js'
import { sectionsOf } from '../src/form/model.js'
import { keyOf } from '../src/form/path.js'
import { Form } from '../src/form/state.js'

/** @param {string} name */
const read = async (name) => JSON.parse(await readFile(new URL(name, import.meta.url), 'utf8'))
const sections = sectionsOf({ name: 'inspection', schema: await read('every-field.schema.json'), fields: await read('every-field.fields.json') })

/** A device of one record: what is written is kept as a draft keeps it. */
class Shelf extends Draft {
  /** @param {{[key: string]: unknown}} value */
  constructor (value) {
    super(value)
    this.calls = /** @type {string[]} */ ([])
    this.refusal = ''
    /** @type {import('../src/form/kept.js').Problem[]} */
    this.problems = []
  }

  /** @returns {import('../src/form/kept.js').Document} */
  get document () {
    const value = structuredClone(this.value)
    return { id: '1', type: 'inspection', value, deleted: false, pending: false, problems: this.problems, disagreements: [], rows: (path) => this.rows(path) }
  }

  /** @param {string} id @param {(editor: any) => void} edit */
  async update (id, edit) {
    assert.equal(id, '1')
    if (this.refusal) throw new Error(this.refusal)
    edit({ put: this.call('put'), remove: this.call('put') })
  }

  /** @param {'put'} name */
  call (name) {
    return (/** @type {string[]} */ path, /** @type {unknown} */ value) => { this.calls.push(keyOf(path) + ' ' + JSON.stringify(value)); this[name](path, value) }
  }
}

/** @param {string[]} path @param {unknown} value */
function validateField (path, value) {
  const short = path.at(-1) === 'title' && String(value).length < 3
  const lacks = path.join() === 'place' && /** @type {any} */ (value).long === undefined
  const problems = short ? [{ path: keyOf(path), rule: 'minLength', message: 'Too short.' }] : []
  return lacks ? [{ path: '/place/long', rule: 'required', message: 'Longitude is required.' }] : problems
}

/** @param {any} source */
const formOver = (source) => new Form({
  source,
  sections,
  validateField,
  validate: (value) => [...value.title ? [] : [{ path: '/title', rule: 'required', message: 'Title is required.' }],
    ...(value.parts ?? []).flatMap((/** @type {any} */ part, /** @type {number} */ i) => part.part ? [] : [{ path: `/parts/${i}/part`, rule: 'required', message: 'Part is required.' }])],
  matches: (condition, value) => /** @type {any} */ (value)?.[/** @type {any} */ (condition).field] === /** @type {any} */ (condition).is,
  requiredMessage: (label) => label + ' is required.',
  pause: 0
})

/** @param {{[key: string]: unknown}} value */
function kept (value) {
  const shelf = new Shelf(value)
  const form = formOver(new Kept(/** @type {any} */ (shelf), shelf.document, (path) => path[0] === 'place' ? 1 : 0))
  return { shelf, form, fresh: () => form.setDocument(shelf.document) }
}

/** @param {Form} form @param {string[]} path */
function controlOf (form, path) {
  const control = form.controlAt(path)
  assert.ok(control, keyOf(path))
  return control
}

test('a new record takes in what is typed at once; errors wait until the field was left', async () => {
  const form = formOver(new Draft({}))
  const title = controlOf(form, ['title'])
  form.type(title, ['title'], { value: 'ab' })
  assert.deepEqual(form.source.value, { title: 'ab' })
  assert.equal(form.error(['title']), '')
  await form.leave(title, ['title'])
  assert.equal(form.error(['title']), 'Too short.')
  form.type(title, ['title'], { value: 'abc' })
  await new Promise((resolve) => setTimeout(resolve, 5))
  assert.equal(form.error(['title']), '', 'from then on it is checked while typing')
})

test('saving a new record names every fault, rows by their identity, in the order of the form', async () => {
  const form = formOver(new Draft({ parts: [{ part: 'a' }, { quantity: 1 }] }))
  const row = form.source.rows(['parts'])[1].id
  assert.equal(form.checkAll(), false)
  assert.deepEqual(form.errors().map(({ path, message }) => [path, message]), [[['title'], 'Title is required.'], [['parts', row, 'part'], 'Part is required.']])
  await form.source.put(['title'], 'abc')
  await form.source.put(['parts', row, 'part'], 'b')
  assert.equal(form.checkAll(), true)
})

test('what is no value blocks saving and is kept as typed', () => {
  const form = formOver(new Draft({ title: 'abc' }))
  form.type(controlOf(form, ['reading']), ['reading'], { value: undefined, raw: '1,2,3', fault: 'Not a number.' })
  assert.equal(form.checkAll(), false)
  assert.equal(form.error(['reading']), 'Not a number.')
  assert.equal(form.typed.get('/reading')?.raw, '1,2,3')
})

test('a kept record gets a field when it is left, once, if it is valid', async () => {
  const { shelf, form, fresh } = kept({ title: 'Pump' })
  const title = controlOf(form, ['title'])
  form.type(title, ['title'], { value: 'Pu' })
  await form.leave(title, ['title'])
  assert.deepEqual([shelf.calls, form.error(['title']), form.value(['title'])], [[], 'Too short.', 'Pu'])
  form.type(title, ['title'], { value: 'Pumpe' })
  await form.leave(title, ['title'])
  fresh()
  assert.deepEqual([shelf.calls, form.error(['title']), form.saved], [['/title "Pumpe"'], '', '/title'])
  await form.leave(title, ['title'])
  form.type(title, ['title'], { value: 'Pumpe' })
  await form.leave(title, ['title'])
  assert.equal(shelf.calls.length, 1, 'nothing differs, nothing is written')
  form.type(title, ['title'], { value: '' })
  await form.leave(title, ['title'])
  assert.equal(form.error(['title']), 'Title is required.')
})

test('what others write shows, but not over what is typed', async () => {
  const { shelf, form, fresh } = kept({ title: 'Pump', summary: 'x' })
  form.type(controlOf(form, ['title']), ['title'], { value: 'Pump 3' })
  await shelf.put(['summary'], 'y')
  fresh()
  assert.deepEqual([form.value(['summary']), form.value(['title']), form.elsewhere(['title'])], ['y', 'Pump 3', undefined])
  await shelf.put(['title'], 'Pump 4')
  fresh()
  assert.deepEqual([form.value(['title']), form.elsewhere(['title'])], ['Pump 3', { value: 'Pump 4' }])
  await form.leave(controlOf(form, ['title']), ['title'])
  assert.deepEqual([form.value(['title']), shelf.calls], ['Pump 3', []], 'leaving the field decides nothing')
  form.forget(['title'])
  assert.deepEqual([form.value(['title']), form.elsewhere(['title'])], ['Pump 4', undefined])
})

test('who insists has the field as it was typed', async () => {
  const { shelf, form, fresh } = kept({ title: 'Pump' })
  form.type(controlOf(form, ['title']), ['title'], { value: 'Pump 3' })
  await shelf.put(['title'], 'Pump 4')
  fresh()
  await form.insist(controlOf(form, ['title']), ['title'])
  assert.deepEqual([shelf.calls, form.typed.size], [['/title "Pump 3"'], 0])
})

test('what the device refuses stays typed and says why', async () => {
  const { shelf, form } = kept({ title: 'Pump' })
  shelf.refusal = 'You may not change Title.'
  await form.choose(controlOf(form, ['title']), ['title'], 'Pump 3')
  assert.deepEqual([form.error(['title']), form.value(['title'])], ['You may not change Title.', 'Pump 3'])
})

test('parts that must agree are written together, when all of them were left', async () => {
  const { shelf, form } = kept({ title: 'Pump' })
  const place = controlOf(form, ['place'])
  form.typePart(place, ['place'], 'lat', { value: 50.7, raw: '50.7' })
  await form.leaveWhole(place, ['place'])
  assert.deepEqual([shelf.calls, form.error(['place', 'long'])], [[], 'Longitude is required.'])
  form.typePart(place, ['place'], 'long', { value: undefined, raw: '7..1', fault: 'Not a number.' })
  await form.leaveWhole(place, ['place'])
  assert.deepEqual([shelf.calls, form.error(['place', 'long'])], [[], 'Not a number.'])
  form.typePart(place, ['place'], 'long', { value: 7.1, raw: '7.1' })
  await form.leaveWhole(place, ['place'])
  assert.deepEqual([shelf.calls, form.typed.size], [['/place {"lat":50.7,"long":7.1}'], 0])
})

test('what a record already lacks is said beside its fields, and shows what is hidden', async () => {
  const { shelf, form, fresh } = kept({ title: 'Pump' })
  const reason = controlOf(form, ['reason'])
  assert.equal(form.visible(reason, ['reason']), false)
  shelf.problems = [{ path: '/reason', rule: 'required', message: 'Why it is urgent is required.' }]
  fresh()
  assert.equal(form.visible(reason, ['reason']), true)
  assert.equal(form.error(['reason']), 'Why it is urgent is required.')
  assert.equal(form.visible(controlOf(form, ['old']), ['old']), false)
})

test('in a row a condition speaks of the row', () => {
  const form = formOver(new Draft({ title: 'abc', parts: [{ part: 'a', fitted: false }, { part: 'b', fitted: true }] }))
  const [a, b] = form.source.rows(['parts']).map(({ id }) => id)
  const why = controlOf(form, ['parts', a, 'why'])
  assert.deepEqual([form.visible(why, ['parts', a, 'why']), form.visible(why, ['parts', b, 'why'])], [true, false])
})

test('a row that was just added is not told what it lacks until somebody was there', async () => {
  const { shelf, form, fresh } = kept({ title: 'Pump', parts: [{}] })
  const row = form.source.rows(['parts'])[0].id
  const part = ['parts', row, 'part']
  form.fresh.add(keyOf(['parts', row]))
  shelf.problems = [{ path: '/parts/0/part', rule: 'required', message: 'Part is required.' }]
  fresh()
  assert.deepEqual([form.error(part), form.errors()], ['', []])
  await form.leave(controlOf(form, part), part)
  assert.equal(form.error(part), 'Part is required.')
})

test('nothing is required in a group that may be left out and is', () => {
  const form = formOver(new Draft({}))
  const lat = controlOf(form, ['place', 'lat'])
  assert.equal(form.required(lat, ['place', 'lat']), false)
  form.typePart(controlOf(form, ['place']), ['place'], 'long', { value: 7.1, raw: '7.1' })
  assert.equal(form.required(lat, ['place', 'lat']), true)
})

test('what could not be written is taken up again by the next form', async () => {
  const { shelf, form } = kept({ title: 'Pump' })
  form.type(controlOf(form, ['title']), ['title'], { value: 'Pu' })
  form.type(controlOf(form, ['summary']), ['summary'], { value: 'fine' })
  form.type(controlOf(form, ['reading']), ['reading'], { value: undefined, raw: '1,2,3', fault: 'Not a number.' })
  await form.leaveAll()
  assert.deepEqual(shelf.calls, ['/summary "fine"'], 'what is valid is written')
  const { form: next } = kept({ title: 'Pump' })
  next.resume(JSON.parse(JSON.stringify(form.unwritten())))
  assert.deepEqual([next.value(['title']), next.error(['title']), next.typed.get('/reading')?.raw, next.error(['reading'])], ['Pu', 'Too short.', '1,2,3', 'Not a number.'])
})

test('rows are changed one after the other, each where it stands by then, as the record gives it back', async () => {
  const shelf = new Shelf({ parts: [{ part: 'a' }, { part: 'b' }] })
  /** @type {(() => void)[]} */
  const waiting = []
  const source = new Kept(/** @type {any} */ ({
    update: async (/** @type {string} */ _, /** @type {(editor: any) => void} */ edit) => {
      await new Promise((resolve) => waiting.push(() => resolve(undefined)))
      edit({
        insertRow: (/** @type {string[]} */ path, /** @type {number} */ index, /** @type {any} */ value) => {
          assert.ok(index <= shelf.get(path).length, 'there is no place ' + index)
          shelf.put(path, shelf.get(path).toSpliced(index, 0, value))
          return shelf.rows(path)[index].id
        },
        removeRow: (/** @type {string[]} */ path, /** @type {string} */ row) => { shelf.removeRow(path, row) }
      })
      return shelf.document
    }
  }), shelf.document, () => 0)
  const [first] = source.rows(['parts'])
  // Pressed one after the other, before the first of it is on the disk.
  const done = [source.removeRow(['parts'], first.id), source.insertRow(['parts'], Infinity, { part: 'c' }), source.insertRow(['parts'], 2, { part: 'd' })]
  let left = true
  Promise.all(done).finally(() => { left = false }).catch(() => {})
  while (left) {
    await new Promise(setImmediate)
    for (const write of waiting.splice(0)) write()
  }
  await Promise.all(done)
  assert.deepEqual(shelf.get(['parts']).map((/** @type {any} */ one) => one.part), ['b', 'c', 'd'])
  assert.deepEqual(source.rows(['parts']).map(({ value }) => value.part), ['b', 'c', 'd'], 'the form knows at once')
})
