// The types of the story that the browser plays.

const properties = {
  number: { title: 'Number', type: 'string', 'x-serial': 'WO-{0000}' },
  title: { title: 'Title', type: 'string', minLength: 3, maxLength: 120 },
  status: { title: 'Status', enum: ['open', 'in_progress', 'waiting', 'done'], default: 'open', 'x-merge': 'conflict' },
  site: { title: 'Site', type: 'string', description: 'Where the equipment stands.' },
  due: { title: 'Due', type: 'string', format: 'date' },
  urgent: { title: 'Urgent', type: 'boolean' },
  tags: { title: 'Tags', type: 'array', uniqueItems: true, items: { type: 'string', minLength: 1, maxLength: 40 } },
  notes: { title: 'Notes', type: 'string', contentMediaType: 'text/plain' },
  parts: {
    title: 'Parts',
    type: 'array',
    items: {
      type: 'object',
      required: ['part'],
      properties: {
        part: { title: 'Part', type: 'string' },
        quantity: { title: 'Quantity', type: 'integer', minimum: 1, maximum: 100 },
        fitted: { title: 'Fitted', type: 'boolean' }
      },
      additionalProperties: false
    }
  },
  manual: { title: 'Manual', type: 'string', format: 'uri' },
  hours: { title: 'Hours', type: 'number', minimum: 0, 'x-merge': 'counter' }
}

/** A work order as first published. */
export const first = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'Work order',
  description: 'One job on one piece of equipment, from the report to the signature.',
  type: 'object',
  required: ['title'],
  'x-order': Object.keys(properties),
  properties,
  additionalProperties: false
}

/** The next version: longer titles only, which records that are there break. */
export const second = {
  ...first,
  required: ['title', 'site'],
  properties: { ...properties, title: { ...properties.title, minLength: 8 }, phone: { title: 'Phone', type: 'string' } },
  'x-order': [...Object.keys(properties), 'phone']
}

/** A version that may not be: hours change what they are. */
export const refused = { ...second, properties: { ...second.properties, hours: { title: 'Hours', type: 'string' } } }
