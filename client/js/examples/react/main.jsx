import { createRoot } from 'react-dom/client'
import { open } from 'fieldstack'
import { Orders } from './orders.jsx'

/**
 * Opens the device and shows the orders.
 * @param {HTMLElement} element
 * @param {{ url: string, token: string }} server
 */
export async function start (element, server) {
  const db = await open(server)
  createRoot(element).render(<Orders db={db} />)
}
