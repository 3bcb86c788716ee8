import { render } from 'preact'
import { Empty } from './ui/empty.jsx'
import { Toasts } from './ui/toast.jsx'
import { t } from './words/words.js'

render(<><main><Empty title={t('appName')} /></main><Toasts /></>, /** @type {HTMLElement} */ (document.getElementById('app')))
