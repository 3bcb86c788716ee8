/**
 * Saves what has not been sent as a file, for when a device will not get back to its server.
 * @param {import('../app/types.js').Database} db
 */
export async function saveRescue (db) {
  const lines = await db.exportPending()
  const link = document.createElement('a')
  link.href = URL.createObjectURL(new Blob([lines], { type: 'application/jsonl' }))
  link.download = `fieldstack-${db.who?.name ?? 'rescue'}-${new Date().toISOString().slice(0, 10)}.jsonl`
  link.click()
  setTimeout(() => URL.revokeObjectURL(link.href), 60000)
}
