import { useEffect, useRef } from 'preact/hooks'
import { t } from '../words/words.js'
import { Button } from './button.jsx'

/**
 * A dialog: a sheet from below on a phone, a card in the middle on a wide screen. It is
 * there only while rendered; Escape, the back gesture, the cross and a tap beside it
 * call onClose. The focus goes back to where it was.
 * @param {{
 *   title: string, onClose: () => void, class?: string,
 *   children: import('preact').ComponentChildren, actions?: import('preact').ComponentChildren
 * }} props
 */
export function Sheet ({ title, onClose, children, actions, class: more }) {
  const dialog = useRef(/** @type {HTMLDialogElement | null} */ (null))
  useEffect(() => {
    const element = dialog.current
    element?.showModal()
    return () => element?.close()
  }, [])
  return (
    <dialog
      ref={dialog} class={more ? 'sheet ' + more : 'sheet'} aria-label={title}
      onCancel={(event) => { event.preventDefault(); onClose() }}
      onClick={(event) => { if (event.target === dialog.current) onClose() }}
    >
      <div class="sheet-inside">
        <header class="sheet-head">
          <h2>{title}</h2>
          <Button kind="quiet" icon="close" label={t('close')} onClick={onClose} />
        </header>
        <div class="sheet-body">{children}</div>
        {actions && <footer class="sheet-foot">{actions}</footer>}
      </div>
    </dialog>
  )
}

/**
 * Asks once before something that is hard to undo.
 * @param {{
 *   title: string, children: import('preact').ComponentChildren, yes: string, danger?: boolean,
 *   onYes: () => void, onClose: () => void
 * }} props
 */
export function Ask ({ title, children, yes, danger, onYes, onClose }) {
  const actions = <>
    <Button onClick={onClose}>{t('cancel')}</Button>
    <Button kind={danger ? 'danger' : 'primary'} onClick={() => { onClose(); onYes() }}>{yes}</Button>
  </>
  return <Sheet title={title} onClose={onClose} actions={actions}>{children}</Sheet>
}
