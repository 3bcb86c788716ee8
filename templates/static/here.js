// Who else has this page open, and what moved there meanwhile. The page works without it.
//
//   const h = here('record/work-order/' + id, { people (list) {}, moved (move) {} })
//   h.page          a name for this page: send it along as "page" with what you save
//   h.focus(field)  says what somebody is at here, '' for nothing
//   h.close()

/**
 * @param {string} at a place: draft/TYPE or record/TYPE/ID
 * @param {{people?: (list: {name: string, me?: boolean, field?: string, since: number, pages: number}[]) => void,
 *   moved?: (move: {what: string, rev?: number, by?: string, page?: string}) => void}} told
 *   moved is not told of what was sent with this page's own name
 */
export function here (at, { people, moved } = {}) {
  const page = Array.from(crypto.getRandomValues(new Uint8Array(8)), (b) => b.toString(16).padStart(2, '0')).join('')
  const query = new URLSearchParams({ at, page })
  let source
  let field = ''
  const say = () => fetch('/admin/here', { method: 'POST', body: new URLSearchParams({ at, page, field }), keepalive: true }).catch(() => {})
  const open = () => {
    source = new EventSource('/admin/here?' + query)
    source.addEventListener('open', () => { if (field) say() })
    source.addEventListener('here', (event) => people?.(JSON.parse(event.data)))
    source.addEventListener('moved', (event) => {
      const move = JSON.parse(event.data)
      if (move.what === 'gone') source.close()
      if (move.page !== page) moved?.(move)
    })
  }
  const close = () => {
    source.close()
    navigator.sendBeacon('/admin/here', new URLSearchParams({ at, page, leave: '1' }))
  }
  // A page that goes into the back-forward cache is not here; back from there it is.
  addEventListener('pagehide', close)
  addEventListener('pageshow', (event) => { if (event.persisted) open() })
  open()
  return {
    page,
    close,
    focus (at) {
      if (at === field) return
      field = at
      say()
    }
  }
}
