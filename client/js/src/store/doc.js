// What a device keeps: documents, pending changes and where it is with its server, in
// IndexedDB; and over them, in memory, tables that are asked in an instant.
//
// # On disk
//
// One database, `fieldstack:<name>`. Its object stores:
//
//   state    one small thing per key: who this replica is, its cursor …
//   types    the latest version of each type, by name
//   pages    the confirmed documents, up to 128 in a page, key [type, id it begins at]
//   pending  the changes that no server has acknowledged, key n, index doc [type, doc]
//   refused  what the server did not take, key id
//   moves    what each of the last commits touched, key v: the store's version
//
// A page holds the ids from its key up to the key of the next page; the first page of a
// type has the key ''. It stays below 64 kB, where Chromium would move it out of the
// database into a file of its own. A page that grows beyond is cut.
//
// # Commits
//
// Each {@link Store.write} is one transaction over all of this, so several tabs may
// write: IndexedDB puts them in a row. Within it nothing may be awaited but the methods
// of its Tx: IndexedDB commits a transaction that is left alone. A commit is on disk as a
// whole or not at all.
//
// Each commit has a version, counted in `moves` without gaps, and says there which
// documents it touched. Whoever sees that the version went on, because it committed, heard
// another tab say so or woke up, reads the moves since the last version it knows and
// reloads just these documents; if they are no longer told, it reloads all. So a tab that
// sleeps, or dies between its commit and saying so, leaves nobody behind.
//
// # In memory
//
// A {@link Table} holds what a person sees of each document of one type: a {@link Row},
// which is the confirmed document or, where changes are pending, what `store.viewer`
// makes of both. It is loaded when first asked for. Rows do not change: an edit gives a
// document another Row. Indexes are sorted arrays of rows; see sorted.js, narrow.js and query.js.
//
// # Ways it can fail
//
// Storage full: the write is refused as a whole with a StoreError of code `full`; memory
// and disk stay as they were. Storage taken away by the browser: the next write fails with
// `lost`, and the next opening finds a mark outside the database (lost.js) which says that
// there was a store: `store.lost`.

export {}
