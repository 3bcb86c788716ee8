import { language, languages, setLanguage, t } from '../words/words.js'

/** The language, by its own name, as two buttons of which one is pressed. */
export function LanguageChoice () {
  return (
    <div class="toggles" role="group" aria-label={t('language')}>
      {languages.map(({ code, name }) => (
        <button type="button" key={code} class="toggle" lang={code} aria-pressed={language() === code} onClick={() => setLanguage(code)}>{name}</button>
      ))}
    </div>
  )
}
