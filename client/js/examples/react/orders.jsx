// Open work orders in React: the list, one order to edit, and how the device is doing.

import { useState } from 'react'
import { useDocument, useFind, useStatus } from 'fieldstack/react'

const open = { field: 'status', not: 'done' }
const byTitle = { sort: 'title', limit: 50 }

/** @param {{ db: import('fieldstack').Database }} props */
export function Orders ({ db }) {
  const orders = db.collection('work-order')
  const documents = useFind(orders, open, byTitle)
  const [chosen, choose] = useState('')
  if (!documents) return <p>Loading…</p>
  return (
    <>
      <Waiting db={db} />
      <ul>
        {documents.map((order) => (
          <li key={order.id}><button onClick={() => choose(order.id)}>{order.value.title}</button></li>
        ))}
      </ul>
      {chosen && <Order orders={orders} id={chosen} />}
    </>
  )
}

/** @param {{ orders: import('fieldstack').Collection, id: string }} props */
function Order ({ orders, id }) {
  const order = useDocument(orders, id)
  if (!order) return null
  return (
    <form onSubmit={(event) => event.preventDefault()}>
      <label>Title
        <input
          key={order.value.title /* begins anew when somebody else has changed it */} defaultValue={order.value.title}
          onBlur={(event) => orders.update(id, { title: event.target.value })}
        />
      </label>
      <p>{order.value.hours ?? 0} hours</p>
      <button onClick={() => orders.update(id, (edit) => edit.add(['hours'], 0.5))}>Half an hour more</button>
    </form>
  )
}

/** @param {{ db: import('fieldstack').Database }} props */
function Waiting ({ db }) {
  const { online, pending } = useStatus(db)
  return <p role='status'>{online ? 'Online' : 'Offline'}, {pending} waiting to be sent</p>
}
