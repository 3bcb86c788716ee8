import { useEffect, useMemo, useRef, useState } from 'preact/hooks'
import { Button } from '../ui/button.jsx'
import { Notice } from '../ui/empty.jsx'
import { Ask } from '../ui/sheet.jsx'
import { toast } from '../ui/toast.jsx'
import { t } from '../words/words.js'
import { FormView, goTo, Summary } from '../form/form.jsx'
import { presets } from '../form/model.js'
import { same } from '../form/path.js'
import { formOfNew } from './begin.js'
import { keepDraft, readDraft } from './drafts.js'
import { othersOf } from './others.js'
import { titleOf } from './page.jsx'

/**
 * A record that is being made. What is typed is kept in the browser until it is saved.
 * @param {{
 *   db: any, type: import('../form/model.js').Type, begin?: {[key: string]: unknown}, make?: string,
 *   navigate: (path: string, options?: {replace?: boolean}) => void
 * }} props
 */
export function NewRecord ({ db, type, navigate, begin, make }) {
  const me = db.who?.name ?? ''
  const [generation, setGeneration] = useState(0)
  const place = { me, type: type.name, id: 'new' }
  const last = useRef(/** @type {{generation: number, form: import('../form/state.js').Form} | null} */ (null))
  const { form, found } = useMemo(() => {
    // A new version of the type goes on with what is typed.
    const going = last.current?.generation === generation ? last.current.form.source.value : undefined
    const kept = /** @type {{[key: string]: unknown} | undefined} */ (going ?? (generation ? undefined : begin ?? readDraft(place)))
    const made = formOfNew(db, type, (sections) => kept ?? presets(sections.flatMap((s) => s.controls)))
    last.current = { generation, form: made }
    return { form: made, found: !begin && !going && !!kept }
  }, [type, generation])
  const [saving, setSaving] = useState(false)
  const [fault, setFault] = useState('')
  const [asking, setAsking] = useState(false)
  const saved = useKeeping(form, place)
  const others = useMemo(() => othersOf(db, type.name), [db, type.name])

  const save = async () => {
    setFault('')
    if (!form.checkAll()) return goTo(form.errors()[0]?.path ?? [])
    setSaving(true)
    try {
      const made = await db.collection(type.name).insert(form.source.value, { id: generation ? undefined : make })
      saved.current = true
      keepDraft(place, undefined)
      toast(t('formSaved'), { tone: 'good' })
      navigate(`/${type.name}/${made.id}`, { replace: true })
    } catch (error) {
      setFault(/** @type {Error} */ (error).message)
      setSaving(false)
    }
  }
  const discard = () => {
    keepDraft(place, undefined)
    setGeneration(generation + 1)
  }
  return (
    <form
      noValidate onSubmit={(event) => { event.preventDefault(); save() }}
      onKeyDown={(event) => {
        // Enter in a field does not save a record that is not finished; Ctrl+S does.
        if (event.key === 'Enter' && event.target instanceof HTMLInputElement) event.preventDefault()
        if (event.key === 's' && (event.ctrlKey || event.metaKey)) { event.preventDefault(); save() }
      }}
    >
      <h1 class="record-title" tabIndex={-1}>{t('recordNew', { type: titleOf(type) })}</h1>
      {type.schema?.description && <p class="muted">{type.schema.description}</p>}
      {found && !generation && <Notice icon="edit" live><p>{t('recordDraftFound')}</p><Button onClick={() => setAsking(true)}>{t('recordStartAgain')}</Button></Notice>}
      <Summary form={form} title={t('recordCannotSave')} tone="bad" />
      {fault && <Notice tone="bad" icon="alert" live>{fault}</Notice>}
      <FormView key={generation} form={form} others={others} />
      <div class="save-bar"><Button kind="primary" type="submit" icon="save" busy={saving}>{t('recordSave')}</Button></div>
      {asking && <Ask title={t('recordStartAgain')} yes={t('recordThrowAway')} danger onYes={discard} onClose={() => setAsking(false)}><p>{t('recordThrowAwayMore')}</p></Ask>}
    </form>
  )
}

/**
 * Keeps what is typed in the browser, soon after each stroke and when the page goes.
 * @param {import('../form/state.js').Form} form
 * @param {import('./drafts.js').Place} place
 * @returns {{current: boolean}} to be set once the record is saved
 */
function useKeeping (form, place) {
  const saved = useRef(false)
  useEffect(() => {
    const start = presets(form.sections.flatMap((s) => s.controls))
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    let timer
    const keep = () => {
      clearTimeout(timer)
      timer = undefined
      if (!saved.current) keepDraft(place, same(form.source.value, start) ? undefined : form.source.value)
    }
    const off = form.subscribe(() => { timer ??= setTimeout(keep, 300) })
    addEventListener('pagehide', keep)
    return () => {
      off()
      removeEventListener('pagehide', keep)
      if (timer) keep()
    }
  }, [form])
  return saved
}
