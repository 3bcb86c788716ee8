import { mount } from 'svelte'
import { open } from 'fieldstack'
import Orders from './Orders.svelte'

/**
 * Opens the device and shows the orders.
 * @param {HTMLElement} target
 * @param {{ url: string, token: string }} server
 */
export async function start (target, server) {
  const db = await open(server)
  mount(Orders, { target, props: { db } })
}
