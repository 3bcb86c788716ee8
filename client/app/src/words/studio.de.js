// German.

/** @type {Record<keyof typeof import('./studio.en.js').studioEn, import('./words.js').Phrase>} */
export const studioDe = {
  // Das Formular eines Datensatzes
  changes: { zero: 'Keine Änderungen', one: '{n} Feld geändert, noch nicht gespeichert', other: '{n} Felder geändert, noch nicht gespeichert' },
  discard: 'Verwerfen',
  discardAsk: 'Ihre Änderungen verwerfen?',
  discardMore: 'Was Sie hier eingegeben und nicht gespeichert haben, geht verloren.',
  discarded: 'Ihre Änderungen sind verworfen',
  saved: 'Gespeichert',
  notSaved: 'Nicht gespeichert',
  keptFor: 'Was Sie geändert haben, bleibt in diesem Browser, bis es gespeichert ist.',
  found: { one: 'Was Sie früher in {n} Feld geändert haben, war nicht gespeichert. Hier ist es wieder.', other: 'Was Sie früher in {n} Feldern geändert haben, war nicht gespeichert. Hier ist es wieder.' },
  mendFirst: 'Einige Felder können so nicht gespeichert werden.',
  chooseFirst: 'Jemand anderes hat geändert, was Sie geändert haben. Wählen Sie, was bleiben soll, und speichern Sie dann.',

  // Die Vorschau
  previewOf: 'Vorschau von {title}',
  tryIt: 'Speichern versuchen',
  wouldSave: 'Dieser Datensatz könnte gespeichert werden.',
  cannotSave: 'Das verhindert das Speichern',
  startAgain: 'Neu beginnen',
  faulty: { one: 'Der Entwurf hat einen Fehler. Das Formular ist so zu sehen, wie es davor war.', other: 'Der Entwurf hat {n} Fehler. Das Formular ist so zu sehen, wie es davor war.' },
  noFields: 'Noch keine Felder',
  noFieldsMore: 'Fügen Sie ein Feld hinzu, und es erscheint hier wie auf einem Telefon.'
}
