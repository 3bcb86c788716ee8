import assert from 'node:assert/strict'
import { test } from 'node:test'
import { signOf } from '../src/sync/sign.js'
import { tell, tellLine, texts, valueOf } from '../src/sync/tell.js'
import { workOrder as type } from './work-orders.js'
import { setLanguage } from '../src/words/words.js'

setLanguage('en')

/** @type {import('../src/app/types.js').Status} */
const well = { online: true, syncing: false, pending: 0, refused: 0, partial: false, progress: null, lastSync: new Date(), note: '', signedIn: true, persisted: true, lost: false }

test('the sign says the worst first', () => {
  const say = (/** @type {object} */ some) => signOf({ ...well, ...some }).text
  assert.equal(say({}), 'Synced')
  assert.equal(say({ syncing: true }), 'Synced', 'a look for news is no news')
  assert.equal(say({ pending: 3 }), '3 waiting')
  assert.equal(say({ pending: 3, syncing: true }), 'Sending 3')
  assert.equal(say({ lastSync: null }), 'Syncing')
  assert.equal(say({ progress: { received: 4200, total: 10000 } }), '42 %')
  assert.equal(say({ progress: { received: 10500, total: 10000 } }), '99 %', 'about how many is not how many')
  assert.equal(say({ progress: { received: 4200 } }), '4,200')
  assert.equal(say({ online: false, outOfReach: 'No answer came.' }), 'Offline')
  assert.equal(say({ online: false, outOfReach: 'No answer came.', pending: 2 }), 'Offline · 2')
  assert.equal(say({ online: false }), 'Syncing', 'nobody has tried yet')
  assert.equal(signOf({ ...well, online: false }, false).text, 'Offline')
  assert.equal(say({ online: false, signedIn: false }), 'Sign in')
  assert.equal(say({ refused: 1, online: false, signedIn: false }), '1 refused')
  assert.equal(say({ refused: 1, lost: true }), 'Lost data')
  assert.equal(signOf({ ...well, refused: 1, pending: 2 }).sentence, 'The server refused one change. 2 changes wait to be sent.')
})

/** @param {object[]} ops @returns {import('../src/app/types.js').Change} */
const change = (ops) => /** @type {any} */ ({ ops })

test('a change is told in words', () => {
  assert.equal(tellLine(change([{ kind: 'set', path: ['status'], value: 'done' }, { kind: 'insert', path: ['notes'], text: 'x' }]), type), 'Changed: Status, Notes')
  assert.equal(tellLine(change([{ kind: 'create' }, { kind: 'set', path: ['title'], value: 'x' }]), type), 'New record')
  assert.equal(tellLine(change([{ kind: 'delete' }]), type), 'Moved to the trash')
  assert.equal(tellLine(change([{ kind: 'restore' }]), type), 'Taken out of the trash')
  assert.equal(tellLine(change([{ kind: 'set', path: ['gone', 'deep'], value: 1 }]), undefined), 'Changed: gone')
  assert.deepEqual(tell(change([{ kind: 'set', path: ['title'], value: 'a' }, { kind: 'set', path: ['title'], value: 'b' }]), type).fields, ['Title'])
})

test('what somebody wrote can be read again, and begun with again', () => {
  const made = change([
    { kind: 'create' }, { kind: 'set', path: ['title'], value: 'Pump' }, { kind: 'set', path: ['status'], value: 'in_progress' },
    { kind: 'ensure', path: ['tags'], value: true }, { kind: 'include', path: ['tags'], value: 'leak' }, { kind: 'include', path: ['tags'], value: 'night' },
    { kind: 'insert', path: ['notes'], text: 'Water\nunder it' }, { kind: 'set', path: ['urgent'], value: true }
  ])
  assert.deepEqual(texts(made, type), [
    { label: 'Title', text: 'Pump' }, { label: 'Status', text: 'In progress' }, { label: 'Tags', text: 'leak\nnight' },
    { label: 'Notes', text: 'Water\nunder it' }, { label: 'Urgent', text: 'Yes' }
  ])
  assert.deepEqual(valueOf(made), { title: 'Pump', status: 'in_progress', tags: ['leak', 'night'], notes: 'Water\nunder it', urgent: true })
})
