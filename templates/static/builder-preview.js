// The form as it will be on a phone, beside the builder and level with it.

const key = 'fieldstack.builder.preview'
let preview
let wanted = false
let asking

const builder = () => document.getElementById('builder')
const shown = () => document.documentElement.dataset.preview === 'on'

export function offerPreview () {
  if (localStorage.getItem(key) === 'on' && matchMedia('(min-width: 70rem)').matches) toggle(true)
  document.addEventListener('click', (event) => {
    if (event.target.closest('[data-toggle-preview]')) toggle(!shown())
  })
}

function toggle (on) {
  document.documentElement.dataset.preview = on ? 'on' : 'off'
  localStorage.setItem(key, on ? 'on' : 'off')
  refreshPreview()
}

/** Shows the draft as it is now, where the preview is open. */
export function refreshPreview () {
  for (const button of document.querySelectorAll('.toggle[data-toggle-preview]')) button.setAttribute('aria-pressed', String(shown()))
  if (!shown()) return
  if (asking) { wanted = true; return }
  asking = load().catch(() => {
    if (!preview) document.getElementById('builder-preview').textContent = document.getElementById('builder-preview').dataset.missing
  }).finally(() => {
    asking = undefined
    if (wanted) { wanted = false; refreshPreview() }
  })
}

async function load () {
  const [{ mountPreview }, answer] = await Promise.all([import('/app/studio.js'), fetch(builder().dataset.draft)])
  if (!answer.ok || answer.redirected) return
  const type = await answer.json()
  const draft = type.faults ? { ...type, faults: type.faults } : type
  if (preview) preview.update(draft)
  else preview = mountPreview(document.getElementById('builder-preview'), { type: draft, lang: document.documentElement.lang })
}
