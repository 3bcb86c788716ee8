// A type as the server sends it, to ask lists about.

const line = { strategy: 'register', why: '', type: 'string' }

/**
 * A field with some of it said.
 * @param {object} more
 * @returns {import('../src/app/types.js').Field}
 */
export const field = (more) => /** @type {any} */ ({ ...line, path: ['x'], title: 'X', ...more })

/** @type {import('../src/app/types.js').Type} */
export const workOrder = {
  name: 'work-order',
  version: 1,
  title: 'Work order',
  schema: { title: 'Work order' },
  grant: { create: true },
  fields: [
    field({ path: ['number'], title: 'Number', strategy: 'serial', serial: 'WO-{0000}' }),
    field({ path: ['title'], title: 'Title', required: true }),
    field({ path: ['status'], title: 'Status', enum: ['open', 'in_progress', 'waiting', 'done'], index: true, required: true }),
    field({ path: ['priority'], title: 'Priority', enum: ['low', 'normal', 'high', 'urgent'] }),
    field({ path: ['site'], title: 'Site', index: true }),
    field({ path: ['assignee'], title: 'Assigned to', index: true }),
    field({ path: ['due'], title: 'Due', format: 'date', index: true }),
    field({ path: ['notes'], title: 'Notes', strategy: 'text' }),
    field({ path: ['tags'], title: 'Tags', strategy: 'set', type: 'array' }),
    field({ path: ['tags', '*'], title: 'Tag' }),
    field({ path: ['urgent'], title: 'Urgent', type: 'boolean' }),
    field({ path: ['hours'], title: 'Hours', strategy: 'counter', type: 'number' })
  ]
}
