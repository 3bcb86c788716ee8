// German.

/** @type {Record<keyof typeof import('./en.js').en, import('./words.js').Phrase>} */
export const de = {
  appName: 'fieldstack',
  justNow: 'gerade eben',
  back: 'Zurück',
  close: 'Schließen',
  cancel: 'Abbrechen',
  dismiss: 'Verwerfen',
  copy: 'Kopieren',
  copied: 'Kopiert',
  undo: 'Rückgängig',
  loading: 'Lädt …',
  yes: 'Ja',
  no: 'Nein',
  tryAgain: 'Noch einmal versuchen',
  required: 'erforderlich'
}
