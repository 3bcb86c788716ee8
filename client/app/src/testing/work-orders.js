// A type and its records, to look at lists with.

const line = { strategy: 'register', type: 'string' }
/** @type {import('../app/types.js').Field[]} */
const fields = [
  { ...line, path: ['number'], title: 'Number', strategy: 'serial', serial: 'WO-{0000}' },
  { ...line, path: ['title'], title: 'Title', required: true },
  { ...line, path: ['status'], title: 'Status', enum: ['open', 'in_progress', 'waiting', 'done'], index: true, required: true },
  { ...line, path: ['priority'], title: 'Priority', enum: ['low', 'normal', 'high', 'urgent'] },
  { ...line, path: ['site'], title: 'Site', index: true },
  { ...line, path: ['assignee'], title: 'Assigned to', index: true },
  { ...line, path: ['due'], title: 'Due', format: 'date', index: true },
  { ...line, path: ['notes'], title: 'Notes', strategy: 'text' },
  { path: ['tags'], title: 'Tags', strategy: 'set', type: 'array' },
  { ...line, path: ['tags', '*'], title: 'Tag' },
  { path: ['urgent'], title: 'Urgent', strategy: 'register', type: 'boolean' },
  { path: ['hours'], title: 'Hours', strategy: 'counter', type: 'number' }
]

const jobs = ['Replace gasket on feed pump', 'Compressor trips on start', 'Recalibrate level transmitter', 'Oil leak at gearbox', 'Inspect relief valve and write down the pressure at which it opens', 'Conveyor belt runs off centre', 'Repaint handrail']
const sites = ['Well pad 7', 'Tank farm', 'North station', 'Camp', 'Jetty']
const statuses = ['waiting', 'done', 'open', 'in_progress']

/**
 * @param {number} count
 * @returns {{type: import('../app/types.js').Type, documents: import('../app/types.js').Document[]}}
 */
export function workOrders (count) {
  const type = { name: 'work-order', version: 1, schema: { title: 'Work order', description: 'One job on one piece of equipment, from the report to the signature.' }, grant: { create: true }, fields }
  const documents = Array.from({ length: count }, (_, i) => ({
    id: '0198' + i.toString(16).padStart(8, '0'),
    type: 'work-order',
    value: { number: 'WO-' + String(i + 1).padStart(4, '0'), title: jobs[i % jobs.length], status: statuses[i % 4], priority: ['normal', 'low', 'high'][i % 3], site: sites[i % 5], assignee: i % 3 ? 'ben' : 'anna', due: new Date(Date.UTC(2026, 2, 1 + i % 60)).toISOString().slice(0, 10), urgent: i % 5 === 0 },
    deleted: i % 17 === 16,
    pending: i % 11 === 3,
    problems: i % 13 === 5 ? [{ message: '“Site” is missing.' }] : [],
    created: null, createdBy: null, updated: Date.now() - i * 3600000, updatedBy: 'ben'
  }))
  return { type, documents }
}
